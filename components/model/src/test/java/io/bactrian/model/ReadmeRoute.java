package io.bactrian.model;

import io.bactrian.core.error.RateLimitedException;
import org.apache.camel.builder.RouteBuilder;

/** The Java example of the README. */
final class ReadmeRoute extends RouteBuilder {
    @Override
    public void configure() {
        onException(RateLimitedException.class).handled(true).setBody(constant("Ask again later."));

        from("direct:summarize")
                .to("model:openai/gpt-4o-mini?temperature=0.2&systemMessage=Summarize in one sentence.")
                .log("${header.CamelModelUsageTotalTokens} tokens")
                .convertBodyTo(String.class);
    }
}
