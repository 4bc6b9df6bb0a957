package io.bactrian.tool.builtin.text;

import io.bactrian.core.json.JsonCodec;
import io.bactrian.core.json.JsonObject;
import io.bactrian.core.tool.ToolArguments;
import io.bactrian.core.tool.ToolEntity;
import io.bactrian.core.tool.ToolLabel;
import io.bactrian.core.tool.ToolParameter;
import io.bactrian.core.tool.ToolParameterType;
import io.bactrian.core.tool.ToolProviderController;
import io.bactrian.tool.builtin.support.Choices;
import io.bactrian.tool.builtin.support.Outputs;
import io.bactrian.tool.builtin.support.Parameters;
import io.bactrian.tool.builtin.support.Toolkit;

/** The tools of the provider {@code text}. */
public final class TextTools {

    private static final String TEXT = "text";
    private static final String SYNTAX =
            "a regular expression of RE2: the usual syntax, without backreferences and look-around";

    private TextTools() {}

    /** The provider. */
    public static ToolProviderController provider(JsonCodec codec) {
        Toolkit kit = new Toolkit(
                TEXT, "Search, replace, split, fill in, restyle, count and compare text", codec, ToolLabel.UTILITIES);
        regex(kit);
        shape(kit);
        measure(kit);
        compare(kit);
        return kit.provider();
    }

    private static void regex(Toolkit kit) {
        kit.add(
                withFlags(kit.declare(
                                        "regex_find",
                                        "Finds all matches of a regular expression in a text, with their groups and places.")
                                .parameter(Parameters.text(TEXT, "the text to search"))
                                .parameter(Parameters.text("pattern", SYNTAX))
                                .parameter(Parameters.whole(
                                        "max_matches", 1, RegexTools.MOST_MATCHES, 100, "how many matches at most")))
                        .outputSchema(Outputs.object("matches object[]", "count integer", "more boolean")),
                arguments -> RegexTools.find(
                        arguments.text(TEXT),
                        arguments.text("pattern"),
                        flags(arguments),
                        arguments.integer("max_matches")));
        kit.add(
                withFlags(kit.declare("regex_replace", "Replaces all matches of a regular expression in a text.")
                                .parameter(Parameters.text(TEXT, "the text"))
                                .parameter(Parameters.text("pattern", SYNTAX))
                                .parameter(
                                        Parameters.text(
                                                "replacement",
                                                "what stands in the place of a match: $1 or ${name} is a group, $0 the match, $$ a dollar"))
                                .parameter(Parameters.flag(
                                        "literal", false, "whether the replacement is taken as it is, without groups")))
                        .outputSchema(Outputs.object("text string", "replaced integer")),
                arguments -> RegexTools.replace(
                        arguments.text(TEXT),
                        arguments.text("pattern"),
                        arguments.text("replacement"),
                        arguments.flag("literal"),
                        flags(arguments)));
        kit.add(
                kit.declare(
                                "json_path",
                                "Takes values out of a JSON document by a JSONPath (RFC 9535), such as $.orders[?@.total > 100].id or"
                                        + " $..name. Filters know == != < <= > >= && || ! and the functions length, count, value, match"
                                        + " and search.")
                        .parameter(Parameters.text("json", "the JSON document"))
                        .parameter(Parameters.text("path", "the path; it begins with $"))
                        .outputSchema(Outputs.object("values any[]", "paths string[]", "count integer")),
                arguments -> JsonPathTool.find(arguments.text("json"), arguments.text("path")));
    }

    private static ToolEntity.Builder withFlags(ToolEntity.Builder entity) {
        return entity.parameter(Parameters.flag("ignore_case", false, "whether letters match in any case"))
                .parameter(Parameters.flag("multiline", false, "whether ^ and $ match at each line"))
                .parameter(Parameters.flag("dot_all", false, "whether . matches line ends too"));
    }

    private static RegexTools.Flags flags(ToolArguments arguments) {
        return new RegexTools.Flags(
                arguments.flag("ignore_case"), arguments.flag("multiline"), arguments.flag("dot_all"));
    }

    private static void shape(Toolkit kit) {
        kit.add(
                kit.declare("split", "Cuts a text into parts, given as a JSON array.")
                        .parameter(Parameters.text(TEXT, "the text"))
                        .parameter(Parameters.choice("by", SplitBy.class, "where to cut"))
                        .parameter(Parameters.text(
                                "separator", ",", "for by=separator: what stands between the parts; no pattern"))
                        .parameter(Parameters.whole(
                                "length", 1, Splitter.LONGEST, 1_000, "for by=length: characters of a part at most"))
                        .parameter(Parameters.whole(
                                "overlap",
                                0,
                                Splitter.LONGEST,
                                0,
                                "for by=length: characters that each part repeats of the one before"))
                        .outputSchema(Outputs.object("parts string[]", "count integer")),
                arguments -> Splitter.split(
                        arguments.text(TEXT),
                        Choices.of(SplitBy.class, "by", arguments.text("by")),
                        arguments.text("separator"),
                        arguments.integer("length"),
                        arguments.integer("overlap")));
        kit.add(
                kit.declare(
                                "template",
                                "Fills values into a text with placeholders such as {name} or {customer.city}. Nothing in it is run.")
                        .parameter(Parameters.text("template", "the text with placeholders in single braces"))
                        .parameter(ToolParameter.llm("values", ToolParameterType.OBJECT, "the values by name")
                                .schema(JsonObject.of("type", "object", "additionalProperties", true))
                                .required())
                        .outputSchema(Outputs.object("text string", "used string[]", "unused string[]")),
                arguments -> Templates.fill(
                        arguments.text("template"),
                        arguments.findObject("values").orElse(JsonObject.EMPTY)));
        kit.add(
                kit.declare(
                                "change_case",
                                "Writes a text in another style: upper, lower, title or sentence case, a slug for URLs, or a name"
                                        + " in snake_case, kebab-case, camelCase, PascalCase or CONSTANT_CASE.")
                        .parameter(Parameters.text(TEXT, "the text"))
                        .parameter(Parameters.choice("style", Style.class, "the style"))
                        .outputSchema(Outputs.object("text string")),
                arguments ->
                        Styles.change(arguments.text(TEXT), Choices.of(Style.class, "style", arguments.text("style"))));
        kit.add(
                kit.declare("trim", "Takes blanks away from both ends of a text, and if wanted needless ones inside.")
                        .parameter(Parameters.text(TEXT, "the text"))
                        .parameter(
                                Parameters.flag(
                                        "inside",
                                        false,
                                        "whether also blanks at the ends of lines, several in a row and several empty lines in a row go"))
                        .outputSchema(Outputs.object("text string", "removed integer")),
                arguments -> TextFacts.trim(arguments.text(TEXT), arguments.flag("inside")));
    }

    private static void measure(Toolkit kit) {
        kit.add(
                kit.declare(
                                "count",
                                "Counts the characters, words, sentences, lines, paragraphs and bytes of a text, exactly.")
                        .parameter(Parameters.text(TEXT, "the text"))
                        .outputSchema(Outputs.object(
                                "characters integer",
                                "code_points integer",
                                "words integer",
                                "sentences integer",
                                "lines integer",
                                "paragraphs integer",
                                "bytes integer")),
                arguments -> TextFacts.count(arguments.text(TEXT)));
    }

    private static void compare(Toolkit kit) {
        kit.add(
                kit.declare(
                                "similarity",
                                "Measures how much two short texts are alike, from 0 to 1, and how many characters differ"
                                        + " (Levenshtein distance).")
                        .parameter(Parameters.text("first", "a text"))
                        .parameter(Parameters.text("second", "the text to compare it with"))
                        .parameter(
                                Parameters.flag("ignore_case", false, "whether letters count as the same in any case"))
                        .outputSchema(Outputs.object("similarity number", "distance integer")),
                arguments -> Comparisons.similarity(
                        arguments.text("first"), arguments.text("second"), arguments.flag("ignore_case")));
        kit.add(
                kit.declare("diff", "Shows the lines in which two texts differ, as a unified diff.")
                        .parameter(Parameters.text("first", "the text before"))
                        .parameter(Parameters.text("second", "the text after"))
                        .parameter(Parameters.whole(
                                "context", 0, 100, 3, "how many equal lines to show around each change"))
                        .outputSchema(
                                Outputs.object("equal boolean", "diff string", "added integer", "removed integer")),
                arguments -> Comparisons.diff(
                        arguments.text("first"), arguments.text("second"), arguments.integer("context")));
    }
}
