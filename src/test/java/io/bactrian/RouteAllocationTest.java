package io.bactrian;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.bactrian.testkit.FaultServer;
import io.bactrian.testkit.Reply;
import java.lang.management.ManagementFactory;
import java.util.Properties;
import org.apache.camel.Endpoint;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;

/**
 * The garbage that a whole governed call leaves in its thread, from the route to the socket and back. A bare HttpClient 5
 * with a Jackson tree leaves some 21 KB for the same; what the bound catches is a tree, a parser or a copy too many.
 */
class RouteAllocationTest {

    private static final int CALLS = 1_000;
    private static final String ANSWER = "{\"id\":\"1\",\"model\":\"m\",\"choices\":[{\"message\":{\"content\":\""
            + "word ".repeat(200) + "\"},\"finish_reason\":\"stop\"}],"
            + "\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":200,\"total_tokens\":209}}";

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @Test
    void makesLittleGarbagePerGovernedCall() throws Exception {
        try (FaultServer provider = FaultServer.start();
                DefaultCamelContext context = new DefaultCamelContext()) {
            provider.otherwise(Reply.json(200, ANSWER).keepAlive());
            Properties settings = new Properties();
            settings.setProperty("bactrian.egress.allow", "127.0.0.1:" + provider.port());
            settings.setProperty("bactrian.credentials.main.provider", "openai-compatible");
            settings.setProperty("bactrian.credentials.main.base_url", provider.url("/v1"));
            settings.setProperty("bactrian.credentials.main.api_key", "sk-allocation");
            context.getPropertiesComponent().setInitialProperties(settings);
            context.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from("direct:ask").to("model:openai-compatible/m");
                }
            });
            context.start();
            ProducerTemplate template = context.createProducerTemplate();
            Endpoint ask = context.getEndpoint("direct:ask");
            calls(template, ask);

            long before = threads.getCurrentThreadAllocatedBytes();
            calls(template, ask);
            long perCall = (threads.getCurrentThreadAllocatedBytes() - before) / CALLS;

            assertThat(perCall).as("bytes allocated per call").isLessThan(18_000);
        }
    }

    private static void calls(ProducerTemplate template, Endpoint ask) {
        for (int i = 0; i < CALLS; i++) {
            Object body = template.requestBody(ask, "how many words?");
            if (body == null) {
                throw new AssertionError("no answer");
            }
        }
    }
}
