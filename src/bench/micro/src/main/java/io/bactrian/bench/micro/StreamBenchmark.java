package io.bactrian.bench.micro;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.bactrian.bench.Canned;
import io.bactrian.bench.Scenario;
import io.bactrian.core.model.LlmResultChunk;
import io.bactrian.egress.EgressLimits;
import io.bactrian.egress.SseReader;
import io.bactrian.json.ChatChunkReader;
import io.bactrian.json.OpenAiErrorReply;
import io.bactrian.json.OpenAiJson;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;

/** A stream of 1,004 events in memory; all figures are for one event. */
@State(Scope.Benchmark)
public class StreamBenchmark {

    private static final int EVENTS = 1_004;

    private final ObjectMapper mapper = new ObjectMapper();
    private byte[] stream;

    /** Makes the bytes. */
    @Setup
    public void setUp() throws OpenAiErrorReply {
        stream = Canned.events(Scenario.BURST1000);
        int length = 0;
        SseReader reader = new SseReader(in(), EgressLimits.DEFAULT);
        ChatChunkReader chunks = OpenAiJson.chunkReader("m");
        while (reader.next() && !reader.dataIs("[DONE]")) {
            LlmResultChunk chunk = chunks.read(reader.buffer(), reader.offset(), reader.length());
            length += chunk == null ? 0 : chunk.text().length();
        }
        if (length != Canned.content(Scenario.BURST1000).length()) {
            throw new IllegalStateException("not all was read");
        }
    }

    private InputStream in() {
        return new ByteArrayInputStream(stream);
    }

    /** The bytes alone, as much at a time as the reader takes. */
    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public int raw() throws IOException {
        byte[] buffer = new byte[2_048];
        int sum = 0;
        InputStream in = in();
        for (int read = in.read(buffer); read > 0; read = in.read(buffer)) {
            sum += buffer[read - 1];
        }
        return sum;
    }

    /** The product's reader. */
    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public int events() {
        SseReader reader = new SseReader(in(), EgressLimits.DEFAULT);
        int sum = 0;
        while (reader.next()) {
            sum += reader.length();
        }
        return sum;
    }

    /** The product's reader and the product's JSON: from bytes to pieces. */
    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public void pieces(Blackhole hole) throws OpenAiErrorReply {
        SseReader reader = new SseReader(in(), EgressLimits.DEFAULT);
        ChatChunkReader chunks = OpenAiJson.chunkReader("m");
        while (reader.next() && !reader.dataIs("[DONE]")) {
            hole.consume(chunks.read(reader.buffer(), reader.offset(), reader.length()));
        }
    }

    /** Lines as text and a Jackson tree for each: what a user would write. */
    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public void linesAndTrees(Blackhole hole) throws IOException {
        BufferedReader lines = new BufferedReader(new InputStreamReader(in(), StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.startsWith("data: ") && !line.endsWith("[DONE]")) {
                hole.consume(mapper.readTree(line.substring(6))
                        .path("choices")
                        .path(0)
                        .path("delta")
                        .path("content")
                        .asText());
            }
        }
    }
}
