package example;

import io.bactrian.core.error.InvokeException;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;

/** The routes in Java. */
final class JavaExample extends RouteBuilder {

    @Override
    public void configure() {
        onException(InvokeException.class).handled(true).process(exchange -> {
            InvokeException refusal = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, InvokeException.class);
            exchange.getMessage().setBody(refusal.code().text());
        });

        from("direct:java").to("model:openai-compatible/peer-model?temperature=0").convertBodyTo(String.class);

        from("direct:java-stream").to("model:openai-compatible/peer-model?stream=true");

        from("direct:java-embedding").to("model:openai-compatible/peer-embedding?type=text-embedding");

        from("direct:java-refused").to("model:openai-compatible/peer-model");
    }
}
