package io.bactrian.tool.workflow;

import io.bactrian.core.tool.ToolParameter;
import io.bactrian.core.tool.ToolParameterForm;
import io.bactrian.core.tool.ToolParameterType;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the short form of a parameter, as the options {@code parameter.NAME} have it:
 *
 * <pre>
 * TYPE[,required][,form][,default=VALUE][:DESCRIPTION]
 * </pre>
 *
 * TYPE is one of {@code string number integer boolean date file files object array} and {@code select(a|b|c)}. A default that
 * holds a comma or a colon stands in double quotes, in which {@code \"} and {@code \\} are escaped. The description is all that
 * follows the first colon outside of quotes and parentheses.
 */
final class CompactParameter {

    /** A semicolon or line break that a name follows: others belong to a description. */
    private static final Pattern BETWEEN = Pattern.compile("(?:;|\\R)\\s*(?=[A-Za-z_][A-Za-z0-9_.-]*\\s*=)|;?\\s*$");

    private static final String FORM = "it is written TYPE[,required][,form][,default=VALUE][:DESCRIPTION]";
    private static final String TYPES =
            "TYPE is one of string, number, integer, boolean, date, file, files, object, array, select(a|b|c)";

    private final String name;
    private final String text;
    private int at;
    private boolean required;
    private boolean form;
    private @Nullable String defaultText;

    private CompactParameter(String name, String text) {
        this.name = name;
        this.text = text;
    }

    /**
     * The parameter.
     *
     * @throws IllegalArgumentException saying what is wrong, and not quoting the text
     */
    static ToolParameter parse(String name, String text) {
        return new CompactParameter(name, text).read();
    }

    /**
     * Several parameters, each as {@code NAME=} and its short form, one a line or with semicolons between them.
     *
     * @throws IllegalArgumentException as {@link #parse}, naming the parameter
     */
    static List<ToolParameter> parseAll(String list) {
        List<ToolParameter> parameters = new ArrayList<>();
        for (String one : BETWEEN.split(list.strip())) {
            int equals = one.indexOf('=');
            String name = one.substring(0, Math.max(0, equals)).strip();
            try {
                parameters.add(parse(name, one.substring(equals + 1).strip()));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("parameter " + (parameters.size() + 1) + ": " + e.getMessage(), e);
            }
        }
        return parameters;
    }

    private ToolParameter read() {
        String type = word();
        List<String> options = take('(') ? options() : List.of();
        while (take(',')) {
            flag();
        }
        if (!take(':') && at < text.length()) {
            throw new IllegalArgumentException(
                    "something follows at character " + (at + 1) + " that is no flag: " + FORM);
        }
        return built(type, options, text.substring(at).strip());
    }

    private ToolParameter built(String type, List<String> options, String description) {
        boolean select = type.equals("select");
        if (select == options.isEmpty()) {
            throw new IllegalArgumentException("a select names its options, and nothing else does: select(a|b|c)");
        }
        ToolParameterForm givenBy = form ? ToolParameterForm.FORM : ToolParameterForm.LLM;
        ToolParameter.Builder builder = givenBy == ToolParameterForm.FORM
                ? ToolParameter.form(name, typeOf(type), description)
                : ToolParameter.llm(name, typeOf(type), description);
        builder.required(required).options(options.toArray(String[]::new));
        if (type.equals("integer")) {
            builder.whole();
        }
        return builder.defaultValue(defaultValue(type)).build();
    }

    private static ToolParameterType typeOf(String type) {
        return switch (type) {
            case "string" -> ToolParameterType.STRING;
            case "number", "integer" -> ToolParameterType.NUMBER;
            case "boolean" -> ToolParameterType.BOOLEAN;
            case "date" -> ToolParameterType.DATE;
            case "file" -> ToolParameterType.FILE;
            case "files" -> ToolParameterType.FILES;
            case "object" -> ToolParameterType.OBJECT;
            case "array" -> ToolParameterType.ARRAY;
            case "select" -> ToolParameterType.SELECT;
            default -> throw new IllegalArgumentException(TYPES);
        };
    }

    private @Nullable Object defaultValue(String type) {
        if (defaultText == null) {
            return null;
        }
        if (type.startsWith("file")) {
            throw new IllegalArgumentException("a file has no default");
        }
        boolean number = type.equals("number") || type.equals("integer");
        try {
            return number ? new BigDecimal(defaultText) : defaultText;
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("its default is no number", e);
        }
    }

    private void flag() {
        String flag = word();
        switch (flag) {
            case "required" -> required = true;
            case "form" -> form = true;
            case "default" -> defaultText = value();
            default ->
                throw new IllegalArgumentException(
                        "there is no flag of that name at character " + (at - flag.length() + 1) + ": " + FORM);
        }
    }

    private String value() {
        if (!take('=')) {
            throw new IllegalArgumentException("default is followed by = and its value: " + FORM);
        }
        if (take('"')) {
            return quoted();
        }
        int from = at;
        while (at < text.length() && text.charAt(at) != ',' && text.charAt(at) != ':') {
            at++;
        }
        return text.substring(from, at).strip();
    }

    private String quoted() {
        StringBuilder value = new StringBuilder();
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c == '"') {
                skipBlanks();
                return value.toString();
            }
            boolean escape = c == '\\' && at < text.length() && "\"\\".indexOf(text.charAt(at)) >= 0;
            value.append(escape ? text.charAt(at++) : c);
        }
        throw new IllegalArgumentException("the quotes of its default are not closed");
    }

    private List<String> options() {
        int end = text.indexOf(')', at);
        if (end < 0) {
            throw new IllegalArgumentException("the parenthesis of its options is not closed");
        }
        List<String> options = new ArrayList<>();
        for (String option : text.substring(at, end).split("\\|", -1)) {
            if (option.isBlank()) {
                throw new IllegalArgumentException("one of its options is empty");
            }
            options.add(option.strip());
        }
        at = end + 1;
        skipBlanks();
        return options;
    }

    private String word() {
        skipBlanks();
        int from = at;
        while (at < text.length() && text.charAt(at) >= 'a' && text.charAt(at) <= 'z') {
            at++;
        }
        String word = text.substring(from, at);
        skipBlanks();
        return word;
    }

    private boolean take(char wanted) {
        boolean there = at < text.length() && text.charAt(at) == wanted;
        if (there) {
            at++;
        }
        return there;
    }

    private void skipBlanks() {
        while (at < text.length() && text.charAt(at) == ' ') {
            at++;
        }
    }
}
