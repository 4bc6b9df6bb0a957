package io.bactrian.core.tool;

import io.bactrian.core.json.JsonCodec;
import io.bactrian.core.json.JsonObject;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A tool. Its declaration and what it does are shared by all calls; what a call brings is in the {@link ToolRuntime} that it is
 * forked with. Thread-safe.
 */
public final class Tool {

    private final ToolProviderType type;
    private final ToolEntity entity;
    private final ToolFunction function;
    private final ArgumentBinder binder;
    private final ToolAddress address;
    private final List<ToolParameter> llmParameters;
    private final @Nullable ToolRuntime runtime;

    /**
     * A tool that nobody calls yet.
     *
     * @param type its kind
     * @param entity its declaration
     * @param function what it does
     * @param codec reads JSON and checks it
     * @throws io.bactrian.core.error.MisconfiguredException if a default does not fit its parameter or a schema is none
     */
    public Tool(ToolProviderType type, ToolEntity entity, ToolFunction function, JsonCodec codec) {
        this.type = type;
        this.entity = entity;
        this.function = function;
        this.binder = new ArgumentBinder(entity, codec);
        this.address = new ToolAddress(type, entity.identity().provider(), entity.name());
        this.llmParameters = entity.llmParameters();
        this.runtime = null;
    }

    private Tool(Tool declared, ToolRuntime runtime) {
        this.type = declared.type;
        this.entity = declared.entity;
        this.function = declared.function;
        this.binder = declared.binder;
        this.address = declared.address;
        this.llmParameters = declared.llmParameters;
        this.runtime = runtime;
    }

    /** Its declaration. */
    public ToolEntity entity() {
        return entity;
    }

    /** Its kind. */
    public ToolProviderType toolProviderType() {
        return type;
    }

    /** Its address. */
    public ToolAddress address() {
        return address;
    }

    /** The parameters that a model gives, as {@link ToolEntity#llmParameters} has them. */
    public List<ToolParameter> llmParameters() {
        return llmParameters;
    }

    /** What the call brings; empty before it was forked. */
    public Optional<ToolRuntime> runtime() {
        return Optional.ofNullable(runtime);
    }

    /** This tool for one call: it shares the declaration, and never the runtime. */
    public Tool forkToolRuntime(ToolRuntime call) {
        return new Tool(this, call);
    }

    /** The JSON Schema of what a model gives it: an object. */
    public JsonObject functionSchema() {
        return functionSchema(Set.of());
    }

    /** As {@link #functionSchema()}, without parameters that are set already. */
    public JsonObject functionSchema(Set<String> fixed) {
        return ToolSchemas.function(entity, fixed, binder::defaultOf);
    }

    /**
     * Arguments that fit.
     *
     * @param arguments the arguments
     * @param ignored the names of what was given and is no parameter, or not for the caller to give
     */
    public record Bound(ToolArguments arguments, List<String> ignored) {
        /** Copies the list. */
        public Bound {
            ignored = List.copyOf(ignored);
        }
    }

    /**
     * Checks arguments and coerces them.
     *
     * @param given what the caller gives
     * @param formValues what whoever built the route or agent has set, which wins
     * @param byModel whether a model gives them, which may set nothing but what is declared for it
     * @throws io.bactrian.core.error.BadRequestException with {@code tool_parameters_invalid}, naming everything that is wrong
     */
    public Bound bind(JsonObject given, JsonObject formValues, boolean byModel) {
        return binder.bind(given, formValues, byModel);
    }

    /**
     * Calls it: binds the arguments and does it.
     *
     * @throws IllegalStateException if it was not forked for a call
     * @throws io.bactrian.core.error.InvokeException as {@link #bind} and {@link ToolFunction#invoke}
     */
    public ToolStream invoke(JsonObject arguments) {
        ToolRuntime call = started();
        boolean byModel = call.invokeFrom() == ToolInvokeFrom.AGENT;
        return function.invoke(bind(arguments, call.formValues(), byModel).arguments(), call);
    }

    /** Calls it with arguments that were bound before. */
    ToolStream invokeBound(ToolArguments arguments) {
        return function.invoke(arguments, started());
    }

    private ToolRuntime started() {
        if (runtime == null) {
            throw new IllegalStateException("tool " + address + " is called only once it has a runtime: fork it");
        }
        return runtime;
    }

    @Override
    public String toString() {
        return "Tool[" + address + "]";
    }
}
