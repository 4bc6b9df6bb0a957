package io.bactrian.testkit;

import io.bactrian.core.credential.CredentialForm;
import io.bactrian.core.credential.Credentials;
import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.InvokeException;
import io.bactrian.core.error.UnavailableException;
import io.bactrian.core.invoke.CallTrace;
import io.bactrian.core.invoke.Interceptor;
import io.bactrian.core.invoke.Invocation;
import io.bactrian.core.invoke.InvocationReply;
import io.bactrian.core.invoke.InvocationTarget;
import io.bactrian.core.invoke.Phase;
import io.bactrian.core.model.DialectEnvironment;
import io.bactrian.core.model.FinishReason;
import io.bactrian.core.model.LlmRequest;
import io.bactrian.core.model.LlmResult;
import io.bactrian.core.model.LlmResultChunk;
import io.bactrian.core.model.ModelCall;
import io.bactrian.core.model.ModelDialect;
import io.bactrian.core.model.ModelDialectFactory;
import io.bactrian.core.model.ModelRequest;
import io.bactrian.core.model.ModelStream;
import io.bactrian.core.model.PromptMessage;
import io.bactrian.core.model.PromptMessageContent;
import io.bactrian.core.model.TextEmbeddingRequest;
import io.bactrian.core.model.TextEmbeddingResult;
import io.bactrian.core.model.TokenUsage;
import io.bactrian.core.provider.AIModelEntity;
import io.bactrian.core.provider.ConfigurateMethod;
import io.bactrian.core.provider.ModelPricing;
import io.bactrian.core.provider.ModelType;
import io.bactrian.core.provider.ProviderEntity;
import io.bactrian.core.provider.ProviderId;
import io.bactrian.core.provider.ProviderSource;
import io.bactrian.core.tenant.Caller;
import io.bactrian.core.tenant.Deadline;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A provider for tests of routes: answers from a script and remembers what it was asked. Bound into a Camel context's
 * registry before the context starts, it stands in for the providers it names, so that {@code model:openai/gpt-4o-mini} in
 * the route under test needs no key, no network and no change. The whole chain in front of it stays as it is: tenants,
 * access, credentials of other providers, metrics.
 *
 * <p>Answers are given in this order: the first rule whose condition holds; else the next of the queue; else the call is
 * refused with {@code bad_request}, saying what was asked.
 */
public final class ScriptedModel implements ModelDialectFactory, Interceptor {

    private static final String DIALECT = "scripted";

    private final List<ProviderId> providers;
    private final List<Rule> rules = new CopyOnWriteArrayList<>();
    private final Queue<Function<LlmRequest, Answer>> queue = new ConcurrentLinkedQueue<>();
    private final List<Asked> asked = new CopyOnWriteArrayList<>();
    private final Map<CallTrace, InvokeException> failed = Collections.synchronizedMap(new WeakHashMap<>());
    private final AtomicInteger openStreams = new AtomicInteger();
    private volatile Function<String, float[]> vectors = ScriptedModel::letters;
    private final Map<String, ModelPricing> prices = new ConcurrentHashMap<>();
    private volatile boolean saysUsage = true;

    private ScriptedModel(List<ProviderId> providers) {
        this.providers = providers;
    }

    /** A script that stands in for these providers. */
    public static ScriptedModel insteadOf(String... providers) {
        return new ScriptedModel(Arrays.stream(providers).map(ProviderId::new).toList());
    }

    /**
     * What a call asked, and for whom.
     *
     * @param caller on whose account
     * @param target which model
     * @param request what
     */
    public record Asked(Caller caller, InvocationTarget.Model target, ModelRequest request) {

        /** The text of the last message of a question, or the texts to embed, a line each. */
        public String text() {
            return textOf(request);
        }
    }

    private record Rule(Predicate<String> condition, Function<LlmRequest, Answer> answer) {}

    private record Answer(
            List<String> pieces,
            List<PromptMessage.ToolCall> calls,
            String reasoning,
            @Nullable InvokeException error,
            boolean stalls) {

        static Answer of(List<String> pieces, PromptMessage.ToolCall... calls) {
            return new Answer(pieces, List.of(calls), "", null, false);
        }

        FinishReason reason() {
            return calls.isEmpty() ? FinishReason.STOP : FinishReason.TOOL_CALLS;
        }
    }

    /** Adds a rule: questions whose last message meets the condition are answered with this text. */
    public ScriptedModel when(Predicate<String> condition, String answer) {
        return when(condition, request -> answer);
    }

    /** Adds a rule: questions whose last message meets the condition are answered with what the function gives. */
    public ScriptedModel when(Predicate<String> condition, Function<LlmRequest, String> answer) {
        rules.add(new Rule(condition, request -> Answer.of(List.of(answer.apply(request)))));
        return this;
    }

    /** Adds a rule: questions whose last message meets the condition are answered with the calls that the function gives. */
    public ScriptedModel callWhen(
            Predicate<String> condition, Function<LlmRequest, List<PromptMessage.ToolCall>> calls) {
        rules.add(new Rule(
                condition,
                request -> Answer.of(List.of(), calls.apply(request).toArray(PromptMessage.ToolCall[]::new))));
        return this;
    }

    /** Adds an answer to the queue; a streamed one comes in these pieces, a whole one is their text. */
    public ScriptedModel reply(String... pieces) {
        List<String> all = List.of(pieces);
        queue.add(request -> Answer.of(all));
        return this;
    }

    /**
     * Adds an answer to the queue that calls a tool and says nothing.
     *
     * @param tool the tool's name, as the model is shown it
     * @param arguments what the model writes: meant to be a JSON object
     */
    public ScriptedModel call(String tool, String arguments) {
        return calls(new PromptMessage.ToolCall("call-" + tool, tool, arguments));
    }

    /** Adds an answer to the queue that calls several tools at once and says nothing. */
    public ScriptedModel calls(PromptMessage.ToolCall... calls) {
        queue.add(request -> Answer.of(List.of(), calls));
        return this;
    }

    /** Adds an answer to the queue that says something and calls tools. */
    public ScriptedModel sayAndCall(String text, PromptMessage.ToolCall... calls) {
        queue.add(request -> Answer.of(List.of(text), calls));
        return this;
    }

    /** Adds an answer to the queue that shows what the model thought before. */
    public ScriptedModel think(String reasoning, String text) {
        queue.add(request -> new Answer(List.of(text), List.of(), reasoning, null, false));
        return this;
    }

    /** Adds an answer to the queue that, streamed, comes in these pieces and then nothing more until its stream is closed. */
    public ScriptedModel stall(String... pieces) {
        List<String> all = List.of(pieces);
        queue.add(request -> new Answer(all, List.of(), "", null, true));
        return this;
    }

    /**
     * Adds a failure to the queue: one call fails with it, with all the attempts that the chain makes of it. Those take their
     * time, unless {@code bactrian.retry.count} is 0.
     */
    public ScriptedModel fail(InvokeException error) {
        queue.add(request -> new Answer(List.of(), List.of(), "", error, false));
        return this;
    }

    /** What a language model costs; by default that is not known. To be said before the context starts. */
    public ScriptedModel priced(String llm, ModelPricing price) {
        prices.put(llm, price);
        return this;
    }

    /** Leaves out how many tokens answers take, as some servers do. */
    public ScriptedModel withoutUsage() {
        saysUsage = false;
        return this;
    }

    /** How many streamed answers are neither read to their end nor closed. */
    public int openStreams() {
        return openStreams.get();
    }

    /** Says how texts become vectors; by default by the letters they have. */
    public ScriptedModel embed(Function<String, float[]> vector) {
        vectors = vector;
        return this;
    }

    /** What was asked so far, in order. */
    public List<Asked> asked() {
        return List.copyOf(asked);
    }

    /** What was asked last. Throws if nothing was. */
    public Asked lastAsked() {
        if (asked.isEmpty()) {
            throw new AssertionError("the scripted model was asked nothing");
        }
        return asked.get(asked.size() - 1);
    }

    @Override
    public List<ModelDialect> dialects(DialectEnvironment environment) {
        return List.of(new Dialect());
    }

    @Override
    public List<ProviderSource> providers(DialectEnvironment environment) {
        return List.of(() -> providers.stream().map(this::declaration).toList());
    }

    @Override
    public Phase phase() {
        return Phase.TRANSPORT;
    }

    @Override
    public InvocationReply intercept(Invocation invocation, Next next) {
        if (invocation.target() instanceof InvocationTarget.Model target
                && providers.contains(target.provider())
                && invocation.request() instanceof ModelRequest request) {
            return ask(invocation, new Asked(invocation.caller(), target, request), next);
        }
        return next.proceed(invocation);
    }

    /** A call that has failed fails with all its attempts: what was scripted for one call is not used up by the chain's retries. */
    private InvocationReply ask(Invocation invocation, Asked question, Next next) {
        InvokeException before = failed.get(invocation.trace());
        if (before != null) {
            throw before;
        }
        asked.add(question);
        try {
            return next.proceed(invocation);
        } catch (InvokeException e) {
            failed.put(invocation.trace(), e);
            throw e;
        }
    }

    private Answer answer(LlmRequest request) {
        String text = textOf(request);
        for (Rule rule : rules) {
            if (rule.condition().test(text)) {
                return rule.answer().apply(request);
            }
        }
        Function<LlmRequest, Answer> next = queue.poll();
        if (next == null) {
            throw new BadRequestException(
                    ErrorCode.BAD_REQUEST,
                    "the script has no answer to: " + (text.length() > 200 ? text.substring(0, 200) + "…" : text));
        }
        return next.apply(request);
    }

    private static String textOf(ModelRequest request) {
        if (request instanceof LlmRequest llm) {
            List<PromptMessage> messages = llm.messages();
            return messages.isEmpty() ? "" : messages.get(messages.size() - 1).text();
        }
        return String.join("\n", ((TextEmbeddingRequest) request).texts());
    }

    /** 26 numbers: how often each letter stands in the text, to length 1. */
    private static float[] letters(String text) {
        float[] counts = new float[26];
        text.chars()
                .map(Character::toLowerCase)
                .filter(c -> c >= 'a' && c <= 'z')
                .forEach(c -> counts[c - 'a']++);
        double length = 0;
        for (float count : counts) {
            length += count * count;
        }
        for (int i = 0; i < counts.length && length > 0; i++) {
            counts[i] /= (float) Math.sqrt(length);
        }
        return counts;
    }

    private ProviderEntity declaration(ProviderId id) {
        Map<ModelType, AIModelEntity> templates = new EnumMap<>(ModelType.class);
        for (ModelType type : List.of(ModelType.LLM, ModelType.TEXT_EMBEDDING)) {
            templates.put(type, model("any", type, null));
        }
        return new ProviderEntity(
                id,
                id.value() + " (scripted)",
                "Answers from a script",
                null,
                DIALECT,
                id.value(),
                templates.keySet(),
                Set.of(ConfigurateMethod.PREDEFINED_MODEL, ConfigurateMethod.CUSTOMIZABLE_MODEL),
                prices.entrySet().stream()
                        .map(price -> model(price.getKey(), ModelType.LLM, price.getValue()))
                        .toList(),
                templates,
                CredentialForm.EMPTY,
                null,
                Map.of());
    }

    private static AIModelEntity model(String name, ModelType type, @Nullable ModelPricing pricing) {
        return new AIModelEntity(
                name,
                name,
                type,
                pricing == null ? ConfigurateMethod.CUSTOMIZABLE_MODEL : ConfigurateMethod.PREDEFINED_MODEL,
                Set.of(),
                null,
                null,
                false,
                List.of(),
                true,
                pricing);
    }

    private final class Dialect implements ModelDialect {

        @Override
        public String name() {
            return DIALECT;
        }

        @Override
        public LlmResult invokeLlm(ModelCall call, LlmRequest request) {
            Answer answer = answer(request);
            if (answer.error() != null) {
                throw answer.error();
            }
            String text = String.join("", answer.pieces());
            return new LlmResult(
                    call.requestId().value(),
                    call.wireModel(),
                    new PromptMessage.Assistant(
                            text.isEmpty() ? List.of() : List.of(new PromptMessageContent.Text(text)),
                            null,
                            answer.calls(),
                            answer.reasoning()),
                    answer.reason(),
                    usage(request, answer.pieces()),
                    null,
                    null);
        }

        @Override
        public ModelStream streamLlm(ModelCall call, LlmRequest request) {
            Answer answer = answer(request);
            if (answer.error() != null) {
                throw answer.error();
            }
            List<LlmResultChunk> chunks = new ArrayList<>();
            if (!answer.reasoning().isEmpty()) {
                chunks.add(new LlmResultChunk(
                        call.requestId().value(),
                        call.wireModel(),
                        "",
                        answer.reasoning(),
                        List.of(),
                        null,
                        null,
                        null));
            }
            answer.pieces().forEach(piece -> chunks.add(chunk(call, piece, List.of(), null, null)));
            for (int i = 0; i < answer.calls().size(); i++) {
                PromptMessage.ToolCall wanted = answer.calls().get(i);
                chunks.add(chunk(
                        call,
                        "",
                        List.of(new LlmResultChunk.ToolCallDelta(i, wanted.id(), wanted.name(), wanted.arguments())),
                        null,
                        null));
            }
            chunks.add(chunk(call, "", List.of(), answer.reason(), usage(request, answer.pieces())));
            openStreams.incrementAndGet();
            return new ScriptedStream(chunks.iterator(), answer.stalls(), openStreams::decrementAndGet);
        }

        private LlmResultChunk chunk(
                ModelCall call,
                String text,
                List<LlmResultChunk.ToolCallDelta> calls,
                @Nullable FinishReason reason,
                @Nullable TokenUsage usage) {
            return new LlmResultChunk(call.requestId().value(), call.wireModel(), text, "", calls, reason, usage, null);
        }

        private @Nullable TokenUsage usage(LlmRequest request, List<String> pieces) {
            if (!saysUsage) {
                return null;
            }
            return new TokenUsage(words(textOf(request)), 0, 0, 0, words(String.join("", pieces)), 0, 0);
        }

        private long words(String text) {
            return text.isBlank() ? 0 : text.strip().split("\\s+").length;
        }

        @Override
        public TextEmbeddingResult invokeTextEmbedding(ModelCall call, TextEmbeddingRequest request) {
            return new TextEmbeddingResult(
                    call.wireModel(),
                    request.texts().stream().map(vectors).toList(),
                    TokenUsage.ofInput(words(textOf(request))),
                    null);
        }

        @Override
        public void validate(ProviderEntity provider, Credentials credentials, Deadline deadline) {
            // a script is open to everybody
        }
    }

    private static final class ScriptedStream implements ModelStream {

        private final Iterator<LlmResultChunk> chunks;
        private final boolean stalls;
        private final Runnable ended;
        private final CountDownLatch closed = new CountDownLatch(1);
        private final AtomicBoolean over = new AtomicBoolean();
        private @Nullable LlmResultChunk kept;

        ScriptedStream(Iterator<LlmResultChunk> chunks, boolean stalls, Runnable ended) {
            this.chunks = chunks;
            this.stalls = stalls;
            this.ended = ended;
        }

        @Override
        public boolean hasNext() {
            if (closed.getCount() == 0) {
                return false;
            }
            if (kept == null && chunks.hasNext()) {
                kept = chunks.next();
            }
            LlmResultChunk next = kept;
            boolean last = next == null || next.finishReason() != null;
            if (last && stalls) {
                awaitClose();
                return false;
            }
            if (next == null) {
                end();
            }
            return next != null;
        }

        private void awaitClose() {
            try {
                closed.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new UnavailableException(ErrorCode.CANCELLED, "the script was interrupted");
            }
        }

        @Override
        public LlmResultChunk next() {
            if (!hasNext()) {
                throw new NoSuchElementException("the script has no more pieces");
            }
            LlmResultChunk next = Objects.requireNonNull(kept);
            kept = null;
            return next;
        }

        @Override
        public void close() {
            closed.countDown();
            end();
        }

        private void end() {
            if (over.compareAndSet(false, true)) {
                ended.run();
            }
        }
    }
}
