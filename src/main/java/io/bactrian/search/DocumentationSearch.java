package io.bactrian.search;

import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.ErrorDetails;
import io.bactrian.core.error.InvokeException;
import io.bactrian.core.error.UnavailableException;
import io.bactrian.core.invoke.InvocationTarget;
import io.bactrian.core.invoke.ModelManager;
import io.bactrian.core.model.TextEmbeddingRequest;
import io.bactrian.core.model.TextEmbeddingResult;
import io.bactrian.core.provider.ModelType;
import io.bactrian.core.provider.ProviderId;
import io.bactrian.core.tenant.AppId;
import io.bactrian.core.tenant.CallerClaim;
import io.bactrian.core.tenant.Deadline;
import io.bactrian.core.tenant.InvokeSource;
import io.bactrian.core.tenant.RequestId;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tool.ToolErrors;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.apache.camel.Header;
import org.apache.camel.Variable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The steps of {@code routes/search.yaml} around the model: what is asked, and what comes near it. The passages' vectors
 * come with the passages; where they do not, they are made at the start, through the chain like any other call.
 */
public final class DocumentationSearch {

    /** The model that compares questions and passages. */
    public static final String MODEL = "all-minilm-l6-v2";

    private static final Logger LOG = LoggerFactory.getLogger(DocumentationSearch.class);
    private static final int LONGEST_QUESTION = 1_000;
    private static final int PASSAGES_FOR_A_TOOL = 5;

    /** What is about something else altogether comes to 0.35 at most, what answers a question to 0.44 at least. */
    private static final double NEAR = 0.38;

    private static final int MOST_RESULTS = 50;
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Supplier<ModelManager> models;
    private final Executor executor;
    private final AtomicReference<@Nullable CompletableFuture<PassageIndex>> index = new AtomicReference<>();

    /**
     * @param models the way to the model
     * @param executor reads or makes the vectors
     */
    public DocumentationSearch(Supplier<ModelManager> models, Executor executor) {
        this.models = models;
        this.executor = executor;
    }

    /** Begins to make the vectors, if nobody has. */
    public void prepare() {
        index();
    }

    /**
     * The question of a request.
     *
     * @throws BadRequestException with {@code invalid_param} if there is none, or more than one, or it is too long
     */
    public String question(@Header("q") @Nullable Object q) {
        if (q == null || q.toString().isBlank()) {
            throw new BadRequestException(
                    ErrorCode.INVALID_PARAM,
                    "the query parameter q is missing: ask something, as in /search?q=how+do+I+...");
        }
        if (!(q instanceof String question)) {
            throw new BadRequestException(ErrorCode.INVALID_PARAM, "the query parameter q is there more than once");
        }
        if (question.length() > LONGEST_QUESTION) {
            throw new BadRequestException(
                    ErrorCode.INVALID_PARAM,
                    "the query parameter q is longer than " + LONGEST_QUESTION + " characters");
        }
        return question.strip();
    }

    /** The passages nearest to the question that the model has turned into a vector. */
    public SearchAnswer rank(
            TextEmbeddingResult embedded, @Header("q") String question, @Header("limit") @Nullable String limit) {
        List<PassageIndex.Match> matches =
                await(index()).nearest(embedded.embeddings().get(0), question, limit(limit));
        List<SearchAnswer.Result> results = new ArrayList<>();
        for (PassageIndex.Match match : matches) {
            results.add(new SearchAnswer.Result(
                    results.size() + 1,
                    Math.round(match.score() * 10_000) / 10_000.0,
                    match.passage().source(),
                    match.passage().heading(),
                    match.passage().text()));
        }
        return new SearchAnswer(question.strip(), "local/" + MODEL, results);
    }

    /**
     * The passages nearest to the question that the model has turned into a vector, as text for a model or a person.
     *
     * @throws io.bactrian.core.error.InvokeException with {@code tool_invoke_error} if none is near: nobody is to take passages about something else
     *     for an answer
     */
    public String passages(TextEmbeddingResult embedded, @Variable("question") String question) {
        StringBuilder text = new StringBuilder();
        for (PassageIndex.Match match :
                await(index()).nearest(embedded.embeddings().get(0), question, PASSAGES_FOR_A_TOOL)) {
            if (match.score() < NEAR) {
                break;
            }
            text.append(text.isEmpty() ? "" : "\n\n")
                    .append(match.passage().heading())
                    .append(" (")
                    .append(match.passage().source())
                    .append(")\n")
                    .append(match.passage().text());
        }
        if (text.isEmpty()) {
            throw ToolErrors.failed("the documentation of Bactrian says nothing about this");
        }
        return text.toString();
    }

    private static int limit(@Nullable String limit) {
        if (limit == null) {
            return 5;
        }
        try {
            int most = Integer.parseInt(limit.strip());
            if (most >= 1 && most <= MOST_RESULTS) {
                return most;
            }
        } catch (NumberFormatException e) {
            LOG.debug("limit is no number");
        }
        throw new BadRequestException(
                ErrorCode.INVALID_PARAM, "the query parameter limit is a number from 1 to " + MOST_RESULTS);
    }

    private CompletableFuture<PassageIndex> index() {
        CompletableFuture<PassageIndex> known = index.get();
        if (known != null && !known.isCompletedExceptionally()) {
            return known;
        }
        CompletableFuture<PassageIndex> fresh = new CompletableFuture<>();
        // one makes it; after a failure the next one to ask tries again
        if (!index.compareAndSet(known, fresh)) {
            return index();
        }
        executor.execute(() -> make(fresh));
        return fresh;
    }

    private void make(CompletableFuture<PassageIndex> into) {
        try {
            List<Passage> passages = Documentation.passages();
            PassageIndex made = Documentation.index(passages, MODEL).orElseGet(() -> build(models.get(), passages));
            into.complete(made);
        } catch (RuntimeException e) {
            LOG.warn("the search index could not be made: {}", e.toString());
            into.completeExceptionally(e);
        }
    }

    /** The index of passages, its vectors made now. */
    static PassageIndex build(ModelManager models, List<Passage> passages) {
        long begun = System.nanoTime();
        PassageIndex made = PassageIndex.build(passages, texts -> embed(models, texts));
        LOG.info(
                "search index of {} passages made in {} ms",
                passages.size(),
                TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun));
        return made;
    }

    private static List<float[]> embed(ModelManager models, List<String> texts) {
        CallerClaim claim = new CallerClaim(
                null,
                TenantId.DEFAULT,
                null,
                new AppId("search"),
                null,
                InvokeSource.ROUTE,
                0,
                new RequestId("search-" + UUID.randomUUID()),
                Deadline.in(PATIENCE));
        return models.instance(
                        claim, InvocationTarget.Model.of(new ProviderId("local"), MODEL, ModelType.TEXT_EMBEDDING))
                .invokeTextEmbedding(TextEmbeddingRequest.ofDocuments(texts))
                .embeddings();
    }

    private static PassageIndex await(CompletableFuture<PassageIndex> index) {
        try {
            return index.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw notReady(e);
        } catch (TimeoutException e) {
            throw notReady(e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof InvokeException known) {
                throw known;
            }
            throw notReady(e);
        }
    }

    private static UnavailableException notReady(Exception cause) {
        return new UnavailableException(
                ErrorCode.OVERLOADED, "the search index is not ready: come back soon", ErrorDetails.NONE, cause);
    }
}
