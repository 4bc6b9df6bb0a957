package io.bactrian.egress;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.tenant.Deadline;
import io.bactrian.testkit.FaultServer;
import io.bactrian.testkit.Reply;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class EgressGuardTest {

    private static final List<InetAddress> PUBLIC = List.of(Objects.requireNonNull(Literals.parse("93.184.216.34")));

    private final FaultServer server = FaultServer.start().otherwise(Reply.json(200, "inside"));
    private final AtomicInteger lookUps = new AtomicInteger();

    @AfterEach
    void stop() {
        server.close();
    }

    @DisplayName("SSRF-01: denied before any socket")
    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://169.254.169.254/", "http://[fd00:ec2::254]/", "http://100.100.100.200/", "http://192.0.0.192/",
                "http://metadata.google.internal/", "https://127.0.0.1:PORT/", "http://127.0.0.1:PORT/",
                        "http://localhost:PORT/"
            })
    void connectsToNothing(String url) {
        EgressPolicy policy =
                EgressPolicy.builder().allowHttp(true).port(server.port()).build();
        try (EgressClient client = client(policy, host -> Net.LOOPBACK)) {
            EgressTarget target = EgressTarget.parse(url.replace("PORT", Integer.toString(server.port())));

            Failing.with(ErrorCode.EGRESS_DENIED, () -> client.send(request(target)));
        }
        assertThat(server.connectionCount()).isZero();
    }

    @DisplayName("SSRF-15: a URL out of a message is a URL like any other")
    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://169.254.169.254/latest/meta-data/image.png", "https://localhost:PORT/cat.jpg",
                        "file:///etc/passwd",
                "data:image/png;base64,AAAA", "https://example.com@127.0.0.1:PORT/cat.jpg", "//127.0.0.1:PORT/cat.jpg"
            })
    void fetchesNoImageFromInside(String url) {
        try (EgressClient client = client(EgressPolicy.strict(), host -> Net.LOOPBACK)) {
            Failing.with(ErrorCode.EGRESS_DENIED, () -> {
                EgressTarget image = EgressTarget.parse(url.replace("PORT", Integer.toString(server.port())));
                client.send(request(image));
            });
        }
        assertThat(server.connectionCount()).isZero();
    }

    @DisplayName("SSRF-04: a name with a public and a private address is denied as a whole")
    @Test
    void deniesMixedNames() {
        EgressPolicy policy =
                EgressPolicy.builder().allowHttp(true).port(server.port()).build();
        List<InetAddress> mixed = List.of(PUBLIC.get(0), Net.LOOPBACK.get(0));
        try (EgressClient client = client(policy, host -> mixed)) {
            Failing.refused("private_address", () -> client.send(request(target("mixed.example"))));
        }
        assertThat(server.connectionCount()).isZero();
    }

    @DisplayName("SSRF-05: a name is resolved once, and what was checked is connected to")
    @Test
    void resolvesOnce() {
        EgressPolicy policy =
                EgressPolicy.builder().allow("rebind.example:" + server.port()).build();
        // whoever asks a second time is told the wrong address
        NameResolver rebinding = host -> lookUps.incrementAndGet() == 1 ? Net.LOOPBACK : PUBLIC;
        try (EgressClient client = client(policy, rebinding)) {
            try (EgressResponse response = client.send(request(target("rebind.example")))) {
                assertThat(new String(response.readAll(), UTF_8)).isEqualTo("inside");
            }
        }
        assertThat(lookUps).hasValue(1);
        assertThat(server.takeRequest(Net.SOON).header("Host")).contains("rebind.example:" + server.port());
    }

    @DisplayName("SSRF-06: a vetted connection is used while it lives; the next connect asks again")
    @Test
    void reusesOnlyTheVettedSocket() {
        EgressPolicy policy = EgressPolicy.builder()
                .allow("turning.example:" + server.port())
                .deny("10.0.0.0/8")
                .build();
        List<InetAddress> denied = List.of(Objects.requireNonNull(Literals.parse("10.0.0.1")));
        NameResolver turning = host -> lookUps.incrementAndGet() == 1 ? Net.LOOPBACK : denied;
        try (EgressClient client = client(policy, turning)) {
            for (int i = 0; i < 3; i++) {
                try (EgressResponse response = client.send(request(target("turning.example")))) {
                    response.readAll();
                }
            }
            assertThat(lookUps).hasValue(1);
            server.enqueue(Reply.json(200, "{}").closeConnection());
            try (EgressResponse response = client.send(request(target("turning.example")))) {
                response.readAll();
            }

            Failing.refused("denied_host", () -> client.send(request(target("turning.example"))));
        }
        assertThat(server.connectionCount()).isEqualTo(1);
    }

    @DisplayName("SSRF-16: the environment's proxies are ignored")
    @Test
    void ignoresProxiesOfTheEnvironment() {
        try (FaultServer attacker = FaultServer.start();
                EgressClient client = Net.client(server)) {
            String[] names = {"http.proxyHost", "https.proxyHost", "socksProxyHost"};
            String[] ports = {"http.proxyPort", "https.proxyPort", "socksProxyPort"};
            for (int i = 0; i < names.length; i++) {
                System.setProperty(names[i], "127.0.0.1");
                System.setProperty(ports[i], Integer.toString(attacker.port()));
            }
            System.setProperty("http.nonProxyHosts", "");
            System.setProperty("socksNonProxyHosts", "");
            try (EgressResponse response = client.send(Net.get(server).build())) {
                assertThat(new String(response.readAll(), UTF_8)).isEqualTo("inside");
            } finally {
                for (int i = 0; i < names.length; i++) {
                    System.clearProperty(names[i]);
                    System.clearProperty(ports[i]);
                }
                System.clearProperty("http.nonProxyHosts");
                System.clearProperty("socksNonProxyHosts");
            }
            assertThat(attacker.connectionCount()).isZero();
        }
    }

    @DisplayName("SSRF-18: a name server that hangs, and a thousand addresses, are bounded")
    @Test
    void boundsNameServers() {
        CountDownLatch hang = new CountDownLatch(1);
        NameResolver odd = host -> {
            if (host.startsWith("many")) {
                return Collections.nCopies(1_000, PUBLIC.get(0));
            }
            try {
                hang.await();
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
            return PUBLIC;
        };
        try (EgressClient client = EgressClient.builder(EgressPolicy.strict())
                .resolver(odd)
                .dnsTimeout(Duration.ofMillis(300))
                .build()) {
            long started = System.nanoTime();
            Failing.with(
                    ErrorCode.NAME_NOT_RESOLVED,
                    () -> client.send(request(EgressTarget.parse("https://slow.example/"))));
            assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofSeconds(5));
            Failing.refused("address_count", () -> client.send(request(EgressTarget.parse("https://many.example/"))));
        } finally {
            hang.countDown();
        }
    }

    @DisplayName("UP-12: a name server that fails and recovers is believed again within 5 s")
    @Test
    void recoversFromAFailedNameServer() {
        EgressPolicy policy =
                EgressPolicy.builder().allow("late.example:" + server.port()).build();
        NameResolver late = host -> {
            if (lookUps.incrementAndGet() == 1) {
                throw new UnknownHostException(host);
            }
            return Net.LOOPBACK;
        };
        try (EgressClient client = client(policy, late)) {
            Failing.with(ErrorCode.NAME_NOT_RESOLVED, () -> client.send(request(target("late.example"))));

            Awaitility.await().atMost(Duration.ofSeconds(5)).ignoreExceptions().untilAsserted(() -> {
                try (EgressResponse response = client.send(request(target("late.example")))) {
                    assertThat(response.status()).isEqualTo(200);
                }
            });
        }
    }

    @DisplayName("SSRF-19: does not call its own listener, whatever name leads there")
    @Test
    void doesNotCallItself() {
        EgressPolicy policy = EgressPolicy.builder()
                .allow("our-public-name.example:" + server.port())
                .ownAddress(new InetSocketAddress(server.port()))
                .build();
        try (EgressClient client = client(policy, host -> Net.LOOPBACK)) {
            Failing.refused("self", () -> client.send(request(target("our-public-name.example"))));
        }
        assertThat(server.connectionCount()).isZero();
    }

    @DisplayName("An address that refuses is not the last word if the name has others")
    @Test
    void triesTheNextAddress() {
        EgressPolicy policy =
                EgressPolicy.builder().allow("several.example:" + server.port()).build();
        List<InetAddress> several = List.of(unroutable(), Net.LOOPBACK.get(0));
        try (EgressClient client = client(policy, host -> several);
                EgressResponse response =
                        client.send(EgressRequest.get(target("several.example"), Deadline.in(Net.LONG))
                                .limits(EgressLimits.DEFAULT.withConnect(Duration.ofSeconds(2)))
                                .build())) {
            assertThat(response.status()).isEqualTo(200);
        }
    }

    @DisplayName("The operator's proxy: a tunnel to the checked address; what is denied here never reaches it")
    @Test
    void asksTheProxyForTheCheckedAddress() {
        try (FaultServer proxy = FaultServer.start()) {
            proxy.otherwise(Reply.status(403));
            EgressPolicy policy = EgressPolicy.builder()
                    .proxy(new EgressProxy("127.0.0.1", proxy.port(), false))
                    .build();
            try (EgressClient client = client(policy, host -> host.startsWith("inner") ? Net.LOOPBACK : PUBLIC)) {
                Failing.refused(
                        "private_address", () -> client.send(request(EgressTarget.parse("https://inner.example/"))));
                assertThat(proxy.connectionCount()).isZero();

                Failing.with(
                        ErrorCode.CONNECTION_FAILED,
                        () -> client.send(request(EgressTarget.parse("https://outer.example/"))));
                assertThat(proxy.takeRequest(Net.SOON).headText()).startsWith("CONNECT 93.184.216.34:443 HTTP/1.1");
            }
        }
    }

    @DisplayName("The operator's proxy: allowed hosts are reached directly, others through the tunnel")
    @Test
    void speaksThroughTheTunnel() throws Exception {
        try (FaultServer proxy = FaultServer.start()) {
            byte[] both = "HTTP/1.1 200 Connection established\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nfar!"
                    .getBytes(UTF_8);
            proxy.enqueue(Reply.bytes(both).keepAlive());
            EgressPolicy policy = Net.allowing(server)
                    .allowHttp(true)
                    .proxy(new EgressProxy("127.0.0.1", proxy.port(), true))
                    .build();
            NameResolver none = host -> {
                throw new UnknownHostException(host);
            };
            try (EgressClient client = client(policy, none)) {
                try (EgressResponse direct = client.send(Net.get(server).build())) {
                    assertThat(new String(direct.readAll(), UTF_8)).isEqualTo("inside");
                }
                try (EgressResponse far = client.send(request(EgressTarget.parse("http://far.example/")))) {
                    assertThat(new String(far.readAll(), UTF_8)).isEqualTo("far!");
                }
                assertThat(proxy.takeRequest(Net.SOON).headText()).startsWith("CONNECT far.example:80 HTTP/1.1");
            }
        }
    }

    private EgressTarget target(String host) {
        return EgressTarget.parse("http://" + host + ":" + server.port() + "/");
    }

    private static EgressRequest request(EgressTarget target) {
        return EgressRequest.get(target, Deadline.in(Net.LONG)).build();
    }

    private static EgressClient client(EgressPolicy policy, NameResolver resolver) {
        return EgressClient.builder(policy).resolver(resolver).build();
    }

    /** An address of this machine's own loopback block on which nobody listens; a test never leaves the machine. */
    private static InetAddress unroutable() {
        return Objects.requireNonNull(Literals.parse("127.9.9.9"));
    }
}
