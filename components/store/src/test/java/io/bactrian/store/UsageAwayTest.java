package io.bactrian.store;

import static io.bactrian.testkit.contract.StoreFixture.ACME;
import static io.bactrian.testkit.contract.StoreFixture.OPENAI;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bactrian.core.config.TenantRecord;
import io.bactrian.core.invoke.CallObserver;
import io.bactrian.core.invoke.Invocation;
import io.bactrian.core.invoke.InvocationTarget;
import io.bactrian.core.model.LlmRequest;
import io.bactrian.core.provider.ModelType;
import io.bactrian.core.tenant.Caller;
import io.bactrian.core.tenant.CallerClaim;
import io.bactrian.core.tenant.Deadline;
import io.bactrian.core.tenant.InvokeSource;
import io.bactrian.core.tenant.RequestId;
import io.bactrian.core.usage.UsageLimits;
import io.bactrian.core.usage.UsageRecorder;
import io.bactrian.testkit.CanaryScanner;
import io.bactrian.testkit.LogCapture;
import java.time.Clock;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Calls go on while the database of their usage is cut off. */
class UsageAwayTest {

    private static final Duration SOON = Duration.ofSeconds(60);
    private static final UsageLimits SMALL = new UsageLimits(
            400, 100, Duration.ofMillis(20), Duration.ofMillis(20), Duration.ofMillis(200), Duration.ofSeconds(20));

    private static void calls(UsageRecorder recorder, int from, int to) {
        Deadline deadline = Deadline.in(Duration.ofMinutes(1));
        for (int i = from; i < to; i++) {
            RequestId id = new RequestId("r-" + i);
            Invocation call = Invocation.of(
                            CallerClaim.ofTenant(ACME, InvokeSource.ROUTE, id, deadline),
                            InvocationTarget.Model.of(OPENAI, "gpt-4o", ModelType.LLM),
                            LlmRequest.ofText("hi"))
                    .withCaller(new Caller(ACME, null, null, null, InvokeSource.ROUTE, 0, id, deadline));
            recorder.started(call).succeeded(call, CallObserver.Answer.NONE);
        }
    }

    @Test
    @DisplayName("DB-01, DB-02: each call has one row when the database is back, and what was lost is told")
    void keepsEachCallOnceThoughTheDatabaseWasCutOff() throws Exception {
        PostgresServer server = PostgresServer.shared();
        String database = server.database();
        CanaryScanner scanner = new CanaryScanner();
        try (TcpProxy proxy = new TcpProxy(server.port());
                LogCapture log = scanner.captureLogs();
                BactrianStore store = BactrianStore.open(
                        StoreSettings.postgres(
                                PostgresServer.url("localhost", proxy.port(), database),
                                PostgresServer.login(),
                                PostgresServer.key()),
                        Clock.systemUTC())) {
            store.putTenant(new TenantRecord(ACME, "Acme", true));
            try (UsageRecorder recorder =
                    UsageRecorder.open(store.usage(), SMALL, Clock.systemUTC(), System::nanoTime, UUID.randomUUID())) {
                calls(recorder, 0, 250);
                proxy.refuse(true);
                proxy.cut();
                calls(recorder, 250, 350);
                await().atMost(SOON).until(() -> !recorder.health().storing());
                int room = SMALL.capacity() - recorder.health().waiting();
                calls(recorder, 350, 350 + room + 7);
                assertThat(recorder.health().lost()).isEqualTo(7);
                assertThat(recorder.health().oldest()).isPresent();
                await().atMost(SOON).until(() -> log.text().contains("7 usage records were lost"));
                assertThat(log.text()).contains("usage is not kept for now (store_");

                proxy.refuse(false);
                await().atMost(SOON).until(() -> recorder.health().waiting() == 0);
                assertThat(recorder.health().storing()).isTrue();

                var rows = server.burglar(database);
                assertThat(rows.queryForObject("SELECT COUNT(*) FROM usage_records", Integer.class))
                        .isEqualTo(350 + room);
                assertThat(rows.queryForObject("SELECT COUNT(DISTINCT request_id) FROM usage_records", Integer.class))
                        .isEqualTo(350 + room);
                await().atMost(SOON).untilAsserted(() -> assertThat(
                                rows.queryForObject("SELECT SUM(calls) FROM usage_losses", Integer.class))
                        .isEqualTo(7));
            }
        }
    }
}
