package io.bactrian.agent;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.MisconfiguredException;
import io.bactrian.core.json.JsonObject;
import io.bactrian.core.json.JsonValue;
import io.bactrian.core.tool.Tool;
import io.bactrian.core.tool.ToolParameterType;
import io.bactrian.core.tool.ToolPattern;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is set for tools already, by the options {@code form.TOOL.PARAMETER}. The more exactly a tool is named, the more it counts.
 *
 * @param all the options, the least exact first
 */
record FormValues(List<FormValues.One> all) {

    static final FormValues NONE = new FormValues(List.of());

    /** Copies the list. */
    FormValues {
        all = List.copyOf(all);
    }

    /**
     * One option. Both tools and parameters may have dots in their names, so that it can be read in several ways.
     *
     * @param option its name without {@code form.}
     * @param readings the tool and the parameter, in each way that it can be read
     * @param value the value
     */
    record One(String option, List<Reading> readings, JsonValue value) {

        /** Copies the list. */
        One {
            readings = List.copyOf(readings);
        }

        private Optional<String> parameterOf(Tool tool) {
            return readings.stream()
                    .filter(reading -> reading.tools().matches(tool))
                    .map(Reading::parameter)
                    .filter(parameter -> tool.entity().parameter(parameter).isPresent())
                    .findFirst();
        }

        private boolean means(Tool tool) {
            return readings.stream().anyMatch(reading -> reading.tools().matches(tool));
        }
    }

    /**
     * A way to read an option.
     *
     * @param tools the tools that it is for
     * @param parameter the name of their parameter
     */
    record Reading(ToolPattern tools, String parameter) {}

    /** @throws IllegalArgumentException if an option names no tool or no parameter */
    static FormValues of(Map<String, JsonValue> options) {
        List<One> all = new ArrayList<>();
        options.forEach((option, value) -> all.add(new One(option, readings(option), value)));
        all.sort(ToolNames.byExactness(one -> one.readings().get(0).tools()));
        return new FormValues(all);
    }

    private static List<Reading> readings(String option) {
        List<Reading> readings = new ArrayList<>();
        for (int dot = option.lastIndexOf('.'); dot > 0; dot = option.lastIndexOf('.', dot - 1)) {
            if (dot < option.length() - 1) {
                readings.add(new Reading(ToolPattern.of(option.substring(0, dot)), option.substring(dot + 1)));
            }
        }
        if (readings.isEmpty()) {
            throw new IllegalArgumentException("it is form.TOOL.PARAMETER");
        }
        return readings;
    }

    /** What is set for a tool. */
    JsonObject of(Tool tool) {
        JsonObject values = JsonObject.EMPTY;
        for (One one : all) {
            Optional<String> parameter = one.parameterOf(tool);
            if (parameter.isPresent()) {
                values = values.with(parameter.get(), one.value());
            }
        }
        return values;
    }

    /**
     * Refuses values that would be lost without a word, whereupon the model would choose its own; and secrets, which stand in no
     * URI.
     *
     * @param allowed the tools that the agent may call
     * @param everyToolIsThere whether a value for a tool that is not there is a mistake
     */
    void check(List<Tool> allowed, boolean everyToolIsThere) {
        for (One one : all) {
            List<Tool> meant = allowed.stream().filter(one::means).toList();
            if (meant.isEmpty() && everyToolIsThere) {
                throw wrong(one, "the agent may call no such tool");
            }
            if (!meant.isEmpty()
                    && meant.stream().noneMatch(tool -> one.parameterOf(tool).isPresent())) {
                throw wrong(one, "the tool " + meant.get(0).address() + " has no such parameter");
            }
            meant.forEach(tool -> checkNotSecret(one, tool));
        }
    }

    private static void checkNotSecret(One one, Tool tool) {
        boolean secret = one.parameterOf(tool)
                .flatMap(tool.entity()::parameter)
                .filter(parameter -> parameter.type() == ToolParameterType.SECRET_INPUT)
                .isPresent();
        if (secret) {
            throw wrong(
                    one, "a secret is no option, since URIs are shown: keep it as a credential of the tool's provider");
        }
    }

    private static MisconfiguredException wrong(One one, String rule) {
        return new MisconfiguredException(
                ErrorCode.MISCONFIGURED,
                "the option form." + one.option() + " of an agent: endpoint is wrong: " + rule);
    }
}
