package io.bactrian.tool.workflow;

import org.apache.camel.builder.RouteBuilder;

/** The Java example of the README. */
final class ReadmeRoute extends RouteBuilder {
    @Override
    public void configure() {
        from("tool-workflow:order_status?description=Says where an order is"
                        + "&parameter.order_id=string,required:The order number")
                .routeId("order-status")
                .setBody(simple("order ${variable.order_id} has been shipped"));

        from("direct:ask").to("tool-workflow:order_status").convertBodyTo(String.class);
    }
}
