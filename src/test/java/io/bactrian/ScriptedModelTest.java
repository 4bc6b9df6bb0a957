package io.bactrian;

import static org.assertj.core.api.Assertions.assertThat;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.InvokeException;
import io.bactrian.core.error.RateLimitedException;
import io.bactrian.core.model.LlmResult;
import io.bactrian.core.model.ModelStream;
import io.bactrian.core.model.TextEmbeddingResult;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.testkit.ScriptedModel;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.camel.CamelExecutionException;
import org.apache.camel.Exchange;
import org.apache.camel.builder.AdviceWith;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The recipes for testing routes, on the real engine: what the testkit's README shows is what runs here. */
class ScriptedModelTest {

    private final DefaultCamelContext context = new DefaultCamelContext();
    private final ScriptedModel script = ScriptedModel.insteadOf("openai");

    @BeforeEach
    void bind() {
        Properties tenants = new Properties();
        for (String tenant : new String[] {"acme", "beta"}) {
            // credentials make tenants known where there is no store; the scripted provider asks for none itself
            tenants.put("bactrian.credentials." + tenant + ".provider", "openai-compatible");
            tenants.put("bactrian.credentials." + tenant + ".base_url", "https://models.example/v1");
            tenants.put("bactrian.credentials." + tenant + ".tenant", tenant);
        }
        context.getPropertiesComponent().setInitialProperties(tenants);
        context.getRegistry().bind("script", script);
    }

    @AfterEach
    void stop() {
        context.stop();
    }

    private void start(RouteBuilder routes) throws Exception {
        context.addRoutes(routes);
        context.start();
    }

    private static RouteBuilder asking() {
        return new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:ask")
                        .routeId("ask")
                        .setBody(simple("Summarize: ${body}"))
                        .to("model:openai/gpt-4o-mini?temperature=0.2")
                        .to("mock:answer");
            }
        };
    }

    @Test
    void answersARouteThatIsNotChangedAndRemembersWhatWasAsked() throws Exception {
        script.when(text -> text.startsWith("Summarize"), "a summary");
        start(asking());

        LlmResult answer = context.createProducerTemplate().requestBody("direct:ask", "camels", LlmResult.class);

        assertThat(answer.text()).isEqualTo("a summary");
        assertThat(script.asked()).hasSize(1);
        assertThat(script.lastAsked().text()).isEqualTo("Summarize: camels");
        assertThat(script.lastAsked().target().model()).isEqualTo("gpt-4o-mini");
        assertThat(script.lastAsked().caller().tenant()).isEqualTo(TenantId.DEFAULT);
    }

    @Test
    void streamsInThePiecesThatTheScriptGives() throws Exception {
        script.reply("two ", "humps");
        start(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:ask").to("model:openai/gpt-4o-mini?stream=true");
            }
        });

        try (ModelStream stream = context.createProducerTemplate().requestBody("direct:ask", "hi", ModelStream.class)) {
            assertThat(stream.next().text()).isEqualTo("two ");
            assertThat(stream.next().text()).isEqualTo("humps");
            assertThat(stream.collect().usage()).isNotNull();
        }
    }

    @Test
    void embedsTextsThatShareLettersNearToEachOther() throws Exception {
        start(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:embed").to("model:openai/any?type=text-embedding");
            }
        });

        TextEmbeddingResult vectors = context.createProducerTemplate()
                .requestBody("direct:embed", List.of("camel", "camels", "xyz"), TextEmbeddingResult.class);

        float[] camel = vectors.embeddings().get(0);
        assertThat(dot(camel, vectors.embeddings().get(1)))
                .isGreaterThan(dot(camel, vectors.embeddings().get(2)));
    }

    private static double dot(float[] one, float[] two) {
        double sum = 0;
        for (int i = 0; i < one.length; i++) {
            sum += one[i] * two[i];
        }
        return sum;
    }

    @Test
    void failsAsToldAndSaysWhenTheScriptHasNoAnswer() throws Exception {
        script.fail(new RateLimitedException(ErrorCode.RATE_LIMITED, "come back later"));
        start(asking());

        assertThat(codeOf("one")).isEqualTo(ErrorCode.RATE_LIMITED);
        assertThat(codeOf("two")).isEqualTo(ErrorCode.BAD_REQUEST);
        assertThat(script.asked())
                .as("once for a call, however often it is made again")
                .hasSize(2);
    }

    private ErrorCode codeOf(String question) {
        try {
            context.createProducerTemplate().requestBody("direct:ask", question);
            throw new AssertionError("was answered");
        } catch (CamelExecutionException e) {
            return ((InvokeException) e.getCause()).code();
        }
    }

    @Test
    void adviceWithReplacesTheModelInARoute() throws Exception {
        context.addRoutes(asking());
        AdviceWith.adviceWith(context, "ask", route -> {
            route.weaveByToUri("model:*").replace().setBody().constant("advised");
            route.weaveAddLast().to("mock:last");
        });
        context.start();
        MockEndpoint last = context.getEndpoint("mock:last", MockEndpoint.class);
        last.expectedBodiesReceived("advised");

        context.createProducerTemplate().sendBody("direct:ask", "camels");

        last.assertIsSatisfied();
        assertThat(script.asked()).isEmpty();
    }

    @Test
    void theTenantStaysWithTheExchangeThroughSeda() throws Exception {
        script.when(text -> true, "ok");
        start(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:ask").to("seda:work?waitForTaskToComplete=Always");
                from("seda:work").to("model:openai/gpt-4o-mini");
            }
        });

        for (String tenant : new String[] {"acme", "beta"}) {
            context.createProducerTemplate().send("direct:ask", exchange -> {
                exchange.setProperty("BactrianTenant", tenant);
                exchange.getMessage().setBody("hi");
            });
            assertThat(script.lastAsked().caller().tenant()).isEqualTo(new TenantId(tenant));
        }
    }

    @Test
    void theTenantCrossesAWireInAHeaderThatOnlyTheRoutesWrite() throws Exception {
        script.when(text -> true, "ok");
        start(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:out")
                        .removeHeader("AcmeTenant")
                        .setHeader("AcmeTenant", exchangeProperty("BactrianTenant"))
                        .process(ScriptedModelTest::overTheWire)
                        .to("direct:in");
                from("direct:in")
                        .setProperty("BactrianTenant", header("AcmeTenant"))
                        .removeHeader("AcmeTenant")
                        .to("model:openai/gpt-4o-mini");
            }
        });

        Exchange sent = context.createProducerTemplate().send("direct:out", exchange -> {
            exchange.setProperty("BactrianTenant", "acme");
            // what a stranger wrote into the header is gone before the route writes it
            exchange.getMessage().setHeader("AcmeTenant", "beta");
            exchange.getMessage().setBody("hi");
        });

        assertThat(sent.getException()).isNull();
        assertThat(script.lastAsked().caller().tenant()).isEqualTo(new TenantId("acme"));
        assertThat(sent.getMessage().getHeader("AcmeTenant")).isNull();
    }

    /** What a broker does: body and headers as bytes, and nothing of the exchange. */
    private static void overTheWire(Exchange exchange) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(exchange.getMessage().getBody(String.class));
            out.writeObject(new HashMap<>(exchange.getMessage().getHeaders()));
        }
        exchange.getProperties().keySet().forEach(exchange::removeProperty);
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            exchange.getMessage().setBody(in.readObject());
            Map<?, ?> headers = (Map<?, ?>) in.readObject();
            exchange.getMessage().removeHeaders("*");
            headers.forEach((name, value) -> exchange.getMessage().setHeader((String) name, value));
        }
    }

    @Test
    void anUnknownTenantIsRefusedInFrontOfTheScript() throws Exception {
        start(asking());

        Exchange sent = context.createProducerTemplate().send("direct:ask", exchange -> {
            exchange.setProperty("BactrianTenant", "nobody");
            exchange.getMessage().setBody("hi");
        });

        assertThat(sent.getException(InvokeException.class).code()).isEqualTo(ErrorCode.TENANT_NOT_FOUND);
        assertThat(script.asked()).isEmpty();
    }
}
