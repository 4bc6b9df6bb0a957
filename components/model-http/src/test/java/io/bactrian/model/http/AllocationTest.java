package io.bactrian.model.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.bactrian.core.model.ModelCall;
import io.bactrian.core.model.ModelStream;
import io.bactrian.testkit.Reply;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The garbage that a call leaves in its own thread. Bounds have head-room; what they catch is a tree, a URI or a parser too many. */
class AllocationTest {

    private static final int PIECES = 2_000;
    private static final String PIECE =
            "{\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"created\":1770933892,\"model\":\"gpt-4o-mini\","
                    + "\"system_fingerprint\":\"fp_1\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\" word\"},"
                    + "\"logprobs\":null,\"finish_reason\":null}],\"usage\":null}";
    private static final String LAST =
            "{\"id\":\"chatcmpl-1\",\"model\":\"gpt-4o-mini\",\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}";
    private static final String ANSWER =
            "{\"id\":\"1\",\"model\":\"m\",\"choices\":[{\"message\":{\"content\":\"Hello\"},\"finish_reason\":\"stop\"}]}";

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final Fixture fixture = new Fixture();

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void makesLittleGarbagePerStreamedPiece() {
        byte[] body = (("data: " + PIECE + "\n\n").repeat(PIECES) + "data: " + LAST + "\n\ndata: [DONE]\n\n")
                .getBytes(StandardCharsets.UTF_8);
        fixture.server.otherwise(Reply.sseRaw(body));
        for (int i = 0; i < 5; i++) {
            read(fixture.stream());
        }

        ModelStream stream = fixture.stream();
        long before = threads.getCurrentThreadAllocatedBytes();
        int pieces = read(stream);
        long perPiece = (threads.getCurrentThreadAllocatedBytes() - before) / pieces;

        assertThat(pieces).isEqualTo(PIECES + 1);
        assertThat(perPiece).as("bytes allocated per piece").isLessThan(200);
    }

    private static int read(ModelStream stream) {
        int pieces = 0;
        try (stream) {
            while (stream.hasNext()) {
                stream.next();
                pieces++;
            }
        }
        return pieces;
    }

    @Test
    void makesLittleGarbagePerCall() {
        fixture.server.otherwise(Reply.json(200, ANSWER).keepAlive());
        // the same credentials, as resolution hands them out
        ModelCall call = fixture.call();
        for (int i = 0; i < 500; i++) {
            fixture.dialect.invokeLlm(call, Fixture.QUESTION);
        }

        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < 500; i++) {
            fixture.dialect.invokeLlm(call, Fixture.QUESTION);
        }
        long perCall = (threads.getCurrentThreadAllocatedBytes() - before) / 500;

        assertThat(perCall).as("bytes allocated per call").isLessThan(12_000);
    }
}
