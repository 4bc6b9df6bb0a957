package io.bactrian.agent;

import io.bactrian.core.invoke.Invocation;
import io.bactrian.core.model.LlmRequest;
import io.bactrian.core.model.LlmResult;
import io.bactrian.core.model.LlmResultAccumulator;
import io.bactrian.core.model.LlmResultChunk;
import io.bactrian.core.model.ModelStream;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A run's questions to the model, one after the other: an answer comes whole, or piece by piece. Driven by the thread that reads
 * the run; {@link #close} may come from any.
 */
final class ModelTurn {

    private final AgentServices services;
    private final AgentSettings settings;
    private final NestedClaims claims;
    private @Nullable Reading reading;
    private volatile @Nullable ModelStream stream;
    private volatile boolean closed;

    /** An answer that comes piece by piece. */
    private record Reading(Invocation asked, long askedAt, ModelStream stream, LlmResultAccumulator whole) {}

    /**
     * An answer that is there.
     *
     * @param result the answer
     * @param call the call that it came of
     * @param time how long the model took
     */
    record Answer(LlmResult result, Invocation call, Duration time) {}

    ModelTurn(AgentServices services, AgentSettings settings, NestedClaims claims) {
        this.services = services;
        this.settings = settings;
        this.claims = claims;
    }

    /**
     * Asks.
     *
     * @return the answer, if it has come whole; otherwise {@link #read} brings it
     */
    Optional<Answer> ask(LlmRequest request) {
        Invocation call = services.models()
                .instance(claims.next(), settings.model())
                .invocation(request.streaming(settings.stream()));
        long askedAt = services.nanoClock().getAsLong();
        if (!settings.stream()) {
            LlmResult result = (LlmResult) services.models().chain().invoke(call);
            return Optional.of(new Answer(result, call, since(askedAt)));
        }
        ModelStream opened = (ModelStream) services.models().chain().invoke(call);
        stream = opened;
        if (closed) {
            // by another thread, which has not seen this one
            opened.close();
        }
        reading = new Reading(call, askedAt, opened, new LlmResultAccumulator());
        return Optional.empty();
    }

    /**
     * Reads the next piece.
     *
     * @param events are told of what it says
     * @return the answer, if that was all of it
     */
    Optional<Answer> read(Consumer<AgentEvent> events) {
        Reading from = reading;
        if (from == null) {
            throw new IllegalStateException("no answer is being read");
        }
        if (from.stream().hasNext()) {
            LlmResultChunk chunk = from.stream().next();
            from.whole().add(chunk);
            tell(chunk, events);
            return Optional.empty();
        }
        if (closed) {
            // what has come is not all of it
            throw AgentStream.closedBeforeItsEnd();
        }
        from.stream().close();
        stream = null;
        reading = null;
        return Optional.of(new Answer(from.whole().result(), from.asked(), since(from.askedAt())));
    }

    private static void tell(LlmResultChunk chunk, Consumer<AgentEvent> events) {
        if (!chunk.reasoning().isEmpty()) {
            events.accept(new AgentEvent.Reasoning(chunk.reasoning()));
        }
        if (!chunk.text().isEmpty()) {
            events.accept(new AgentEvent.Text(chunk.text()));
        }
    }

    private Duration since(long askedAt) {
        return Duration.ofNanos(Math.max(0, services.nanoClock().getAsLong() - askedAt));
    }

    /** Cuts the model off. */
    void close() {
        closed = true;
        ModelStream open = stream;
        if (open != null) {
            open.close();
        }
    }
}
