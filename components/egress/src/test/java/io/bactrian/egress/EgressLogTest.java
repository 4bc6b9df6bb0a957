package io.bactrian.egress;

import static org.assertj.core.api.Assertions.assertThat;

import io.bactrian.core.credential.Secret;
import io.bactrian.core.tenant.Deadline;
import io.bactrian.testkit.CanaryScanner;
import io.bactrian.testkit.FaultServer;
import io.bactrian.testkit.LogCapture;
import io.bactrian.testkit.Reply;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class EgressLogTest {

    @DisplayName("LOG-04, LOG-03: with every log of HttpClient turned on, no credential, path or body is printed")
    @Test
    void printsNoSecrets() {
        // simplelogger.properties of these tests sets the whole of org.apache.hc to trace
        assertThat(LoggerFactory.getLogger("org.apache.hc.client5.http.headers").isTraceEnabled())
                .isTrue();
        assertThat(LoggerFactory.getLogger("org.apache.hc.client5.http.wire").isTraceEnabled())
                .isTrue();
        CanaryScanner canaries = new CanaryScanner();
        String bearer = canaries.plant("bearer");
        String query = canaries.plant("query");
        String body = canaries.plant("body");
        String answer = canaries.plant("answer");
        String cookie = canaries.plant("cookie");
        try (FaultServer server = FaultServer.start();
                EgressClient client = Net.client(server);
                LogCapture log = canaries.captureLogs()) {
            server.otherwise(Reply.json(200, answer).header("Set-Cookie", cookie));
            for (int i = 0; i < 2; i++) {
                EgressRequest request = EgressRequest.post(
                                EgressTarget.parse(server.url("/?key=" + query)), Deadline.in(Net.LONG))
                        .headers(OutboundHeaders.builder()
                                .bearer(Secret.of(bearer))
                                .build())
                        .body(body.getBytes(StandardCharsets.UTF_8), "text/plain")
                        .build();
                try (EgressResponse response = client.send(request)) {
                    response.readAll();
                    canaries.assertNowhereIn(List.of(request, request.target(), response, response.headers()));
                }
            }
            assertThat(server.takeRequest(Net.SOON).header("Authorization")).contains("Bearer " + bearer);
            assertThat(log.text())
                    .as("the pool's own log, to show that logging is on")
                    .contains("org.apache.hc");
        }
    }
}
