package io.bactrian.json;

import static io.bactrian.json.SampleTools.object;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import com.networknt.schema.dialect.DialectId;
import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.json.JsonArray;
import io.bactrian.core.json.JsonCodec;
import io.bactrian.core.json.JsonObject;
import io.bactrian.core.json.JsonString;
import io.bactrian.core.json.JsonValue;
import io.bactrian.core.tool.Tool;
import io.bactrian.core.tool.ToolParameter;
import io.bactrian.core.tool.ToolParameterType;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What a model is shown of a tool's parameters. */
class FunctionSchemaTest {

    /** The schema of schemas as the library has it, without any of our settings. */
    private static final Schema META_SCHEMA = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(SchemaLocation.of(DialectId.DRAFT_2020_12));

    private static final String TREE = """
            {"type": "object", "properties": {"root": {"$ref": "#/$defs/node"}, "self": {"$ref": "#"}, "first": {"$ref": "#/properties/root"}},
             "$defs": {"node": {"type": "object", "required": ["name"],
                                "properties": {"name": {"type": "string"}, "children": {"type": "array", "items": {"$ref": "#/$defs/node"}}}}}}
            """;

    static Stream<ToolParameter.Builder> variants() {
        List<ToolParameter.Builder> variants = new ArrayList<>();
        for (ToolParameterType type : ToolParameterType.values()) {
            variants.add(SampleTools.parameter(type));
            variants.add(SampleTools.parameter(type).required());
        }
        variants.add(ToolParameter.llm("x", ToolParameterType.SELECT, "")
                .options("a", "b")
                .multiple()
                .defaultValue(List.of("a")));
        variants.add(
                ToolParameter.llm("x", ToolParameterType.DYNAMIC_SELECT, "").multiple());
        variants.add(ToolParameter.llm("x", ToolParameterType.STRING, "")
                .options("a", "b")
                .defaultValue("a"));
        variants.add(ToolParameter.llm("x", ToolParameterType.NUMBER, "")
                .range(-1, 1.5)
                .precision(2)
                .defaultValue(0.25));
        variants.add(ToolParameter.llm("x", ToolParameterType.NUMBER, "")
                .range(0, null)
                .whole());
        variants.add(
                ToolParameter.llm("x", ToolParameterType.DATE_RANGE, "").defaultValue(Map.of("start", "2026-01-31")));
        variants.add(ToolParameter.llm("x", ToolParameterType.ANY, "").defaultValue(List.of(1, "a")));
        variants.add(ToolParameter.llm("x", ToolParameterType.OBJECT, "").schema(object(TREE)));
        variants.add(ToolParameter.llm("x", ToolParameterType.ARRAY, "").schema(object("{\"type\":\"array\"}")));
        variants.add(ToolParameter.llm("x", ToolParameterType.ANY, "").schema(JsonObject.EMPTY));
        return variants.stream();
    }

    @ParameterizedTest
    @MethodSource("variants")
    void isAValidSchemaOfAnObjectForEveryType(ToolParameter.Builder parameter) {
        JsonObject schema = SampleTools.of(parameter).functionSchema();

        assertThat(META_SCHEMA.validate(ToolJson.toNode(schema))).isEmpty();
        assertThat(ToolJson.codec().schema(schema).problems(JsonObject.of("undeclared", 1)))
                .isNotEmpty();
        assertThat(schema.findText("type")).contains("object");
        assertThat(schema.find("additionalProperties")).contains(JsonValue.of(false));
        assertThat(listsThatHoldNothing(schema)).as(SampleTools.text(schema)).isEmpty();
    }

    /** The paths of lists that do not say what they hold, looked for wherever a schema may be. */
    private static List<String> listsThatHoldNothing(JsonValue value) {
        List<String> found = new ArrayList<>();
        if (value instanceof JsonObject object) {
            if (object.find("type").filter(FunctionSchemaTest::isList).isPresent() && !object.has("items")) {
                found.add(SampleTools.text(object));
            }
            object.members().values().forEach(member -> found.addAll(listsThatHoldNothing(member)));
        }
        if (value instanceof JsonArray array) {
            array.elements().forEach(element -> found.addAll(listsThatHoldNothing(element)));
        }
        return found;
    }

    private static boolean isList(JsonValue type) {
        JsonString list = new JsonString("array");
        return type.equals(list)
                || type instanceof JsonArray types && types.elements().contains(list);
    }

    @ParameterizedTest
    @EnumSource(ToolParameterType.class)
    @DisplayName("PARSE-01: what fits the schema that a model is shown is bound, for 300 random values of every type")
    void isKeptByWhatItPromises(ToolParameterType type) {
        long seed = Long.getLong("bactrian.fuzz.seed", System.nanoTime());
        SplittableRandom random = new SplittableRandom(seed);
        Tool tool = SampleTools.of(SampleTools.parameter(type).required());
        JsonCodec.Check shown = ToolJson.codec().schema(tool.functionSchema());
        ArgumentsOfTypes arguments = new ArgumentsOfTypes(random);
        int fit = 0;
        for (int i = 0; i < 300; i++) {
            JsonObject given = JsonObject.of("x", arguments.of(type));
            if (shown.problems(given).isEmpty() && !hiddenRule(type, given)) {
                fit++;
                assertThat(tool.bind(given, JsonObject.EMPTY, true)
                                .arguments()
                                .values()
                                .has("x"))
                        .as("seed " + seed + ": " + SampleTools.text(given))
                        .isTrue();
            }
        }
        assertThat(fit).as("values that fit, seed " + seed).isPositive();
    }

    /** What a schema cannot say: that a text is the id of a file, that a range starts before its end, how large a number is. */
    private static boolean hiddenRule(ToolParameterType type, JsonObject given) {
        JsonValue value = given.find("x").orElseThrow();
        return switch (type) {
            case FILE, FILES, SYSTEM_FILES ->
                !SampleTools.text(value).matches("(\\[?(\"" + SampleTools.FILE_ID + "\",?)*]?)");
            case DATE_RANGE ->
                value instanceof JsonObject range && range.members().size() == 2;
            case NUMBER ->
                value.toJava() instanceof BigDecimal number && Math.abs(number.precision() - number.scale() - 1) > 308;
            case APP_SELECTOR, MODEL_SELECTOR, TOOLS -> hasBlankText(value);
            case ANY -> value.toJava() == null;
            default -> false;
        };
    }

    private static boolean hasBlankText(JsonValue value) {
        if (value instanceof JsonArray array) {
            return array.elements().stream().anyMatch(FunctionSchemaTest::hasBlankText);
        }
        return value instanceof JsonObject object
                ? object.members().values().stream().anyMatch(FunctionSchemaTest::hasBlankText)
                : value instanceof JsonString text && text.value().isBlank();
    }

    @Test
    void saysWhatIsAllowed() {
        Tool tool = SampleTools.of(
                ToolParameter.llm("unit", ToolParameterType.SELECT, "the unit")
                        .options("C", "F")
                        .required(),
                ToolParameter.llm("days", ToolParameterType.NUMBER, "how many")
                        .whole()
                        .range(1, 14)
                        .defaultValue(7)
                        .required(),
                ToolParameter.llm("when", ToolParameterType.DATE, ""),
                ToolParameter.llm("files", ToolParameterType.FILES, "pictures"),
                ToolParameter.llm("range", ToolParameterType.DATE_RANGE, ""));

        assertThat(tool.functionSchema()).isEqualTo(object("""
                                {"type": "object",
                                 "properties": {
                                    "unit": {"type": "string", "enum": ["C", "F"], "description": "the unit"},
                                    "days": {"type": "integer", "minimum": 1, "maximum": 14, "description": "how many", "default": 7},
                                    "when": {"type": "string", "format": "date"},
                                    "files": {"type": "array", "items": {"type": "string", "description": "the id of a file"}, "description": "pictures"},
                                    "range": {"type": "object", "additionalProperties": false,
                                              "properties": {"start": {"type": "string", "format": "date"}, "end": {"type": "string", "format": "date"}}}},
                                 "required": ["unit"], "additionalProperties": false}
                                """));
    }

    @Test
    void saysWhatAFileIsForAndThatItIsNamedByItsId() {
        JsonObject shown = SampleTools.of(
                        ToolParameter.llm("invoice", ToolParameterType.FILE, "The invoice to pay"),
                        ToolParameter.llm("scan", ToolParameterType.FILE, "")
                                .schema(object("{\"type\":\"string\",\"format\":\"file\",\"description\":\"A scan\"}")),
                        ToolParameter.llm("any", ToolParameterType.FILE, ""))
                .functionSchema();

        assertThat(shown.find("properties")).contains(object("""
                                {"invoice": {"type": "string", "description": "The invoice to pay (the id of a file)"},
                                 "scan": {"type": "string", "format": "file", "description": "A scan (the id of a file)"},
                                 "any": {"type": "string", "description": "the id of a file"}}
                                """));
    }

    @Test
    @DisplayName("A default that is declared as text, as options of endpoints are, is shown as what it is bound as")
    void showsDefaultsOfTheTypeOfTheirParameter() {
        JsonObject shown = SampleTools.of(
                        ToolParameter.llm("all", ToolParameterType.BOOLEAN, "").defaultValue("no"),
                        ToolParameter.llm("days", ToolParameterType.NUMBER, "").defaultValue("7"),
                        ToolParameter.llm("tags", ToolParameterType.ARRAY, "").defaultValue("[\"a\"]"),
                        ToolParameter.llm("filter", ToolParameterType.OBJECT, "")
                                .defaultValue("{\"a\":1}"),
                        ToolParameter.llm("text", ToolParameterType.STRING, "").defaultValue("7"))
                .functionSchema();

        assertThat(shown.find("properties")).contains(object("""
                                {"all": {"type": "boolean", "default": false},
                                 "days": {"type": "number", "default": 7},
                                 "tags": {"type": "array", "items": {"type": "string"}, "default": ["a"]},
                                 "filter": {"type": "object", "default": {"a": 1}},
                                 "text": {"type": "string", "default": "7"}}
                                """));
    }

    @Test
    void neverShowsFormParametersNorFixedOnes() {
        Tool tool = SampleTools.of(
                ToolParameter.llm("city", ToolParameterType.STRING, "").required(),
                ToolParameter.llm("unit", ToolParameterType.STRING, "").required(),
                ToolParameter.form("region", ToolParameterType.SECRET_INPUT, "CANARY")
                        .required());

        assertThat(SampleTools.text(tool.functionSchema()))
                .contains("city", "unit")
                .doesNotContain("region", "CANARY");
        assertThat(SampleTools.text(tool.functionSchema(Set.of("unit"))))
                .contains("city")
                .doesNotContain("unit");
        assertThat(tool.functionSchema(Set.of("city", "unit")))
                .isEqualTo(object("{\"type\":\"object\",\"properties\":{},\"additionalProperties\":false}"));
    }

    @Test
    void movesDefinitionsToTheRootAndReferencesWithThem() {
        Tool tool = SampleTools.of(ToolParameter.llm("tree", ToolParameterType.OBJECT, "a tree")
                .schema(object(TREE))
                .required());

        JsonObject schema = tool.functionSchema();

        assertThat(schema).isEqualTo(object("""
                                {"type": "object",
                                 "properties": {"tree": {"type": "object", "description": "a tree",
                                    "properties": {"root": {"$ref": "#/$defs/node"}, "self": {"$ref": "#/properties/tree"},
                                                   "first": {"$ref": "#/properties/tree/properties/root"}}}},
                                 "required": ["tree"], "$defs": {"node": {"type": "object", "required": ["name"],
                                    "properties": {"name": {"type": "string"}, "children": {"type": "array", "items": {"$ref": "#/$defs/node"}}}}},
                                 "additionalProperties": false}
                                """));
        JsonCodec.Check check = ToolJson.codec().schema(schema);
        assertThat(
                        check.problems(
                                object(
                                        "{\"tree\":{\"root\":{\"name\":\"a\",\"children\":[{\"name\":\"b\"}]},\"self\":{\"root\":{\"name\":\"c\"}}}}")))
                .isEmpty();
        assertThat(check.problems(object("{\"tree\":{\"self\":{\"first\":{\"name\":\"a\",\"children\":[{}]}}}}")))
                .containsExactly("$.tree.self.first.children[0] needs the member 'name'");
    }

    @Test
    void sharesEqualDefinitionsAndKeepsOthersApart() {
        JsonObject text = object(
                "{\"$ref\":\"#/$defs/t\",\"$defs\":{\"t\":{\"type\":\"string\"},\"u\":{\"$ref\":\"#/$defs/t\"}}}");
        JsonObject number = object(
                "{\"$ref\":\"#/definitions/t\",\"definitions\":{\"t\":{\"type\":\"number\"},\"u\":{\"$ref\":\"#/definitions/t\"}}}");
        Tool tool = SampleTools.of(
                ToolParameter.llm("a", ToolParameterType.ANY, "").schema(text),
                ToolParameter.llm("b", ToolParameterType.ANY, "").schema(text),
                ToolParameter.llm("c", ToolParameterType.ANY, "").schema(number));

        JsonObject schema = tool.functionSchema();

        assertThat(schema.find("$defs"))
                .contains(
                        object(
                                "{\"t\":{\"type\":\"string\"},\"u\":{\"$ref\":\"#/$defs/t\"},\"c_t\":{\"type\":\"number\"},\"c_u\":{\"$ref\":\"#/$defs/c_t\"}}"));
        assertThat(schema.find("properties"))
                .contains(
                        object(
                                "{\"a\":{\"$ref\":\"#/$defs/t\"},\"b\":{\"$ref\":\"#/$defs/t\"},\"c\":{\"$ref\":\"#/$defs/c_t\"}}"));
        assertThat(ToolJson.codec().schema(schema).problems(object("{\"a\":\"x\",\"b\":\"y\",\"c\":1}")))
                .isEmpty();
    }

    @Test
    void keepsDefinitionsOfAwkwardNames() {
        JsonObject schema =
                object("{\"$ref\":\"#/$defs/a~1b%20%25c\",\"$schema\":\"https://json-schema.org/draft/2020-12/schema\","
                        + "\"$id\":\"http://example.com/x\",\"$defs\":{\"a/b %c\":{\"type\":\"string\"},\"anchored\":{\"$anchor\":\"n\",\"type\":\"integer\"}},"
                        + "\"default\":\"x\",\"examples\":[{\"$ref\":\"#/$defs/z\"}]}");
        Tool tool = SampleTools.of(
                ToolParameter.llm("x.y", ToolParameterType.ANY, "").schema(schema),
                ToolParameter.llm("z", ToolParameterType.ANY, "")
                        .schema(object(
                                "{\"$ref\":\"#n\",\"$defs\":{\"m\":{\"$anchor\":\"n\",\"type\":\"integer\"}}}")));

        JsonObject shown = tool.functionSchema(Set.of("z"));

        assertThat(META_SCHEMA.validate(ToolJson.toNode(shown))).isEmpty();
        assertThat(ToolJson.codec().schema(shown).problems(object("{\"x.y\":1}")))
                .containsExactly("$['x.y'] has to be string");
        assertThat(SampleTools.text(shown))
                .doesNotContain("$schema", "$id")
                .contains("\"examples\":[{\"$ref\":\"#/$defs/z\"}]");
    }

    @Test
    void saysThatListsHoldAnythingWhereTheirSchemaDoesNotSay() {
        JsonObject schema = object("""
                {"type": "object", "properties": {"type": {"type": "array"}, "a": {"type": ["array", "null"]}, "b": {"anyOf": [{"type": "array"}]},
                    "items": {"type": "array", "items": {"type": "array"}}}, "default": {"type": "array"}}
                """);
        JsonObject shown = SampleTools.of(
                        ToolParameter.llm("x", ToolParameterType.OBJECT, "").schema(schema))
                .functionSchema();

        assertThat(((JsonObject) shown.find("properties").orElseThrow()).find("x"))
                .contains(object("""
                                {"type": "object", "properties": {"type": {"type": "array", "items": {}}, "a": {"type": ["array", "null"], "items": {}},
                                    "b": {"anyOf": [{"type": "array", "items": {}}]},
                                    "items": {"type": "array", "items": {"type": "array", "items": {}}}}, "default": {"type": "array"}}
                                """));
    }

    @Test
    @DisplayName("What older drafts write otherwise is shown as 2020-12 writes it, which is what providers check")
    void showsSchemasOfOlderDraftsAsTheNewestWritesThem() {
        Tool tool = SampleTools.of(
                ToolParameter.llm("pair", ToolParameterType.ARRAY, "").schema(object("""
                        {"$schema": "http://json-schema.org/draft-07/schema#", "type": "array",
                         "items": [{"type": "string"}, {"type": "array"}], "additionalItems": {"type": "integer"},
                         "dependencies": {"items": ["a"]}}
                        """)),
                ToolParameter.llm("share", ToolParameterType.NUMBER, "").schema(object("""
                        {"$schema": "http://json-schema.org/draft-04/schema#", "type": "number",
                         "minimum": 0, "exclusiveMinimum": true, "maximum": 1, "exclusiveMaximum": false}
                        """)));

        JsonObject shown = tool.functionSchema();

        assertThat(META_SCHEMA.validate(ToolJson.toNode(shown))).isEmpty();
        assertThat(shown.find("properties")).contains(object("""
                                {"pair": {"type": "array",
                                          "prefixItems": [{"type": "string"}, {"type": "array", "items": {}}], "items": {"type": "integer"},
                                          "dependencies": {"items": ["a"]}},
                                 "share": {"type": "number", "exclusiveMinimum": 0, "maximum": 1}}
                                """));
    }

    @Test
    void bindsByTheParametersOwnSchemaWhateverIsShown() {
        Tool tool = SampleTools.of(
                ToolParameter.llm("tree", ToolParameterType.OBJECT, "").schema(object(TREE)));

        assertThat(tool.bind(object("{\"tree\":{\"root\":{\"name\":\"a\"}}}"), JsonObject.EMPTY, true)
                        .ignored())
                .isEmpty();
        assertThatExceptionOfType(BadRequestException.class)
                .isThrownBy(() -> tool.bind(object("{\"tree\":{\"root\":{}}}"), JsonObject.EMPTY, true))
                .withMessageContaining("tree: $.root needs the member 'name'");
    }
}
