package io.bactrian;

import static org.assertj.core.api.Assertions.assertThat;

import io.bactrian.core.quota.Alarm;
import io.bactrian.core.quota.QuotaAccount;
import io.bactrian.core.quota.QuotaLedger;
import io.bactrian.core.quota.QuotaLimit;
import io.bactrian.core.quota.QuotaPeriod;
import io.bactrian.core.quota.QuotaUnit;
import io.bactrian.core.quota.QuotaUsage;
import io.bactrian.core.tenant.AppId;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.usage.UsageDimension;
import io.bactrian.core.usage.UsageQuery;
import io.bactrian.core.usage.UsageReport;
import io.bactrian.core.usage.UsageSum;
import io.bactrian.http.RawHttp;
import io.bactrian.server.TestHome;
import io.bactrian.store.BactrianStore;
import io.bactrian.store.StoreSettings;
import io.bactrian.testkit.FaultServer;
import io.bactrian.testkit.Reply;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The runnable as it is shipped, with many streams and large bodies at once, in little memory, and told to stop among them. */
class UnderPressureIT {

    private static final String PIECE =
            "{\"id\":\"c\",\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"piece\"}}]}";
    private static final String END =
            "{\"id\":\"c\",\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}],"
                    + "\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":7,\"total_tokens\":12}}";
    private static final long FIRST = ("data: " + PIECE + "\n\n").length();
    private static final AppId CHAT = new AppId("chat");
    private static final long WIDE = 1_000_000_000;
    private static final Pattern PEAK = Pattern.compile("VmHWM:\\s+(\\d+) kB");

    private final PackagedProcesses processes = new PackagedProcesses();

    @AfterEach
    void stop() {
        processes.close();
    }

    private static void install(Path folder, FaultServer provider, String... more) throws IOException {
        List<String> properties = new ArrayList<>(List.of(
                "bactrian.egress.allow=127.0.0.1:" + provider.port(),
                "bactrian.egress.max-connections-per-host=2000",
                "bactrian.egress.max-connections=2000",
                "bactrian.credentials.main.provider=openai",
                "bactrian.credentials.main.api_key=sk-main",
                "bactrian.credentials.main.base_url=" + provider.url("/v1"),
                "bactrian.default-model.llm=openai/gpt-4o-mini",
                "bactrian.budgets.calls.app=chat",
                "bactrian.budgets.calls.unit=times",
                "bactrian.budgets.calls.limit=" + WIDE,
                "bactrian.budgets.calls.period=total",
                "bactrian.budgets.words.app=chat",
                "bactrian.budgets.words.unit=tokens",
                "bactrian.budgets.words.limit=" + WIDE,
                "bactrian.budgets.words.period=total",
                "bactrian.limits.house.requests=1000000",
                "bactrian.limits.house.tokens=1000000000",
                "bactrian.limits.house.concurrent=2000"));
        properties.addAll(List.of(more));
        new TestHome(folder, properties.toArray(String[]::new));
    }

    /** Asks for a stream, and leaves its answer to be read. */
    private static RawHttp ask(int port, String question) throws IOException {
        RawHttp client = new RawHttp(port);
        client.write(RawHttp.head(port, "POST", "/chat", question, "Content-Type: text/plain") + question);
        return client;
    }

    private static List<RawHttp> begun(int port, int count) throws IOException {
        List<RawHttp> clients = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            clients.add(ask(port, "question " + i));
        }
        for (RawHttp client : clients) {
            assertThat(client.answerHead().status()).isEqualTo(200);
            assertThat(client.chunk()).contains("piece");
        }
        return clients;
    }

    private static QuotaUsage used(QuotaLedger ledger, String budget, QuotaUnit unit) {
        return ledger.usage(new QuotaLimit(
                new QuotaAccount.Budget(TenantId.DEFAULT, CHAT, budget), unit, WIDE, new QuotaPeriod.Unbounded()));
    }

    @Test
    @DisplayName(
            "CRASH-03: told to stop among a hundred streams: half end in time, the rest is cut, and all is settled")
    void settlesAHundredStreamsWhenItIsToldToStop(@TempDir Path folder) throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        AtomicInteger asked = new AtomicInteger();
        try (FaultServer provider = FaultServer.start()) {
            provider.handle(request -> {
                Reply reply = Reply.sse(PIECE, PIECE, END, "[DONE]");
                return asked.incrementAndGet() % 2 == 0
                        ? reply.gateAfterBytes(FIRST, gate)
                        : reply.stallAfterBytes(FIRST);
            });
            install(folder, provider, "camel.main.shutdownTimeout=5");
            Process process = processes.start(folder, List.of(), "run", "--port", "0", "--management-port", "-1");
            List<RawHttp> clients = begun(PackagedProcesses.awaitPort(folder, process), 100);

            process.destroy();
            gate.countDown();
            int whole = 0;
            for (RawHttp client : clients) {
                whole += client.bytes(100_000).contains("data: [DONE]") ? 1 : 0;
                client.close();
            }

            assertThat(whole).as("streams that were drained").isEqualTo(50);
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).as("it ends").isTrue();
        }
        try (BactrianStore store =
                        BactrianStore.open(StoreSettings.embedded(folder.resolve("data")), Clock.systemUTC());
                QuotaLedger ledger = store.quotas(Alarm.SILENT, System::nanoTime)) {
            UsageReport report = store.usage()
                    .report(new UsageQuery(TenantId.DEFAULT, UsageDimension.APP, LocalDate.of(2020, 1, 1), null, 10));
            // the server calls models itself, to make its search index
            UsageSum sum = report.sums().stream()
                    .filter(one -> one.key().equals(CHAT.value()))
                    .findFirst()
                    .orElseThrow();
            assertThat(report.lost()).isZero();
            assertThat(sum.calls()).isEqualTo(100);
            assertThat(sum.calls() - sum.aborted() - sum.failed()).isEqualTo(50);
            QuotaUsage calls = used(ledger, "calls", QuotaUnit.Counted.TIMES);
            QuotaUsage words = used(ledger, "words", QuotaUnit.Counted.TOKENS);
            assertThat(calls.used()).isEqualTo(100);
            assertThat(words.used())
                    .as("the accounts say what the rows say")
                    .isEqualTo(sum.tokens().totalTokens());
            assertThat(List.of(calls.held(), words.held()))
                    .as("no lease is left")
                    .containsOnly(0L);
        }
    }

    @Test
    @DisplayName("MEM-01: a thousand streams and bodies of ten megabytes in a heap of 256 MiB")
    void carriesAThousandStreamsInLittleMemory(@TempDir Path folder) throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        try (FaultServer provider = FaultServer.start()) {
            provider.handle(request -> Reply.sse(PIECE, PIECE, END, "[DONE]").gateAfterBytes(FIRST, gate));
            install(folder, provider, "bactrian.http.workers=1200", "bactrian.http.maxBody=16777216");
            Process process = processes.start(
                    folder,
                    // with both compilers, as it is shipped: their memory counts too
                    List.of("-Xmx256m", "-XX:+ExitOnOutOfMemoryError", "-XX:TieredStopAtLevel=4"),
                    "run",
                    "--port",
                    "0",
                    "--management-port",
                    "-1");
            int port = PackagedProcesses.awaitPort(folder, process);

            List<RawHttp> clients = begun(port, 1_000);
            gate.countDown();
            for (RawHttp client : clients) {
                assertThat(client.bytes(100_000)).contains("data: [DONE]");
                client.close();
            }
            String large = "word ".repeat(2 << 20);
            for (int i = 0; i < 6; i++) {
                try (RawHttp client = ask(port, large)) {
                    assertThat(client.answer().body()).contains("data: [DONE]");
                }
            }

            assertThat(process.isAlive()).isTrue();
            assertThat(Files.readString(folder.resolve("err.log"))).doesNotContain("OutOfMemoryError");
            assertPeakBelow(process, 768);
            process.destroy();
            assertThat(process.waitFor(40, TimeUnit.SECONDS)).isTrue();
        }
    }

    /** The most memory that a process has had, as the kernel counts it; where there is no such file nobody has counted. */
    private static void assertPeakBelow(Process process, int megabytes) throws IOException {
        Path status = Path.of("/proc/" + process.pid() + "/status");
        if (!Files.isReadable(status)) {
            return;
        }
        Matcher peak = PEAK.matcher(Files.readString(status));
        assertThat(peak.find()).isTrue();
        assertThat(Long.parseLong(peak.group(1)) >> 10)
                .as("MiB that the process had at most")
                .isLessThan(megabytes);
    }
}
