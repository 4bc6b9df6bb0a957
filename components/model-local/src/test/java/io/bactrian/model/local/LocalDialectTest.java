package io.bactrian.model.local;

import static io.bactrian.model.local.Calls.cosine;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.langchain4j.model.embedding.onnx.allminilml6v2q.AllMiniLmL6V2QuantizedEmbeddingModel;
import io.bactrian.core.credential.Credentials;
import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.InvokeException;
import io.bactrian.core.error.InvokeTimeoutException;
import io.bactrian.core.error.UnavailableException;
import io.bactrian.core.model.LlmRequest;
import io.bactrian.core.model.ModelDialect;
import io.bactrian.core.model.TextEmbeddingRequest;
import io.bactrian.core.model.TextEmbeddingResult;
import io.bactrian.core.tenant.Deadline;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LocalDialectTest {

    private static final ModelDialect DIALECT = Calls.dialect(Path.of("target", "test-data"));

    /** Loads the model, so that LangChain4j's class, which some tests compare with, finds the libraries there. */
    @BeforeAll
    static void load() {
        DIALECT.validate(LocalProvider.DECLARATION, Credentials.NONE, Deadline.in(Duration.ofMinutes(5)));
    }

    @Test
    void findsAParaphraseCloserThanAnythingElse() {
        List<float[]> vectors = Calls.embed(
                        DIALECT,
                        "How do I reset my password?",
                        "I forgot my login secret and want to choose another one",
                        "It will rain in the afternoon",
                        "A camel stores fat in its humps")
                .embeddings();

        double paraphrase = cosine(vectors.get(0), vectors.get(1));

        assertThat(paraphrase).isGreaterThan(0.4);
        assertThat(cosine(vectors.get(0), vectors.get(2))).isLessThan(paraphrase - 0.3);
        assertThat(cosine(vectors.get(0), vectors.get(3))).isLessThan(paraphrase - 0.3);
    }

    @Test
    void givesVectorsOf384NumbersAndLengthOneInTheOrderOfTheTexts() {
        List<String> texts = List.of("one", "a second text", "and yet another, which is the third");

        TextEmbeddingResult together = Calls.embed(DIALECT, texts.toArray(String[]::new));

        assertThat(together.model()).isEqualTo("all-minilm-l6-v2");
        assertThat(together.embeddings()).hasSize(3).allSatisfy(vector -> {
            assertThat(vector).hasSize(384);
            assertThat(cosine(vector, vector)).isCloseTo(1, within(1e-5));
        });
        for (int i = 0; i < texts.size(); i++) {
            assertThat(together.embeddings().get(i)).isEqualTo(one(texts.get(i)));
        }
    }

    @Test
    void givesTheSameVectorForTheSameText() {
        String text = "Determinism is a virtue";

        assertThat(one(text)).isEqualTo(one(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "How do I reset my password?",
                "don't stop-me_now; a.b@c!!! 3,14",
                "Ünïcödé naïve Straße",
                "日本語のテキスト",
                "\uD83D\uDC2A hello"
            })
    void agreesWithLangChain4jOnShortTexts(String text) {
        float[] theirs = new AllMiniLmL6V2QuantizedEmbeddingModel(Runnable::run)
                .embed(text)
                .content()
                .vector();

        assertThat(cosine(one(text), theirs)).isCloseTo(1, within(1e-4));
    }

    @ParameterizedTest
    @ValueSource(ints = {15, 40, 400})
    void readsALongTextToItsEnd(int sentences) {
        String beginning = "The cat sat on the mat near the red door. ".repeat(sentences);
        float[] penguins = one(beginning + "Penguins swim in the Antarctic sea. ".repeat(sentences));
        float[] accounting = one(beginning + "The auditor found fraud in the accounts. ".repeat(sentences));
        float[] question = one("Where do penguins swim?");

        assertThat(cosine(penguins, accounting)).isLessThan(0.95);
        assertThat(cosine(question, penguins)).isGreaterThan(cosine(question, accounting) + 0.1);
        assertThat(cosine(penguins, penguins)).isCloseTo(1, within(1e-5));
    }

    @Test
    void countsTheTokensOfAllTexts() {
        assertThat(Calls.embed(DIALECT, "hello world").usage()).satisfies(usage -> {
            assertThat(usage.promptTokens()).isEqualTo(2);
            assertThat(usage.totalTokens()).isEqualTo(2);
        });
        assertThat(Calls.embed(DIALECT, "hello world", "hello").usage().promptTokens())
                .isEqualTo(3);
        assertThat(Calls.embed(DIALECT, "hello ".repeat(3000)).usage().promptTokens())
                .isEqualTo(3000);
    }

    @Test
    void readsInWindowsThatDoNotCutWords() {
        long[] words = IntStream.range(0, 600).mapToLong(i -> i / 3).toArray();
        long[] oneLongWord = new long[600];

        assertThat(MiniLm.windowEnd(words, 0)).isEqualTo(252);
        assertThat(MiniLm.windowEnd(words, 252)).isEqualTo(504);
        assertThat(MiniLm.windowEnd(words, 504)).isEqualTo(600);
        assertThat(MiniLm.windowEnd(oneLongWord, 0)).isEqualTo(254);
    }

    @Test
    void namesEveryBlankText() {
        assertThatThrownBy(() -> Calls.embed(DIALECT, "fine", "", "fine too", " \t\n\u2003"))
                .isInstanceOf(BadRequestException.class)
                .hasMessageContaining("index 1, 3")
                .extracting(e -> ((InvokeException) e).code())
                .isEqualTo(ErrorCode.INVALID_PARAM);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\u200b\u200b", "\u00a0", "\u0001", "\u0301", "\ufffd", "\ud83d"})
    void namesATextThatNoTokenIsLeftOf(String nothing) {
        assertThatThrownBy(() -> Calls.embed(DIALECT, "fine", nothing))
                .isInstanceOf(BadRequestException.class)
                .hasMessageContaining("index 1 ")
                .extracting(e -> ((InvokeException) e).code())
                .isEqualTo(ErrorCode.INVALID_PARAM);
    }

    @ParameterizedTest
    @ValueSource(strings = {"half a pair \ud83d here", "a \u0000 byte", "[SEP] [CLS] [PAD] [UNK]", "\udc2a\ud83d x"})
    void readsWhatIsOddButNotBlank(String odd) {
        assertThat(one(odd)).hasSize(384).doesNotContain(Float.NaN);
    }

    @Test
    void readsAWordWithoutEnd() {
        assertThat(one("x".repeat(LocalDialect.LONGEST_TEXT))).hasSize(384).doesNotContain(Float.NaN);
    }

    @Test
    void refusesATextThatIsTooLongByItsIndex() {
        assertThatThrownBy(() -> Calls.embed(DIALECT, "fine", "x".repeat(LocalDialect.LONGEST_TEXT + 1)))
                .isInstanceOf(BadRequestException.class)
                .hasMessageContaining("index 1 ")
                .extracting(e -> ((InvokeException) e).code())
                .isEqualTo(ErrorCode.CONTEXT_LENGTH_EXCEEDED);
    }

    @Test
    void refusesARequestWithoutTextsOrWithTooMany() {
        assertThatThrownBy(() -> Calls.embed(DIALECT))
                .isInstanceOf(BadRequestException.class)
                .extracting(e -> ((InvokeException) e).code())
                .isEqualTo(ErrorCode.INVALID_PARAM);
        assertThatThrownBy(() ->
                        Calls.embed(DIALECT, Collections.nCopies(2049, "text").toArray(String[]::new)))
                .isInstanceOf(BadRequestException.class)
                .hasMessageContaining("2048")
                .extracting(e -> ((InvokeException) e).code())
                .isEqualTo(ErrorCode.REQUEST_TOO_LARGE);
    }

    @Test
    void refusesAnotherModelByName() {
        assertThatThrownBy(() -> DIALECT.invokeTextEmbedding(
                        Calls.call("bge-small", Deadline.in(Duration.ofMinutes(1))),
                        TextEmbeddingRequest.ofQuery("text")))
                .isInstanceOf(BadRequestException.class)
                .hasMessageContaining("all-minilm-l6-v2")
                .extracting(e -> ((InvokeException) e).code())
                .isEqualTo(ErrorCode.MODEL_NOT_FOUND);
    }

    @Test
    void refusesToChat() {
        assertThatThrownBy(() -> DIALECT.invokeLlm(
                        Calls.call("all-minilm-l6-v2", Deadline.in(Duration.ofMinutes(1))), LlmRequest.ofText("Hello")))
                .isInstanceOf(BadRequestException.class)
                .extracting(e -> ((InvokeException) e).code())
                .isEqualTo(ErrorCode.MODEL_TYPE_UNSUPPORTED);
    }

    @Test
    void stopsBetweenTextsWhenTheDeadlinePasses() {
        AtomicLong clock = new AtomicLong();
        // each look at the clock takes a tenth of the time there is
        Deadline deadline = Deadline.in(Duration.ofNanos(100), () -> clock.getAndAdd(10));

        assertThatThrownBy(() -> Calls.embed(DIALECT, deadline, Collections.nCopies(1000, "text")))
                .isInstanceOf(InvokeTimeoutException.class)
                .extracting(e -> ((InvokeException) e).code())
                .isEqualTo(ErrorCode.DEADLINE_EXCEEDED);
        assertThat(clock.get()).isLessThan(1000);
    }

    @Test
    void stopsWithinALongTextWhenTheDeadlinePasses() {
        AtomicLong clock = new AtomicLong();
        Deadline deadline = Deadline.in(Duration.ofNanos(1_000_000_000), () -> clock.getAndAdd(50_000_000));

        assertThatThrownBy(() -> Calls.embed(DIALECT, deadline, List.of("long text ".repeat(20_000))))
                .isInstanceOf(InvokeTimeoutException.class);
        assertThat(clock.get()).isLessThan(2_000_000_000);
    }

    @Test
    void asksNothingOnceTheDeadlineHasPassed() {
        Deadline passed = Deadline.in(Duration.ZERO);

        assertThatThrownBy(() -> Calls.embed(DIALECT, passed, List.of("text")))
                .isInstanceOf(InvokeTimeoutException.class);
    }

    @Test
    void saysSoWhenItIsInterrupted() {
        Thread.currentThread().interrupt();
        try {
            assertThatThrownBy(() -> Calls.embed(DIALECT, "text"))
                    .isInstanceOf(UnavailableException.class)
                    .extracting(e -> ((InvokeException) e).code())
                    .isEqualTo(ErrorCode.CANCELLED);
            assertThat(Thread.currentThread().isInterrupted()).isTrue();
        } finally {
            Thread.interrupted();
        }
    }

    @Test
    void answers32ThreadsAtOnceAsItAnswersOne() throws Exception {
        int threads = 32;
        List<String> texts = IntStream.range(0, threads)
                .mapToObj(i -> "Text number " + i + " of " + "many ".repeat(i))
                .toList();
        List<float[]> alone = texts.stream().map(LocalDialectTest::one).toList();
        CyclicBarrier start = new CyclicBarrier(threads);
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Callable<List<float[]>>> work = new ArrayList<>();
            for (String text : texts) {
                work.add(() -> {
                    start.await();
                    return Calls.embed(DIALECT, text, "shared", text).embeddings();
                });
            }
            List<Future<List<float[]>>> answers = pool.invokeAll(work);
            for (int i = 0; i < threads; i++) {
                List<float[]> answer = answers.get(i).get();
                assertThat(cosine(answer.get(0), alone.get(i))).isCloseTo(1, within(1e-4));
                assertThat(cosine(answer.get(2), alone.get(i))).isCloseTo(1, within(1e-4));
            }
        } finally {
            pool.shutdownNow();
        }
    }

    private static float[] one(String text) {
        return Calls.embed(DIALECT, text).embeddings().get(0);
    }
}
