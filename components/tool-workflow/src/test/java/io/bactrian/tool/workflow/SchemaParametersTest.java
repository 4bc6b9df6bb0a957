package io.bactrian.tool.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bactrian.core.json.JsonNumber;
import io.bactrian.core.json.JsonObject;
import io.bactrian.core.tool.Tool;
import io.bactrian.core.tool.ToolEntity;
import io.bactrian.core.tool.ToolParameter;
import io.bactrian.core.tool.ToolParameterType;
import io.bactrian.core.tool.ToolProviderType;
import io.bactrian.core.tool.ToolStream;
import io.bactrian.json.ToolJson;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Parameters as a JSON Schema. */
class SchemaParametersTest {

    private static JsonObject json(String text) {
        return (JsonObject) ToolJson.codec().parse(text);
    }

    private static List<ToolParameter> parameters(String text) {
        return SchemaParameters.of(json(text));
    }

    private static ToolParameter only(String schema) {
        return parameters("{\"type\":\"object\",\"properties\":{\"x\":" + schema + "}}")
                .get(0);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "{\"type\":\"string\"}; STRING",
                "{\"type\":[\"string\",\"null\"]}; STRING",
                "{\"type\":\"string\",\"format\":\"date\"}; DATE",
                "{\"type\":\"string\",\"format\":\"file\"}; FILE",
                "{\"type\":\"array\",\"items\":{\"type\":\"string\",\"format\":\"file\"}}; FILES",
                "{\"type\":\"array\",\"items\":{\"type\":\"integer\"}}; ARRAY",
                "{\"type\":\"number\"}; NUMBER",
                "{\"type\":\"boolean\"}; BOOLEAN",
                "{\"type\":\"object\"}; OBJECT",
                "{\"type\":[\"string\",\"number\"]}; ANY",
                "{\"anyOf\":[{\"type\":\"string\"},{\"type\":\"number\"}]}; ANY",
                "{}; ANY"
            })
    void readsTheTypeOfAProperty(String schema, ToolParameterType type) {
        assertThat(only(schema).type()).isEqualTo(type);
    }

    @Test
    void keepsOrderTextsDefaultsAndWhatIsRequired() {
        List<ToolParameter> parameters = parameters("""
                {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Order", "type": "object",
                 "properties": {
                   "zone": {"type": "string", "title": "Time zone", "description": "An IANA name", "enum": ["UTC", "CET"]},
                   "amount": {"type": "integer", "minimum": 1, "default": 2}},
                 "required": ["zone"], "additionalProperties": false}""");

        assertThat(parameters).extracting(ToolParameter::name).containsExactly("zone", "amount");
        assertThat(parameters.get(0).required()).isTrue();
        assertThat(parameters.get(0).label().english()).isEqualTo("Time zone");
        assertThat(parameters.get(0).llmDescription()).isEqualTo("An IANA name");
        assertThat(parameters.get(1).defaultValue()).isEqualTo(JsonNumber.of(2));
        assertThat(parameters.get(1).precision()).isZero();
    }

    @Test
    @DisplayName("A file of an older draft is read as that draft says, not as the newest does")
    void readsEachPropertyAsTheDraftOfTheFileSays() {
        List<ToolParameter> parameters = parameters("""
                {"$schema": "http://json-schema.org/draft-07/schema#", "type": "object", "properties": {
                   "pair": {"type": "array", "items": [{"type": "string"}, {"type": "integer"}], "additionalItems": false},
                   "address": {"type": "object", "dependencies": {"street": ["city"]}}}}""");
        Tool tool = tool(parameters);

        assertThat(tool.bind(json("{\"pair\":[\"a\",1],\"address\":{\"city\":\"Uvs\"}}"), JsonObject.EMPTY, false)
                        .ignored())
                .isEmpty();
        assertThatThrownBy(() -> tool.bind(json("{\"pair\":[\"a\",1,2]}"), JsonObject.EMPTY, false))
                .hasMessageContaining("pair");
        assertThatThrownBy(() -> tool.bind(json("{\"address\":{\"street\":\"x\"}}"), JsonObject.EMPTY, false))
                .hasMessageContaining("address");
    }

    @Test
    void keepsTheSchemaOfEachPropertyWholeAndHoldsArgumentsToIt() {
        List<ToolParameter> parameters = parameters("""
                {"type": "object", "properties": {
                   "filter": {"type": "object", "properties": {"from": {"type": "string", "pattern": "^[a-z]+$"},
                              "tags": {"type": "array", "items": {"type": "string"}, "maxItems": 2}},
                              "required": ["from"]}}}""");
        Tool tool = tool(parameters);

        assertThat(tool.functionSchema().toString()).contains("maxItems").contains("pattern");
        assertThat(tool.bind(json("{\"filter\": {\"from\": \"abc\"}}"), JsonObject.EMPTY, true)
                        .arguments()
                        .findObject("filter"))
                .contains(JsonObject.of("from", "abc"));
        assertThatThrownBy(
                        () -> tool.bind(json("{\"filter\": {\"tags\": [\"a\",\"b\",\"c\"]}}"), JsonObject.EMPTY, true))
                .hasMessageContaining("filter")
                .hasMessageContaining("from");
    }

    @Test
    void putsDefinitionsInPlaceOfReferences() {
        ToolParameter parameter = parameters("""
                {"type": "object", "properties": {"to": {"$ref": "#/$defs/address", "description": "Where to"}},
                 "$defs": {"address": {"type": "object", "properties": {"zip": {"$ref": "#/$defs/zip"}}},
                           "zip": {"type": "string", "maxLength": 5}}}""").get(0);

        assertThat(parameter.type()).isEqualTo(ToolParameterType.OBJECT);
        assertThat(parameter.schema()).isEqualTo(json("""
                        {"type": "object", "properties": {"zip": {"type": "string", "maxLength": 5}},
                         "description": "Where to"}"""));
        assertThat(parameter.llmDescription()).isEqualTo("Where to");
    }

    @Test
    void keepsWhatStandsBesideAReference() {
        ToolParameter parameter = parameters("""
                {"type": "object", "properties": {"x": {"$ref": "#/definitions/word", "maxLength": 3}},
                 "definitions": {"word": {"type": "string", "pattern": "^[a-z]*$"}}}""").get(0);
        Tool tool = tool(List.of(parameter));

        assertThat(tool.bind(json("{\"x\": \"abc\"}"), JsonObject.EMPTY, false).ignored())
                .isEmpty();
        assertThatThrownBy(() -> tool.bind(json("{\"x\": \"abcd\"}"), JsonObject.EMPTY, false))
                .hasMessageContaining("x");
        assertThatThrownBy(() -> tool.bind(json("{\"x\": \"A\"}"), JsonObject.EMPTY, false))
                .hasMessageContaining("x");
    }

    @Test
    @DisplayName("a recursive $ref keeps its definitions and holds arguments to them at every depth")
    void keepsDefinitionsOfWhatRefersToItself() {
        Tool tool = tool(parameters("""
                {"type": "object", "properties": {"tree": {"$ref": "#/$defs/node"}},
                 "$defs": {"node": {"type": "object", "required": ["name"], "properties": {"name": {"type": "string"},
                    "children": {"type": "array", "items": {"$ref": "#/$defs/node"}}}}}}"""));

        assertThat(tool.bind(
                                json(
                                        "{\"tree\": {\"name\": \"a\", \"children\": [{\"name\": \"b\", \"children\": []}]}}"),
                                JsonObject.EMPTY,
                                true)
                        .arguments()
                        .findObject("tree"))
                .isPresent();
        assertThatThrownBy(() -> tool.bind(
                        json("{\"tree\": {\"name\": \"a\", \"children\": [{\"name\": \"b\", \"children\": [{}]}]}}"),
                        JsonObject.EMPTY,
                        true))
                .hasMessageContaining("name");
    }

    @Test
    void doesNotTakeDataForReferences() {
        ToolParameter parameter = only("{\"type\": \"object\", \"default\": {\"$ref\": \"#/nowhere\"}}");

        assertThat(parameter.defaultValue()).isEqualTo(json("{\"$ref\": \"#/nowhere\"}"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"properties\": {}}",
                "{\"type\": \"object\"}",
                "{\"type\": \"array\", \"properties\": {}}",
                "{\"type\": \"object\", \"properties\": {}, \"oneOf\": []}",
                "{\"type\": \"object\", \"properties\": {}, \"additionalProperties\": {\"type\": \"string\"}}",
                "{\"type\": \"object\", \"properties\": {}, \"required\": [\"x\"]}",
                "{\"type\": \"object\", \"properties\": {}, \"required\": \"x\"}",
                "{\"type\": \"object\", \"properties\": {\"x\": true}}",
                "{\"type\": \"object\", \"properties\": {\"x\": {\"type\": \"text\"}}}",
                "{\"type\": \"object\", \"properties\": {\"Host\": {\"type\": \"string\"}}}",
                "{\"type\": \"object\", \"properties\": {\"x\": {\"$ref\": \"#/$defs/none\"}}}",
                "{\"type\": \"object\", \"properties\": {\"x\": {\"$ref\": \"https://example.org/schema\"}}}",
                "{\"type\": \"object\", \"properties\": {\"x\": {\"type\": \"object\", \"properties\": {\"y\": {\"$ref\": \"#/properties/x\"}}}}}"
            })
    void refusesWhatNoParameterCanKeep(String schema) {
        assertThatThrownBy(() -> parameters(schema)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void refusesReferencesThatUnfoldWithoutEnd() {
        StringBuilder defs = new StringBuilder();
        for (int i = 0; i < 20; i++) {
            defs.append("\"d")
                    .append(i)
                    .append("\":{\"type\":\"object\",\"properties\":{\"a\":{\"$ref\":\"#/$defs/d")
                    .append(i + 1)
                    .append("\"},\"b\":{\"$ref\":\"#/$defs/d")
                    .append(i + 1)
                    .append("\"}}},");
        }
        String schema = "{\"type\":\"object\",\"properties\":{\"x\":{\"$ref\":\"#/$defs/d0\"}},\"$defs\":{" + defs
                + "\"d20\":{\"type\":\"string\"}}}";

        assertThatThrownBy(() -> parameters(schema)).hasMessageContaining("more than");
    }

    private static Tool tool(List<ToolParameter> parameters) {
        return new Tool(
                ToolProviderType.WORKFLOW,
                ToolEntity.of("t", "t", "").parameters(parameters).build(),
                (arguments, runtime) -> ToolStream.of(),
                ToolJson.codec());
    }
}
