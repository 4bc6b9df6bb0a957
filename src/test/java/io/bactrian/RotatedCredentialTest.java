package io.bactrian;

import static org.assertj.core.api.Assertions.assertThat;

import io.bactrian.core.access.Actor;
import io.bactrian.core.config.CredentialScope;
import io.bactrian.core.credential.CredentialId;
import io.bactrian.core.credential.CredentialName;
import io.bactrian.core.credential.CredentialValue;
import io.bactrian.core.credential.Credentials;
import io.bactrian.core.credential.Secret;
import io.bactrian.core.model.ModelStream;
import io.bactrian.core.provider.ProviderId;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.engine.Installation;
import io.bactrian.support.BactrianConstants;
import io.bactrian.support.BactrianEngine;
import io.bactrian.testkit.FaultServer;
import io.bactrian.testkit.Reply;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A credential that is rotated while its provider does not know the new key yet, seen from a route. */
class RotatedCredentialTest {

    private static final CredentialScope SCOPE = new CredentialScope.OfProvider(new ProviderId("openai-compatible"));
    private static final Actor OPERATOR = new Actor.Operator();

    private final DefaultCamelContext context = new DefaultCamelContext();
    private FaultServer provider;

    @BeforeEach
    void start() throws Exception {
        provider = FaultServer.start();
        provider.handle(request -> {
            if (!request.header("Authorization").orElse("").equals("Bearer old-key-0000000000")) {
                return Reply.json(401, "{\"error\":{\"message\":\"who is this?\"}}");
            }
            return request.bodyText().contains("\"stream\":true")
                    ? Reply.sse(
                            "{\"id\":\"1\",\"model\":\"m\",\"choices\":[{\"delta\":{\"content\":\"served\"}}]}",
                            "{\"id\":\"1\",\"model\":\"m\",\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}",
                            "[DONE]")
                    : Reply.json(
                            200,
                            "{\"id\":\"1\",\"model\":\"m\",\"choices\":[{\"message\":{\"content\":\"served\"},\"finish_reason\":\"stop\"}]}");
        });
        Properties settings = new Properties();
        settings.setProperty("bactrian.store.url", "jdbc:h2:mem:rotated");
        settings.setProperty("bactrian.egress.allow", "127.0.0.1:" + provider.port());
        context.getPropertiesComponent().setInitialProperties(settings);
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:ask").to("model:openai-compatible/m");
                from("direct:stream").to("model:openai-compatible/m?stream=true");
            }
        });
        context.start();
        var credentials = ((Installation) BactrianEngine.of(context)).credentialManager();
        CredentialId id = credentials.add(
                OPERATOR, TenantId.DEFAULT, SCOPE, new CredentialName("main"), values("old-key-0000000000"));
        credentials.rotate(OPERATOR, TenantId.DEFAULT, SCOPE, id, values("new-key-0000000000"), Duration.ofMinutes(5));
    }

    private Credentials values(String key) {
        return Credentials.of(Map.of(
                "base_url",
                new CredentialValue.Text(provider.url("/v1")),
                "api_key",
                new CredentialValue.Hidden(Secret.of(key))));
    }

    @AfterEach
    void stop() {
        context.stop();
        provider.close();
    }

    private Exchange ask(String endpoint) {
        Exchange exchange = context.createProducerTemplate()
                .request(endpoint, asked -> asked.getMessage().setBody("hi"));
        assertThat(exchange.getException()).isNull();
        return exchange;
    }

    private List<String> keysUsed() {
        return provider.requests().stream()
                .map(request -> request.header("Authorization").orElse(""))
                .toList();
    }

    @Test
    void answersWithTheValuesThatTheProviderStillKnows() {
        Exchange answered = ask("direct:ask");

        assertThat(answered.getMessage().getBody(String.class)).isEqualTo("served");
        assertThat(answered.getMessage().getHeader(BactrianConstants.MODEL_ATTEMPTS))
                .isEqualTo(2);
        assertThat(keysUsed()).containsExactly("Bearer new-key-0000000000", "Bearer old-key-0000000000");
    }

    @Test
    void streamsWithTheValuesThatTheProviderStillKnows() {
        Exchange answered = ask("direct:stream");

        try (ModelStream stream = answered.getMessage().getBody(ModelStream.class)) {
            assertThat(stream.collect().text()).isEqualTo("served");
        }
        assertThat(keysUsed()).containsExactly("Bearer new-key-0000000000", "Bearer old-key-0000000000");
    }
}
