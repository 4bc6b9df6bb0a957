package io.bactrian;

import static org.assertj.core.api.Assertions.assertThat;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.RateLimitedException;
import io.bactrian.engine.QuotaAlertEvent;
import io.bactrian.testkit.FaultServer;
import io.bactrian.testkit.Reply;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spi.CamelEvent;
import org.apache.camel.support.EventNotifierSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** A budget in a Camel context: kept to the call, and told of before it is used up. */
class QuotaAlertsTest {

    private static final String ANSWER =
            "{\"id\":\"1\",\"model\":\"m\",\"choices\":[{\"index\":0,\"finish_reason\":\"stop\","
                    + "\"message\":{\"role\":\"assistant\",\"content\":\"two\"}}],"
                    + "\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":7,\"total_tokens\":12}}";

    @Test
    void tellsCamelsNotifiersBeforeItRefuses() throws Exception {
        List<QuotaAlertEvent> told = new CopyOnWriteArrayList<>();
        try (FaultServer provider = FaultServer.start();
                DefaultCamelContext context = new DefaultCamelContext()) {
            provider.otherwise(Reply.json(200, ANSWER).keepAlive());
            Properties properties = new Properties();
            properties.put("bactrian.egress.allow", "127.0.0.1:" + provider.port());
            properties.put("bactrian.credentials.main.provider", "openai");
            properties.put("bactrian.credentials.main.api_key", "sk-main");
            properties.put("bactrian.credentials.main.base_url", provider.url("/v1"));
            properties.put("bactrian.budgets.calls.unit", "times");
            properties.put("bactrian.budgets.calls.limit", "10");
            properties.put("bactrian.budgets.calls.period", "month");
            context.getPropertiesComponent().setInitialProperties(properties);
            context.getManagementStrategy().addEventNotifier(new EventNotifierSupport() {
                @Override
                public void notify(CamelEvent event) {
                    if (event instanceof QuotaAlertEvent alert) {
                        told.add(alert);
                    }
                }
            });
            context.start();
            ProducerTemplate template = context.createProducerTemplate();

            for (int i = 0; i < 10; i++) {
                assertThat(template.requestBody("model:openai/gpt-4o-mini", "How many humps?", String.class))
                        .isEqualTo("two");
            }
            Exchange refused = template.request("model:openai/gpt-4o-mini", exchange -> exchange.getMessage()
                    .setBody("And now?"));

            RateLimitedException failure = refused.getException(RateLimitedException.class);
            assertThat(failure.code()).isEqualTo(ErrorCode.PROVIDER_QUOTA_EXCEEDED);
            assertThat(failure.retryAfter()).isPresent();
            assertThat(provider.requests()).hasSize(10);
            Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> told.size() == 2);
            assertThat(told).extracting(QuotaAlertEvent::getPercent).containsExactly(80, 100);
            assertThat(told.get(0).getLimit().limit()).isEqualTo(10);
            assertThat(told.get(0).getContext()).isSameAs(context);
            assertThat(told.get(0)).hasToString("80 % of " + told.get(0).getLimit() + " are used");
        }
    }
}
