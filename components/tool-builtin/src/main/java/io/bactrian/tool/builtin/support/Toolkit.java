package io.bactrian.tool.builtin.support;

import io.bactrian.core.json.JsonCodec;
import io.bactrian.core.tool.Tool;
import io.bactrian.core.tool.ToolArguments;
import io.bactrian.core.tool.ToolEntity;
import io.bactrian.core.tool.ToolFunction;
import io.bactrian.core.tool.ToolLabel;
import io.bactrian.core.tool.ToolProviderController;
import io.bactrian.core.tool.ToolProviderEntity;
import io.bactrian.core.tool.ToolProviderType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Puts the tools of one provider together. Not thread-safe; what it makes is. */
public final class Toolkit {

    private final ToolProviderEntity provider;
    private final JsonCodec codec;
    private final List<Tool> tools = new ArrayList<>();

    /**
     * A provider without tools yet.
     *
     * @param name its name
     * @param description what its tools are good for
     * @param codec reads and checks JSON
     * @param labels what its tools are about
     */
    public Toolkit(String name, String description, JsonCodec codec, ToolLabel... labels) {
        this.provider = ToolProviderEntity.of(name, description, labels);
        this.codec = codec;
    }

    /** Starts the declaration of a tool that may be called again if it failed, as all do that only look or count. */
    public ToolEntity.Builder declare(String name, String description) {
        return ToolEntity.of(provider.name(), name, description).retriable(true);
    }

    /** Adds a tool that answers at once, from its arguments alone. */
    public Toolkit add(ToolEntity.Builder entity, Function<ToolArguments, Answer> body) {
        return addFunction(entity, (arguments, runtime) -> body.apply(arguments).stream());
    }

    /** Adds a tool. */
    public Toolkit addFunction(ToolEntity.Builder entity, ToolFunction function) {
        tools.add(new Tool(ToolProviderType.BUILTIN, entity.build(), function, codec));
        return this;
    }

    /** The provider. */
    public ToolProviderController provider() {
        Map<String, Tool> byName =
                tools.stream().collect(Collectors.toMap(tool -> tool.entity().name(), Function.identity()));
        return new Provider(provider, List.copyOf(tools), byName);
    }

    private record Provider(ToolProviderEntity entity, List<Tool> tools, Map<String, Tool> byName)
            implements ToolProviderController {

        @Override
        public Optional<Tool> tool(String name) {
            return Optional.ofNullable(byName.get(name));
        }

        @Override
        public ToolProviderType toolProviderType() {
            return ToolProviderType.BUILTIN;
        }
    }
}
