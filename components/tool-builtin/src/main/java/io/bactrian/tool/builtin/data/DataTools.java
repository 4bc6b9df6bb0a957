package io.bactrian.tool.builtin.data;

import io.bactrian.core.json.JsonCodec;
import io.bactrian.core.tool.ToolArguments;
import io.bactrian.core.tool.ToolLabel;
import io.bactrian.core.tool.ToolParameter;
import io.bactrian.core.tool.ToolProviderController;
import io.bactrian.tool.builtin.support.Choices;
import io.bactrian.tool.builtin.support.Outputs;
import io.bactrian.tool.builtin.support.Parameters;
import io.bactrian.tool.builtin.support.Toolkit;

/** The tools of the provider {@code data}. */
public final class DataTools {

    private static final String JSON = "json";

    private DataTools() {}

    /** The provider. */
    public static ToolProviderController provider(JsonCodec codec) {
        Toolkit kit = new Toolkit("data", "CSV, JSON and YAML into each other", codec, ToolLabel.UTILITIES);
        csv(kit);
        json(kit);
        yaml(kit);
        return kit.provider();
    }

    private static void csv(Toolkit kit) {
        kit.add(
                kit.declare(
                                "csv_to_json",
                                "Turns CSV into a JSON array: an object for each row, or an array where there is no header. All rows"
                                        + " have to have as many cells as the header.")
                        .parameter(Parameters.text("csv", "the CSV text"))
                        .parameter(delimiter())
                        .parameter(Parameters.flag("header", true, "whether the first row names the columns"))
                        .parameter(Parameters.flag(
                                "types",
                                false,
                                "whether numbers, true and false become such and empty cells null, instead of text"))
                        .outputSchema(Outputs.object("rows any[]", "columns string[]", "count integer")),
                arguments -> CsvConversions.toJson(
                        arguments.text("csv"),
                        delimiter(arguments),
                        arguments.flag("header"),
                        arguments.flag("types")));
        kit.add(
                kit.declare(
                                "json_to_csv",
                                "Turns a JSON array of objects, or of arrays, into CSV. Names that only some objects have are columns"
                                        + " too; nested values become JSON text in their cell.")
                        .parameter(Parameters.text(JSON, "the JSON array"))
                        .parameter(delimiter())
                        .parameter(Parameters.flag("header", true, "whether the first row names the columns"))
                        .parameter(Parameters.flag(
                                "guard_formulas",
                                false,
                                "whether an apostrophe is put before text that a spreadsheet would run as a formula"))
                        .outputSchema(Outputs.object("csv string", "columns string[]", "count integer")),
                arguments -> CsvConversions.toCsv(
                        arguments.text(JSON),
                        delimiter(arguments),
                        arguments.flag("header"),
                        arguments.flag("guard_formulas")));
    }

    private static ToolParameter.Builder delimiter() {
        return Parameters.choice("delimiter", Delimiter.class, Delimiter.COMMA, "what separates the cells");
    }

    private static Delimiter delimiter(ToolArguments arguments) {
        return Choices.of(Delimiter.class, "delimiter", arguments.text("delimiter"));
    }

    private static void json(Toolkit kit) {
        kit.add(
                kit.declare(
                                "json_format",
                                "Lays a JSON document out anew, readable or on one line, and checks it on the way.")
                        .parameter(Parameters.text(JSON, "the JSON document"))
                        .parameter(indent())
                        .parameter(Parameters.flag("sort_keys", false, "whether the names in objects are sorted"))
                        .outputSchema(Outputs.object("json string", "kind string")),
                arguments -> JsonDocuments.format(
                        arguments.text(JSON), arguments.integer("indent"), arguments.flag("sort_keys")));
        kit.add(
                kit.declare(
                                "json_validate",
                                "Says whether a text is valid JSON, and whether it fits a JSON Schema (2020-12), and what is wrong.")
                        .parameter(Parameters.text(JSON, "the text to check"))
                        .parameter(Parameters.text(
                                "schema", "", "a JSON Schema, as JSON text; empty to check the JSON alone"))
                        .outputSchema(Outputs.object("valid boolean", "problems string[]")),
                arguments -> JsonDocuments.validate(arguments.text(JSON), arguments.text("schema")));
    }

    private static ToolParameter.Builder indent() {
        return Parameters.whole(
                "indent", 0, JsonDocuments.WIDEST_INDENT, 2, "how many blanks each level is indented; 0 for one line");
    }

    private static void yaml(Toolkit kit) {
        kit.add(
                kit.declare("yaml_to_json", "Turns a YAML document (1.2) into JSON.")
                        .parameter(Parameters.text("yaml", "the YAML document"))
                        .parameter(indent())
                        .outputSchema(Outputs.object("value any")),
                arguments -> YamlDocuments.toJson(arguments.text("yaml"), arguments.integer("indent")));
        kit.add(
                kit.declare("json_to_yaml", "Turns a JSON document into YAML (1.2).")
                        .parameter(Parameters.text(JSON, "the JSON document"))
                        .outputSchema(Outputs.object("yaml string")),
                arguments -> YamlDocuments.toYaml(arguments.text(JSON)));
    }
}
