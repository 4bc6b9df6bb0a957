package io.bactrian.tool.workflow;

import io.bactrian.core.tool.ToolEntity;
import io.bactrian.core.tool.ToolParameter;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Says how two declarations of a tool differ, as far as its callers have to know. */
final class DeclarationChange {

    private DeclarationChange() {}

    /** What is different, each in a few words; empty if callers need not care. */
    static List<String> between(ToolEntity before, ToolEntity now) {
        List<String> changes = new ArrayList<>();
        if (!before.version().equals(now.version())) {
            changes.add("version " + shown(before.version()) + " is now " + shown(now.version()));
        }
        for (ToolParameter parameter : before.parameters()) {
            ToolParameter other = now.parameter(parameter.name()).orElse(null);
            if (other == null) {
                changes.add("parameter '" + parameter.name() + "' is gone");
            } else if (!accepts(parameter).equals(accepts(other))) {
                changes.add("parameter '" + parameter.name() + "' accepts something else");
            }
        }
        for (ToolParameter parameter : now.parameters()) {
            if (before.parameter(parameter.name()).isEmpty()) {
                changes.add(
                        "parameter '" + parameter.name() + "' is new" + (parameter.required() ? " and required" : ""));
            }
        }
        if (!Objects.equals(before.outputSchema(), now.outputSchema())) {
            changes.add("its output schema has changed");
        }
        return changes;
    }

    private static String shown(String version) {
        return version.isEmpty() ? "(none)" : version;
    }

    /** What of a parameter decides which arguments fit; not its texts for people and models. */
    private static List<Object> accepts(ToolParameter parameter) {
        List<Object> rule = new ArrayList<>(List.of(
                parameter.type(), parameter.form(), parameter.required(), parameter.options(), parameter.multiple()));
        rule.add(Objects.toString(parameter.defaultValue()));
        rule.add(Objects.toString(parameter.precision()));
        rule.add(Objects.toString(parameter.schema()));
        return rule;
    }
}
