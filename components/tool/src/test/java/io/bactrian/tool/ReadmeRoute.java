package io.bactrian.tool;

import io.bactrian.core.error.InvokeException;
import org.apache.camel.builder.RouteBuilder;

/** The Java example of the README. */
final class ReadmeRoute extends RouteBuilder {
    @Override
    public void configure() {
        onException(InvokeException.class).handled(true).setBody(simple("Sorry: ${exception.message}"));

        from("direct:forecast")
                .to("tool:weather/forecast?credential=main&timeout=10s")
                .log("${header.CamelToolName} took ${header.CamelToolTimeCost} ms")
                .convertBodyTo(String.class);
    }
}
