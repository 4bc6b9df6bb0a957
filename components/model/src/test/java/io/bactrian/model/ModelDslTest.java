package io.bactrian.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.bactrian.core.model.LlmResult;
import io.bactrian.core.model.ModelStream;
import io.bactrian.core.model.TextEmbeddingResult;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.apache.camel.FluentProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.spi.Resource;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.junit.jupiter.api.Test;

/** The ways in which a route or a program calls an endpoint. */
class ModelDslTest extends ModelTestBase {

    @Test
    void yaml() throws Exception {
        load("""
                - route:
                    id: ask
                    from:
                      uri: direct:ask
                      steps:
                        - to:
                            uri: model:openai/gpt-4o-mini
                            parameters:
                              temperature: 0.2
                              systemMessage: Answer in one word.
                        - convertBodyTo:
                            type: String
                """);

        assertThat(template.requestBody("direct:ask", "hello")).isEqualTo("you said: hello");
        assertThat(dialect.lastRequest().parameters().find("temperature")).isPresent();
    }

    @Test
    void yamlThatNamesProviderAndModelAsParameters() throws Exception {
        load("""
                - route:
                    from:
                      uri: direct:ask
                      steps:
                        - to:
                            uri: model
                            parameters:
                              provider: openai
                              modelName: llama3.1:8b
                              type: llm
                """);

        template.requestBody("direct:ask", "hello");

        assertThat(dialect.lastCall().wireModel()).isEqualTo("llama3.1:8b");
    }

    @Test
    void yamlWithADynamicName() throws Exception {
        load("""
                - route:
                    from:
                      uri: direct:ask
                      steps:
                        - toD:
                            uri: model:openai/${header.which}
                            parameters:
                              stream: true
                        - convertBodyTo:
                            type: String
                """);

        assertThat(template.requestBodyAndHeader("direct:ask", "hello", "which", "gpt-4o-mini"))
                .isEqualTo("you said: hello");
    }

    @Test
    void enrichAndRecipientListAndRoutingSlip() throws Exception {
        start(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:enrich").enrich(CHAT);
                from("direct:list").recipientList(constant(CHAT));
                from("direct:slip").routingSlip(constant(CHAT));
                from("direct:dynamic").dynamicRouter(method(ModelDslTest.class, "once"));
                from("direct:variable")
                        .setVariable("q", body())
                        .toV(CHAT, "q", "answer")
                        .setBody(simple("${variable.answer.text}"));
            }
        });

        for (String way : new String[] {"enrich", "list", "slip", "dynamic"}) {
            assertThat(template.requestBody("direct:" + way, way, LlmResult.class)
                            .text())
                    .isEqualTo("you said: " + way);
        }
        assertThat(template.requestBody("direct:variable", "variable", String.class))
                .isEqualTo("you said: variable");
    }

    public static String once(@org.apache.camel.ExchangeProperty(Exchange.SLIP_ENDPOINT) String previous) {
        return previous == null ? CHAT : null;
    }

    @Test
    void producerTemplatesWaitingAndNot() throws Exception {
        start();
        FluentProducerTemplate fluent = context.createFluentProducerTemplate();

        assertThat(template.requestBody(CHAT, "one", String.class)).isEqualTo("you said: one");
        assertThat(template.asyncRequestBody(CHAT, "two", String.class).get(30, TimeUnit.SECONDS))
                .isEqualTo("you said: two");
        assertThat(fluent.to(CHAT).withBody("three").request(String.class)).isEqualTo("you said: three");
        assertThat(template.asyncRequestBody(STREAM, "four", ModelStream.class)
                        .get(30, TimeUnit.SECONDS)
                        .collect()
                        .text())
                .isEqualTo("you said: four");
    }

    @Test
    void theChatKamelet() throws Exception {
        start(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:ask").to("kamelet:model-chat-action?provider=openai&model=llama3.1:8b&temperature=0.3");
                from("direct:default").to("kamelet:model-chat-action");
            }
        });

        assertThat(template.requestBody("direct:ask", "hello", String.class)).isEqualTo("you said: hello");
        assertThat(dialect.lastCall().wireModel()).isEqualTo("llama3.1:8b");
        assertThat(dialect.lastRequest().parameters().find("temperature")).isPresent();
        assertThat(template.requestBody("direct:default", "hello", String.class))
                .isEqualTo("you said: hello");
        assertThat(dialect.lastCall().wireModel()).isEqualTo("gpt-4o-mini");
    }

    @Test
    void theChatKameletStreams() throws Exception {
        start(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:ask").to("kamelet:model-chat-action?provider=openai&model=gpt-4o-mini&stream=true");
            }
        });

        ModelStream stream = template.requestBody("direct:ask", "hello", ModelStream.class);

        assertThat(stream.collect().text()).isEqualTo("you said: hello");
    }

    @Test
    void theEmbeddingKamelet() throws Exception {
        start(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:embed").to("kamelet:model-embedding-action?provider=openai&model=text-embedding-3-small");
            }
        });

        assertThat(template.requestBody("direct:embed", "four", TextEmbeddingResult.class)
                        .embeddings()
                        .get(0))
                .containsExactly(4f, 0.5f);
    }

    private void load(String yaml) throws Exception {
        start();
        Resource resource = ResourceHelper.fromString("route.yaml", yaml);
        PluginHelper.getRoutesLoader(context).loadRoutes(resource);
    }
}
