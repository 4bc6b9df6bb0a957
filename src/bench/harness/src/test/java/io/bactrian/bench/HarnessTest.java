package io.bactrian.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A bench that cannot tell a wrong answer from a right one measures nothing. */
class HarnessTest {

    private static Process mock;
    private static int port;

    @BeforeAll
    static void startMock() throws IOException {
        mock = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        "target/classes",
                        "io.bactrian.bench.MockServer")
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        BufferedReader out =
                new BufferedReader(new InputStreamReader(mock.getInputStream(), StandardCharsets.US_ASCII));
        port = Integer.parseInt(out.readLine().substring("port ".length()));
    }

    @AfterAll
    static void stopMock() {
        mock.destroyForcibly();
    }

    private static byte[] answerTo(byte[] request, int length) throws IOException {
        try (Socket socket = new Socket(InetAddress.getByName("127.0.0.1"), port)) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request);
            InputStream in = socket.getInputStream();
            return in.readNBytes(length);
        }
    }

    @ParameterizedTest
    @EnumSource(Scenario.class)
    void mockSendsTheCannedBytes(Scenario scenario) throws IOException {
        byte[] expected = Canned.response(scenario);
        assertThat(answerTo(Canned.request(scenario, port), expected.length)).isEqualTo(expected);
    }

    @Test
    void mockRefusesAnotherQuestion() throws IOException {
        String request = new String(Canned.request(Scenario.SMALL, port), StandardCharsets.US_ASCII);
        byte[] other = request.replace("Kashgar", "Bukhara").getBytes(StandardCharsets.US_ASCII);
        assertThat(new String(answerTo(other, 12), StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 400");
    }

    @Test
    void mockRefusesAnotherKey() throws IOException {
        String request = new String(Canned.request(Scenario.SMALL, port), StandardCharsets.US_ASCII);
        byte[] other = request.replace(Canned.KEY, Canned.KEY.toUpperCase(java.util.Locale.ROOT))
                .getBytes(StandardCharsets.US_ASCII);
        assertThat(new String(answerTo(other, 12), StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 400");
    }

    @Test
    void mockUnderstandsAChunkedRequest() throws IOException {
        String body = "{\"content\":\"" + Canned.QUESTION + "\"}";
        String request = "POST /small/v1/chat/completions HTTP/1.1\r\nauthorization: Bearer " + Canned.KEY
                + "\r\nTransfer-Encoding: chunked\r\n\r\n" + Integer.toHexString(body.length()) + "\r\n" + body
                + "\r\n0\r\n\r\n";
        byte[] expected = Canned.response(Scenario.SMALL);
        assertThat(answerTo(request.getBytes(StandardCharsets.US_ASCII), expected.length))
                .isEqualTo(expected);
    }

    @Test
    void answersAreOfTheSizeTheyClaim() {
        assertThat(Canned.body(Scenario.SMALL).length).isBetween(1_300, 1_500);
        assertThat(Canned.body(Scenario.LARGE).length).isBetween(9_800, 10_200);
        assertThat(Canned.QUESTION.length()).isBetween(280, 330);
    }

    @Test
    void noticesAWrongAnswer() {
        Answer answer = new Answer(Scenario.SMALL);
        String right = Canned.content(Scenario.SMALL);
        answer.is(right, Canned.PROMPT_TOKENS, Canned.COMPLETION_TOKENS);

        assertThat(answer.checked()).isEqualTo(1);
        assertThatThrownBy(() -> answer.is(right + ".", Canned.PROMPT_TOKENS, Canned.COMPLETION_TOKENS))
                .hasMessageContaining("wrong answer");
        assertThatThrownBy(() -> answer.is(right, Canned.PROMPT_TOKENS + 1, Canned.COMPLETION_TOKENS))
                .hasMessageContaining("wrong usage");
    }

    @Test
    void noticesAStreamThatIsWrongShortOrWithoutUsage() {
        List<String> told = new ArrayList<>();
        Pieces pieces = new Pieces(Scenario.BURST100, () -> told.add("first"));
        String content = Canned.content(Scenario.BURST100);
        pieces.begin();
        pieces.piece(content.substring(0, 10));
        assertThatThrownBy(() -> pieces.piece("camel")).hasMessageContaining("wrong piece");
        assertThatThrownBy(pieces::end).hasMessageContaining("ended after 10");
        pieces.piece(content.substring(10));
        assertThatThrownBy(pieces::end).hasMessageContaining("without usage");
        pieces.usage(Canned.PROMPT_TOKENS, Canned.COMPLETION_TOKENS);
        pieces.end();
        assertThat(told).containsExactly("first");
    }

    @Test
    void noticesWrongBytesOfARawStream() {
        byte[] bytes = Canned.response(Scenario.BURST100);
        Pieces pieces = new Pieces(Scenario.BURST100, () -> {});
        pieces.begin();
        assertThat(pieces.bytes(bytes, 0, 0)).isFalse();
        assertThat(pieces.bytes(bytes, 0, bytes.length)).isTrue();
        assertThat(pieces.firstNanos()).isPositive();
        byte[] wrong = bytes.clone();
        wrong[wrong.length / 2]++;
        assertThatThrownBy(() -> pieces.bytes(wrong, 0, wrong.length)).hasMessageContaining("wrong bytes");
    }

    @Test
    void comparesWithinARoundOnly() {
        Spread ratio = Spread.of(3, round -> new double[] {2.0, 8.0, 3.0}[round] / new double[] {1.0, 4.0, 2.0}[round]);
        assertThat(ratio).isEqualTo(new Spread(2.0, 1.5, 2.0));
        assertThat(Spread.of(1, 2, 3, 10).median()).isEqualTo(2.5);
    }

    @Test
    void countsTimesToASixteenth() {
        Histogram times = new Histogram();
        for (int micros = 1; micros <= 1_000; micros++) {
            times.add(TimeUnit.MICROSECONDS.toNanos(micros));
        }
        assertThat(times.count()).isEqualTo(1_000);
        assertThat((double) times.quantile(0.5)).isCloseTo(500_000, within(500_000 / 15.0));
        assertThat((double) times.quantile(0.99)).isCloseTo(990_000, within(990_000 / 15.0));
    }

    @Test
    void countsWhatIsAllocatedAndUsed() {
        long allocated = Meter.allocated();
        long cpu = Meter.cpuNanos();
        byte[][] garbage = new byte[100][];
        for (int i = 0; i < garbage.length; i++) {
            garbage[i] = new byte[10_000];
        }
        assertThat(Meter.allocated() - allocated).isBetween(1_000_000L, 20_000_000L);
        double sum = 0;
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(50);
        while (System.nanoTime() < end) {
            sum += Math.sqrt(System.nanoTime());
        }
        assertThat(sum).isPositive();
        assertThat(Meter.cpuNanos()).isGreaterThan(cpu);
    }

    @Test
    void figuresSurviveTheirWayThroughAPipe() {
        Figures figures = new Figures().with("bytes", 1234.5).withTimes("wall", new long[] {1_000, 3_000, 2_000});
        Figures read = Figures.parse(figures.toString());
        assertThat(read.all()).isEqualTo(figures.all());
        assertThat(read.get("wallP50")).isEqualTo(3.0, within(1.0));
        assertThatThrownBy(() -> read.get("cpu")).hasMessageContaining("no figure 'cpu'");
    }
}
