package io.bactrian.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.MisconfiguredException;
import io.bactrian.core.error.ProtocolException;
import io.bactrian.core.model.ResponseFormat;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonSchemasTest {

    enum Sky {
        CLEAR,
        @JsonProperty("partly-cloudy")
        CLOUDY
    }

    record Day(LocalDate date, int high, @Nullable Double rain, Sky sky) {}

    record Weather(
            String place,
            List<Day> days,
            Optional<String> warning,
            @JsonProperty("measured_at") Instant at,
            boolean sure) {}

    record Tree(String name, List<Tree> children) {}

    record Everything(
            byte a,
            Long b,
            float c,
            BigDecimal d,
            Set<String> e,
            int[] f,
            Duration g,
            Tree h,
            @Nullable Day i) {}

    static class Bean {
        private String name = "";
        private @Nullable Day day;

        public String getName() {
            return name;
        }

        public void setName(String name) {
            this.name = name;
        }

        public @Nullable Day getDay() {
            return day;
        }

        public void setDay(@Nullable Day day) {
            this.day = day;
        }
    }

    record WithMap(Map<String, String> map) {}

    record WithObject(List<Object> things) {}

    private static final String WEATHER = """
            {"place":"Ankara","days":[{"date":"2026-02-03","high":7,"rain":null,"sky":"partly-cloudy"}],
             "warning":null,"measured_at":"2026-02-02T10:00:00Z","sure":true}
            """;

    @Test
    void describesARecordAsStrictProvidersWantIt() {
        ResponseFormat.JsonSchema format = JsonSchemas.responseFormat(Weather.class);

        assertThat(format.name()).isEqualTo("Weather");
        assertThat(format.strict()).isTrue();
        assertThat(Json.tree(format.schema().json())).isEqualTo(Json.tree("""
                                {"type":"object","properties":{
                                   "place":{"type":"string"},
                                   "days":{"type":"array","items":{"$ref":"#/$defs/Day"}},
                                   "warning":{"type":["string","null"]},
                                   "measured_at":{"type":"string","format":"date-time"},
                                   "sure":{"type":"boolean"}},
                                 "required":["place","days","warning","measured_at","sure"],"additionalProperties":false,
                                 "$defs":{"Day":{"type":"object","properties":{
                                     "date":{"type":"string","format":"date"},
                                     "high":{"type":"integer"},
                                     "rain":{"type":["number","null"]},
                                     "sky":{"type":"string","enum":["CLEAR","partly-cloudy"]}},
                                   "required":["date","high","rain","sky"],"additionalProperties":false}}}
                                """));
    }

    @Test
    void describesAClassThatHoldsItself() {
        assertThat(Json.tree(JsonSchemas.responseFormat(Tree.class).schema().json()))
                .isEqualTo(Json.tree("""
                                {"type":"object","properties":{"name":{"type":"string"},
                                  "children":{"type":"array","items":{"$ref":"#"}}},
                                 "required":["name","children"],"additionalProperties":false}
                                """));
        assertThat(JsonSchemas.bind("{\"name\":\"a\",\"children\":[{\"name\":\"b\",\"children\":[]}]}", Tree.class))
                .isEqualTo(new Tree("a", List.of(new Tree("b", List.of()))));
    }

    @Test
    void describesEveryKindOfPart() {
        String schema = JsonSchemas.responseFormat(Everything.class).schema().json();

        assertThat(Json.tree(schema).at("/properties/f"))
                .isEqualTo(Json.tree("{\"type\":\"array\",\"items\":{\"type\":\"integer\"}}"));
        assertThat(Json.tree(schema).at("/properties/g"))
                .isEqualTo(Json.tree("{\"type\":\"string\",\"format\":\"duration\"}"));
        assertThat(Json.tree(schema).at("/properties/h")).isEqualTo(Json.tree("{\"$ref\":\"#/$defs/Tree\"}"));
        assertThat(Json.tree(schema).at("/properties/i"))
                .isEqualTo(Json.tree("{\"anyOf\":[{\"$ref\":\"#/$defs/Day\"},{\"type\":\"null\"}]}"));
    }

    @Test
    void bindsAnAnswer() {
        assertThat(JsonSchemas.bind(WEATHER, Weather.class))
                .isEqualTo(new Weather(
                        "Ankara",
                        List.of(new Day(LocalDate.of(2026, 2, 3), 7, null, Sky.CLOUDY)),
                        Optional.empty(),
                        Instant.parse("2026-02-02T10:00:00Z"),
                        true));
    }

    @Test
    void bindsABeanAndLeavesOutWhatMayBeAbsent() {
        Bean bean = JsonSchemas.bind("{\"name\":\"x\"}", Bean.class);

        assertThat(bean.getName()).isEqualTo("x");
        assertThat(bean.getDay()).isNull();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
                    "sure":true         | "sure":"true"      | $.sure is not of type boolean
                    "high":7            | "high":7.5         | $.days[0].high is not of type integer
                    "high":7            | "high":null        | $.days[0].high is not of type integer
                    "high":7            | "high":99999999999 | $.days[0].high cannot be made
                    "high":7,           |                    | $.days[0].high is missing
                    "partly-cloudy"     | "CLOUDY"           | $.days[0].sky is not one of
                    "2026-02-03"        | "CANARY"           | $.days[0].date cannot be made
                    "place":"Ankara"    | "place":null       | $.place is not of type string
                    "place":"Ankara"    | "place":"a","x":1  | $ has a property
                    "place":"Ankara"    | "place":"a","place":"b" | not valid JSON
                    "days":[            | "days":["CANARY",  | $.days[0] is not of type object
                    """)
    void namesThePathOfWhatDoesNotFitAndNeverTheValue(String right, String wrong, String message) {
        String json = WEATHER.replace(right, wrong == null ? "" : wrong);

        assertThatExceptionOfType(ProtocolException.class)
                .isThrownBy(() -> JsonSchemas.bind(json, Weather.class))
                .withMessageContaining(message)
                .satisfies(error -> {
                    assertThat(error.code()).isEqualTo(ErrorCode.PROTOCOL_ERROR);
                    assertThat(error.getMessage()).doesNotContain("CANARY");
                })
                .withNoCause();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  ", "Sure! Here it is: {}", "[]", "null", "{\"place\":"})
    void refusesWhatIsNotAnObject(String json) {
        assertThatExceptionOfType(ProtocolException.class).isThrownBy(() -> JsonSchemas.bind(json, Weather.class));
    }

    @Test
    void saysWhichPartOfAClassHasNoSchema() {
        refused(WithMap.class, "WithMap.map");
        refused(WithObject.class, "WithObject.things[]");
        refused(String.class, "String");
        refused(Sky.class, "Sky");
        refused(List.class, "List");
    }

    private static void refused(Class<?> type, String named) {
        assertThatExceptionOfType(MisconfiguredException.class)
                .isThrownBy(() -> JsonSchemas.responseFormat(type))
                .withMessageContaining("outputClass: " + named);
    }
}
