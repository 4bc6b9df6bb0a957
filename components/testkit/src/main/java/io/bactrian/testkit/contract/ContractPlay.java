package io.bactrian.testkit.contract;

import io.bactrian.core.json.JsonObject;
import io.bactrian.core.tenant.Caller;
import io.bactrian.core.tenant.CallerClaim;
import io.bactrian.core.tool.ToolAddress;
import io.bactrian.core.tool.ToolInvokeMessage;
import io.bactrian.core.tool.ToolStream;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * What the contract tools do, in the words of no kind. A kind's tool calls {@link #perform} when it is called, and gives what comes
 * of it in its kind's own way: it reads it message by message, closes it when it is closed itself, and throws what it throws. A
 * message that the kind has no way to give it refuses with an {@link UnsupportedOperationException}. Thread-safe.
 */
public final class ContractPlay {

    private final List<Call> calls = new CopyOnWriteArrayList<>();
    private final Map<String, Scene> scenes = new ConcurrentHashMap<>();
    private final AtomicInteger open = new AtomicInteger();

    ContractPlay() {}

    /**
     * A call as a tool got it.
     *
     * @param tool the name of the tool
     * @param arguments what it was called with
     * @param nested the claim of calls that it makes on its caller's behalf; null for a kind whose tools do not learn who calls
     */
    record Call(String tool, JsonObject arguments, @Nullable CallerClaim nested) {

        /** The claim, of a kind whose tools learn who calls. */
        CallerClaim onBehalf() {
            if (nested == null) {
                throw new AssertionError("the tool " + tool + " did not learn who calls it");
            }
            return nested;
        }
    }

    /** What the tool {@code play} does when it is called with the name of the scene. */
    @FunctionalInterface
    interface Scene {
        ToolStream play(Call call);
    }

    /**
     * Does what a contract tool does.
     *
     * @param tool its name
     * @param arguments what it was called with: only what is declared, and only what has a value
     * @param nested the claim of calls that it makes on its caller's behalf; null for a kind whose tools do not learn who calls
     */
    public ToolStream perform(String tool, JsonObject arguments, @Nullable CallerClaim nested) {
        Call call = new Call(tool, arguments, nested);
        calls.add(call);
        open.incrementAndGet();
        try {
            return new Performance(stream(call));
        } catch (RuntimeException | Error e) {
            open.decrementAndGet();
            throw e;
        }
    }

    /** The claim of calls that a tool makes, for a kind that tells it the caller. */
    public static CallerClaim nested(Caller caller, ToolAddress tool) {
        return caller.nested(tool.toString(), caller.requestId());
    }

    private ToolStream stream(Call call) {
        return switch (call.tool()) {
            case ContractTools.WORD ->
                ToolStream.ofText(call.arguments().findText("text").orElse(""));
            case ContractTools.PLAY ->
                scene(call.arguments().findText("scene").orElse("")).play(call);
            default -> ToolStream.of(new ToolInvokeMessage.Json(call.arguments()));
        };
    }

    private Scene scene(String name) {
        Scene scene = scenes.get(name);
        if (scene == null) {
            throw new IllegalStateException("no test has set a scene '" + name + "'");
        }
        return scene;
    }

    /** Sets what the tool {@code play} does with that name. */
    void scene(String name, Scene scene) {
        scenes.put(name, scene);
    }

    /** The calls that tools got, in order. */
    List<Call> calls() {
        return List.copyOf(calls);
    }

    /** The one call that a tool got. */
    Call call() {
        if (calls.size() != 1) {
            throw new AssertionError("a tool was to be called once, and was " + calls.size() + " times");
        }
        return calls.get(0);
    }

    /** How many performances are neither at their end nor closed. */
    int open() {
        return open.get();
    }

    private final class Performance implements ToolStream {

        private final ToolStream stream;
        private final AtomicBoolean over = new AtomicBoolean();

        private Performance(ToolStream stream) {
            this.stream = stream;
        }

        @Override
        public boolean hasNext() {
            boolean more;
            try {
                more = stream.hasNext();
            } catch (RuntimeException e) {
                end();
                throw e;
            }
            if (!more) {
                end();
            }
            return more;
        }

        @Override
        public ToolInvokeMessage next() {
            try {
                return stream.next();
            } catch (RuntimeException e) {
                end();
                throw e;
            }
        }

        @Override
        public void close() {
            end();
            stream.close();
        }

        private void end() {
            if (over.compareAndSet(false, true)) {
                open.decrementAndGet();
            }
        }
    }
}
