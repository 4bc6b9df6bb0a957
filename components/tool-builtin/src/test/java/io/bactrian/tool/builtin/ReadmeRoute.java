package io.bactrian.tool.builtin;

import io.bactrian.core.error.BadRequestException;
import org.apache.camel.builder.RouteBuilder;

/** The Java example of the README. */
final class ReadmeRoute extends RouteBuilder {
    @Override
    public void configure() {
        onException(BadRequestException.class).handled(true).setBody(simple("Try again: ${exception.message}"));

        from("direct:trip")
                .to("tool-builtin:units/convert?form.to=km")
                .log("${header.CamelToolTimeCost} ms")
                .convertBodyTo(String.class);
    }
}
