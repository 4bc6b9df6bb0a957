package io.bactrian.tool;

import static org.assertj.core.api.Assertions.assertThat;

import io.bactrian.core.config.TenantRecord;
import io.bactrian.core.credential.Secret;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.support.BactrianConstants;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ToolConcurrencyTest extends ToolTestBase {

    private static final int TENANTS = 10;
    private static final int CALLS = 1_000;

    private final ExecutorService threads = Executors.newFixedThreadPool(16);

    @AfterEach
    void stopThreads() {
        threads.shutdownNow();
    }

    @ParameterizedTest
    @DisplayName("many tenants on one endpoint at once: each uses its own key and gets its own answer")
    @ValueSource(strings = {"direct:fixed", "direct:dynamic", "direct:stream"})
    void tenantsDoNotMix(String route) throws Exception {
        for (int i = 0; i < TENANTS; i++) {
            TenantId tenant = new TenantId("tenant-" + i);
            engine.store.putTenant(new TenantRecord(tenant, tenant.value(), true));
            engine.credential(tenant, "main", "sk-tenant-" + i);
        }
        start(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:fixed").to(FORECAST);
                from("direct:dynamic").toD("tool:weather/${header.which}");
                from("direct:stream").to(FORECAST + "?stream=true");
            }
        });

        List<CompletableFuture<Void>> calls = new ArrayList<>();
        Map<Integer, Exchange> answers = new ConcurrentHashMap<>();
        for (int i = 0; i < CALLS; i++) {
            int call = i;
            calls.add(CompletableFuture.runAsync(() -> answers.put(call, call(route, call)), threads));
        }
        CompletableFuture.allOf(calls.toArray(new CompletableFuture<?>[0])).get(60, TimeUnit.SECONDS);

        assertThat(answers).hasSize(CALLS);
        answers.forEach((call, exchange) -> {
            assertThat(exchange.getException()).isNull();
            assertThat(exchange.getMessage().getBody(String.class))
                    .isEqualTo("rain in call " + call + " of tenant-" + call % TENANTS);
        });
        assertThat(tools.calls).hasSize(CALLS).allSatisfy(call -> assertThat(
                        call.arguments().text("city"))
                .endsWith(" of " + key(call).substring("sk-".length())));
        assertThat(openStreams()).isZero();
    }

    private static String key(ScriptedTools.Call call) {
        return call.runtime()
                .credentials()
                .secret("api_key")
                .map(Secret::reveal)
                .orElseThrow();
    }

    private Exchange call(String route, int call) {
        return template.request(route, asked -> {
            asked.getMessage().setBody("call " + call + " of tenant-" + call % TENANTS);
            asked.getMessage().setHeader("which", "forecast");
            asked.setProperty(BactrianConstants.TENANT, "tenant-" + call % TENANTS);
        });
    }
}
