package io.bactrian.agent;

import io.bactrian.core.error.InvokeException;
import org.apache.camel.builder.RouteBuilder;

/** The Java example of the README. */
final class ReadmeRoute extends RouteBuilder {
    @Override
    public void configure() {
        onException(InvokeException.class).handled(true).setBody(constant("Please try again later."));

        from("direct:helpdesk")
                .setProperty(AgentConstants.CONVERSATION, exchangeProperty("ticket"))
                .to("agent:helpdesk?model=openai/gpt-4o-mini&tools=shop/*&ask=shop/refund&tokenBudget=50000")
                .choice()
                .when(header(AgentConstants.STATUS).isEqualTo("pending"))
                .to("direct:tell-a-person")
                .end()
                .convertBodyTo(String.class);
    }
}
