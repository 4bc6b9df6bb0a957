package io.bactrian.core.tool;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.MisconfiguredException;
import io.bactrian.core.error.SafeText;
import io.bactrian.core.json.JsonCodec;
import io.bactrian.core.json.JsonNull;
import io.bactrian.core.json.JsonObject;
import io.bactrian.core.json.JsonValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Binds what was given to the parameters of a tool: form values win over the caller's, defaults are put in, all is coerced and
 * checked, and what is wrong is told at once. Made once for a tool.
 */
final class ArgumentBinder {

    private static final int MOST_IGNORED_TOLD = 20;
    private static final int MOST_PROBLEMS_TOLD = 20;

    private final String tool;
    private final Coercion coercion;
    private final Map<String, Parameter> parameters = new LinkedHashMap<>();

    private record Parameter(
            ToolParameter declared, @Nullable JsonValue defaultValue, JsonCodec.@Nullable Check check) {

        /** A null is a value of its own where the schema says so; otherwise it is as if nothing was given. */
        boolean takesNull() {
            return check != null && check.problems(JsonNull.NULL).isEmpty();
        }
    }

    /** @throws MisconfiguredException if a default does not fit its own parameter, or a schema is none */
    ArgumentBinder(ToolEntity entity, JsonCodec codec) {
        this.tool = entity.name();
        this.coercion = new Coercion(codec);
        for (ToolParameter declared : entity.parameters()) {
            JsonCodec.Check check = checkOf(declared, codec);
            parameters.put(declared.name(), new Parameter(declared, defaultOf(declared, check), check));
        }
    }

    private JsonCodec.@Nullable Check checkOf(ToolParameter declared, JsonCodec codec) {
        if (declared.schema() == null) {
            return null;
        }
        try {
            return codec.schema(declared.schema());
        } catch (MisconfiguredException e) {
            throw misconfigured("parameter '" + declared.name() + "' of tool '" + tool + "': " + e.getMessage());
        }
    }

    /** The default of a parameter as it is bound, which may be declared as text; null for none. */
    @Nullable
    JsonValue defaultOf(String name) {
        Parameter parameter = parameters.get(name);
        return parameter == null ? null : parameter.defaultValue();
    }

    private @Nullable JsonValue defaultOf(ToolParameter declared, JsonCodec.@Nullable Check check) {
        JsonValue value = declared.defaultValue();
        if (value == null || value == JsonNull.NULL) {
            return null;
        }
        String which = "the default of parameter '" + declared.name() + "' of tool '" + tool + "' ";
        JsonValue coerced;
        try {
            coerced = coercion.coerce(declared, value);
        } catch (Coercion.Unfit e) {
            throw misconfigured(which + e.reason());
        }
        List<String> unfit = check == null ? List.of() : check.problems(coerced);
        if (!unfit.isEmpty()) {
            throw misconfigured(which + "does not fit its schema: " + String.join("; ", unfit));
        }
        return coerced;
    }

    private static MisconfiguredException misconfigured(String problem) {
        return new MisconfiguredException(ErrorCode.MISCONFIGURED, problem);
    }

    /**
     * Binds.
     *
     * @param given what the caller gives
     * @param form what whoever built the route or agent has set
     * @param byModel whether a model gives it, which may set what is declared for it alone
     * @throws io.bactrian.core.error.BadRequestException with {@code tool_parameters_invalid}, naming everything that is wrong
     */
    Tool.Bound bind(JsonObject given, JsonObject form, boolean byModel) {
        if (form.isEmpty() && fitsAsItIs(given, byModel)) {
            return new Tool.Bound(new ToolArguments(given), List.of());
        }
        Binding binding = new Binding(given, form, byModel);
        for (Parameter parameter : parameters.values()) {
            binding.bind(parameter);
        }
        return binding.bound();
    }

    /** Whether binding would change nothing: all that is given is declared and right, and nothing is to be put in. */
    private boolean fitsAsItIs(JsonObject given, boolean byModel) {
        int fitting = 0;
        for (Parameter parameter : parameters.values()) {
            ToolParameter declared = parameter.declared();
            JsonValue value = given.members().get(declared.name());
            if (value == null) {
                if (declared.required() || parameter.defaultValue() != null) {
                    return false;
                }
            } else if (value == JsonNull.NULL
                    || parameter.check() != null
                    || byModel && declared.form() != ToolParameterForm.LLM
                    || !isItself(declared, value)) {
                return false;
            } else {
                fitting++;
            }
        }
        return fitting == given.members().size();
    }

    private boolean isItself(ToolParameter declared, JsonValue value) {
        try {
            return coercion.coerce(declared, value) == value;
        } catch (Coercion.Unfit e) {
            return false;
        }
    }

    private static String missing(ToolParameter declared, @Nullable JsonValue value, boolean byModel) {
        if (byModel && declared.form() != ToolParameterForm.LLM) {
            return " has no value: it is set where the tool is put to use, not by the model";
        }
        return value == null ? " is missing" : " is null, but has to have a value";
    }

    /** The binding of one call's arguments. Not thread-safe. */
    private final class Binding {

        private final JsonObject given;
        private final JsonObject form;
        private final boolean byModel;
        private final JsonObject.Builder values = JsonObject.builder(parameters.size());
        private List<String> problems = List.of();
        private int taken;

        Binding(JsonObject given, JsonObject form, boolean byModel) {
            this.given = given;
            this.form = form;
            this.byModel = byModel;
        }

        void bind(Parameter parameter) {
            ToolParameter declared = parameter.declared();
            JsonValue value = value(declared);
            if (value == JsonNull.NULL && parameter.takesNull()) {
                values.put(declared.name(), value);
                return;
            }
            if (value == null || value == JsonNull.NULL) {
                if (parameter.defaultValue() != null) {
                    values.put(declared.name(), parameter.defaultValue());
                } else if (declared.required()) {
                    problem(declared.name() + missing(declared, value, byModel));
                }
                return;
            }
            try {
                JsonValue coerced = coercion.coerce(declared, value);
                if (parameter.check() != null) {
                    parameter.check().problems(coerced).forEach(problem -> problem(declared.name() + ": " + problem));
                }
                values.put(declared.name(), coerced);
            } catch (Coercion.Unfit e) {
                problem(declared.name() + " " + e.reason());
            }
        }

        private void problem(String what) {
            if (problems.isEmpty()) {
                problems = new ArrayList<>();
            }
            problems.add(what);
        }

        private @Nullable JsonValue value(ToolParameter declared) {
            JsonValue fixed = form.members().get(declared.name());
            if (fixed != null) {
                return fixed;
            }
            if (byModel && declared.form() != ToolParameterForm.LLM) {
                return null;
            }
            JsonValue theirs = given.members().get(declared.name());
            taken += theirs == null ? 0 : 1;
            return theirs;
        }

        Tool.Bound bound() {
            boolean all = taken == given.members().size();
            List<String> ignored = all ? List.of() : ignored();
            if (!problems.isEmpty()) {
                int more = problems.size() - MOST_PROBLEMS_TOLD;
                throw ToolErrors.argument("the arguments of '" + tool + "' are wrong: "
                        + problems.stream().limit(MOST_PROBLEMS_TOLD).collect(Collectors.joining("; "))
                        + (more > 0 ? "; and " + more + " more" : "")
                        + undeclared(ignored));
            }
            return new Tool.Bound(new ToolArguments(values.build()), ignored);
        }

        /** What is missing may be there by a name that is misspelt. */
        private String undeclared(List<String> ignored) {
            return ignored.stream()
                    .filter(name -> !parameters.containsKey(name))
                    .reduce((names, name) -> names + ", " + name)
                    .map(names -> "; there is no parameter " + names)
                    .orElse("");
        }

        private List<String> ignored() {
            List<String> ignored = new ArrayList<>();
            for (String name : given.names()) {
                Parameter parameter = parameters.get(name);
                boolean used = parameter != null
                        && !form.has(name)
                        && (!byModel || parameter.declared().form() == ToolParameterForm.LLM);
                if (!used && ignored.size() < MOST_IGNORED_TOLD) {
                    ignored.add(
                            SafeText.showable(name) && name.length() <= 64 ? name : "(a name that cannot be shown)");
                }
            }
            return ignored;
        }
    }
}
