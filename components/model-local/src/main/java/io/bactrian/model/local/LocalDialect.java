package io.bactrian.model.local;

import io.bactrian.core.credential.Credentials;
import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.model.DialectEnvironment;
import io.bactrian.core.model.ModelCall;
import io.bactrian.core.model.ModelDialect;
import io.bactrian.core.model.TextEmbeddingRequest;
import io.bactrian.core.model.TextEmbeddingResult;
import io.bactrian.core.model.TokenUsage;
import io.bactrian.core.provider.ProviderEntity;
import io.bactrian.core.tenant.Deadline;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Asks the models inside the JVM. Works on the caller's thread, text by text, and looks at the deadline in between.
 * Closing it does not close the model, which belongs to the JVM and may be used by other contexts; but it waits for calls
 * that are being answered: a process must not end while native code runs.
 */
final class LocalDialect implements ModelDialect {

    /** A text is tokenized in one piece; this bounds the memory and the time that no deadline can cut short. */
    static final int LONGEST_TEXT = 256 * 1024;

    private static final long CLOSING_SECONDS = 5;

    private final DialectEnvironment environment;
    private final ReentrantReadWriteLock answering = new ReentrantReadWriteLock();
    private volatile boolean closed;

    LocalDialect(DialectEnvironment environment) {
        this.environment = environment;
    }

    @Override
    public String name() {
        return LocalProvider.NAME;
    }

    @Override
    public TextEmbeddingResult invokeTextEmbedding(ModelCall call, TextEmbeddingRequest request) {
        checkModel(call.wireModel());
        List<String> texts = request.texts();
        checkTexts(texts);
        MiniLm model = model(call.deadline());
        List<float[]> vectors = new ArrayList<>(texts.size());
        long tokens = 0;
        for (int index = 0; index < texts.size(); index++) {
            Optional<MiniLm.Embedding> embedding = embed(model, texts.get(index), call.deadline());
            if (embedding.isEmpty()) {
                throw blank(List.of(index));
            }
            vectors.add(embedding.get().vector());
            tokens += embedding.get().tokens();
        }
        return new TextEmbeddingResult(call.wireModel(), vectors, TokenUsage.ofInput(tokens), null);
    }

    private Optional<MiniLm.Embedding> embed(MiniLm model, String text, Deadline deadline) {
        answering.readLock().lock();
        try {
            if (closed) {
                throw MiniLm.stopping();
            }
            return model.embed(text, deadline, () -> closed);
        } finally {
            answering.readLock().unlock();
        }
    }

    @Override
    public void close() {
        closed = true;
        try {
            if (answering.writeLock().tryLock(CLOSING_SECONDS, TimeUnit.SECONDS)) {
                answering.writeLock().unlock();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** No credential has to be right: answers whether the model loads on this machine. */
    @Override
    public void validate(ProviderEntity provider, Credentials credentials, Deadline deadline) {
        model(deadline);
    }

    private MiniLm model(Deadline deadline) {
        return SharedModel.get(environment::dataFolder, deadline);
    }

    private static void checkModel(String model) {
        if (!model.equals(LocalProvider.MINI_LM)) {
            throw new BadRequestException(
                    ErrorCode.MODEL_NOT_FOUND,
                    "the provider '" + LocalProvider.NAME + "' has no model of that name; it has "
                            + LocalProvider.MINI_LM);
        }
    }

    private static void checkTexts(List<String> texts) {
        if (texts.isEmpty()) {
            throw new BadRequestException(
                    ErrorCode.INVALID_PARAM, "there is no text to embed: give at least one that is not blank");
        }
        if (texts.size() > LocalProvider.MAX_CHUNKS) {
            throw new BadRequestException(
                    ErrorCode.REQUEST_TOO_LARGE,
                    "the local model takes " + LocalProvider.MAX_CHUNKS + " texts at once, not " + texts.size()
                            + ": send them in several calls");
        }
        List<Integer> blank = indexes(texts, String::isBlank);
        if (!blank.isEmpty()) {
            throw blank(blank);
        }
        List<Integer> tooLong = indexes(texts, text -> text.length() > LONGEST_TEXT);
        if (!tooLong.isEmpty()) {
            throw new BadRequestException(
                    ErrorCode.CONTEXT_LENGTH_EXCEEDED,
                    "the text at index " + listed(tooLong) + " is longer than " + LONGEST_TEXT
                            + " characters: split it into passages of about " + LocalProvider.CONTEXT_SIZE
                            + " tokens");
        }
    }

    private static BadRequestException blank(List<Integer> indexes) {
        return new BadRequestException(
                ErrorCode.INVALID_PARAM,
                "the text at index " + listed(indexes)
                        + " is blank or has nothing in it that can be read (indexes begin at 0): leave such texts out");
    }

    private static List<Integer> indexes(List<String> texts, Predicate<String> wanted) {
        return IntStream.range(0, texts.size())
                .filter(index -> wanted.test(texts.get(index)))
                .boxed()
                .toList();
    }

    /** The first few of them: a request may have two thousand. */
    private static String listed(List<Integer> indexes) {
        String first = indexes.stream().limit(10).map(String::valueOf).collect(Collectors.joining(", "));
        return indexes.size() > 10 ? first + " and " + (indexes.size() - 10) + " more" : first;
    }
}
