package io.bactrian.bench.camel;

import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.openai.OpenAiChatModel;
import io.bactrian.bench.Answer;
import io.bactrian.bench.Canned;
import io.bactrian.bench.Subject;
import java.io.IOException;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;

/** camel-langchain4j-chat in a route. It hands on the text alone: usage cannot be checked. */
public final class CamelLangChain4j implements Subject {

    private final DefaultCamelContext context = new DefaultCamelContext();
    private final ProducerTemplate template = context.createProducerTemplate();
    private Endpoint ask = context.getEndpoint("direct:ask");

    @Override
    public void open(Setup setup) throws Exception {
        ChatModel model = OpenAiChatModel.builder()
                .baseUrl(setup.baseUrl())
                .apiKey(Canned.KEY)
                .modelName(Canned.MODEL)
                .build();
        context.getRegistry().bind("model", model);
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:ask").to("langchain4j-chat:bench?chatModel=#model&chatOperation=CHAT_SINGLE_MESSAGE");
            }
        });
        context.start();
        ask = context.getEndpoint("direct:ask");
    }

    @Override
    public void ask(Answer answer) throws Exception {
        Exchange exchange = template.request(ask, asked -> asked.getMessage().setBody(Canned.QUESTION));
        if (exchange.getException() != null) {
            throw exchange.getException();
        }
        answer.textOnly(exchange.getMessage().getBody(String.class));
    }

    @Override
    public void close() throws IOException {
        context.close();
    }
}
