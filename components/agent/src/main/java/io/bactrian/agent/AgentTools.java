package io.bactrian.agent;

import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.json.JsonCodec;
import io.bactrian.core.json.JsonObject;
import io.bactrian.core.model.JsonText;
import io.bactrian.core.model.PromptMessageTool;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tool.Tool;
import io.bactrian.core.tool.ToolAliases;
import io.bactrian.core.tool.ToolPattern;
import io.bactrian.core.tool.VisibleText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The tools that a run may call, under the names that the model knows: these and no others. Their declarations may come from
 * anywhere; what nobody sees of them the model is not shown either.
 */
final class AgentTools {

    /** OpenAI's bound for what a function is described with. */
    private static final int LONGEST_DESCRIPTION = 1_024;

    /** Nothing to call. */
    static final AgentTools NONE = new AgentTools(Map.of(), List.of());

    private final Map<String, Allowed> tools;
    private final List<PromptMessageTool> declarations;

    private record Allowed(Tool tool, JsonObject formValues) {}

    private AgentTools(Map<String, Allowed> tools, List<PromptMessageTool> declarations) {
        this.tools = tools;
        this.declarations = List.copyOf(declarations);
    }

    /**
     * Those of a tenant's tools that an agent may call.
     *
     * @throws BadRequestException with {@code tool_not_found} if one that is named is not there, and the agent does not do without
     * @throws io.bactrian.core.error.MisconfiguredException if a value is set for a parameter that there is not
     */
    static AgentTools of(TenantId tenant, List<Tool> all, AgentSettings settings, JsonCodec json) {
        List<String> missing = settings.missingToolsFail() ? missing(all, settings) : List.of();
        if (!missing.isEmpty()) {
            throw new BadRequestException(
                    ErrorCode.TOOL_NOT_FOUND,
                    "agent '" + settings.name() + "' names tools that tenant '" + tenant + "' does not have: "
                            + String.join(", ", missing)
                            + "; publish them, correct the options tools, ask and toolCredential., or set missingTools=ignore");
        }
        List<Tool> allowed = all.stream()
                .filter(tool -> settings.tools().stream().anyMatch(pattern -> pattern.matches(tool)))
                .toList();
        settings.formValues().check(allowed, settings.missingToolsFail());
        return named(allowed, settings.formValues(), json);
    }

    private static AgentTools named(List<Tool> allowed, FormValues formValues, JsonCodec json) {
        ToolAliases aliases = ToolAliases.of(allowed.stream().map(Tool::address).toList());
        Map<String, Allowed> tools = new LinkedHashMap<>();
        List<PromptMessageTool> declarations = new ArrayList<>();
        for (Tool tool : allowed) {
            String alias = aliases.aliasOf(tool.address()).orElseThrow();
            JsonObject fixed = formValues.of(tool);
            tools.put(alias, new Allowed(tool, fixed));
            declarations.add(new PromptMessageTool(
                    alias,
                    clipped(VisibleText.of(tool.entity().description().llm())),
                    new JsonText(VisibleText.of(json.write(tool.functionSchema(fixed.names())))),
                    false));
        }
        return new AgentTools(tools, declarations);
    }

    /** Those of the options' patterns that name a tool which is not there. */
    static List<String> missing(List<Tool> all, AgentSettings settings) {
        return exact(settings)
                .filter(pattern -> all.stream().noneMatch(pattern::matches))
                .map(ToolPattern::toString)
                .distinct()
                .toList();
    }

    /** The tools that the options name one by one, as they name them. */
    static Stream<String> named(AgentSettings settings) {
        return exact(settings).map(ToolPattern::toString).distinct();
    }

    private static Stream<ToolPattern> exact(AgentSettings settings) {
        Stream<ToolPattern> credentials = settings.toolCredentials().stream().map(AgentSettings.ToolCredential::tools);
        return Stream.of(settings.tools().stream(), settings.ask().stream(), credentials)
                .flatMap(patterns -> patterns)
                .filter(ToolPattern::isExact);
    }

    /** OpenAI's bound, and no half of a character. */
    private static String clipped(String description) {
        if (description.length() <= LONGEST_DESCRIPTION) {
            return description;
        }
        boolean half = Character.isHighSurrogate(description.charAt(LONGEST_DESCRIPTION - 2));
        return description.substring(0, LONGEST_DESCRIPTION - (half ? 2 : 1)) + "…";
    }

    /** These tools, without those that had another name when a run began to wait: its calls are not made of any other tool. */
    AgentTools asBefore(Map<String, String> addresses) {
        Map<String, Allowed> same = new LinkedHashMap<>(tools);
        addresses.forEach((alias, address) -> same.computeIfPresent(
                alias, (name, allowed) -> address(allowed.tool()).equals(address) ? allowed : null));
        return new AgentTools(
                same,
                declarations.stream()
                        .filter(shown -> same.containsKey(shown.name()))
                        .toList());
    }

    private static String address(Tool tool) {
        return tool.address().toString();
    }

    /** The addresses of those tools, by the names that the model knows. */
    Map<String, String> addresses(Stream<String> aliases) {
        Map<String, String> addresses = new LinkedHashMap<>();
        aliases.forEach(alias -> find(alias).ifPresent(tool -> addresses.put(alias, address(tool))));
        return addresses;
    }

    /** What the model is shown. */
    List<PromptMessageTool> declarations() {
        return declarations;
    }

    /** The tool that the model means. */
    Optional<Tool> find(String alias) {
        return Optional.ofNullable(tools.get(alias)).map(Allowed::tool);
    }

    /** What is set for a tool already. */
    JsonObject formValues(String alias) {
        return Optional.ofNullable(tools.get(alias)).map(Allowed::formValues).orElse(JsonObject.EMPTY);
    }

    /** All names. */
    List<String> names() {
        return List.copyOf(tools.keySet());
    }
}
