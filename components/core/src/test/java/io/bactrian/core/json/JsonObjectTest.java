package io.bactrian.core.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An object keeps its members in order and to itself, however few or many there are. */
class JsonObjectTest {

    private static Map<String, Object> members(int count) {
        Map<String, Object> members = new LinkedHashMap<>();
        // not in the order of their hashes
        IntStream.range(0, count).forEach(i -> members.put("m" + (count - i) * 7, i));
        return members;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 7, 8, 9, 10, 100})
    void keepsItsMembersInOrderHoweverItIsMade(int count) {
        Map<String, Object> members = members(count);
        JsonObject.Builder builder = JsonObject.builder();
        members.forEach(builder::put);
        JsonObject built = builder.build();
        JsonObject ofJava = JsonObject.of(members);
        JsonObject copied = new JsonObject(new LinkedHashMap<>(built.members()));

        for (JsonObject object : List.of(built, ofJava, copied)) {
            assertThat(object.names()).containsExactlyElementsOf(members.keySet());
            assertThat(object.members().keySet()).containsExactlyElementsOf(members.keySet());
            assertThat(object.members()).hasSize(count).doesNotContainKey("another");
            assertThat(object.isEmpty()).isEqualTo(count == 0);
            assertThat(object.find("another")).isEmpty();
            members.forEach((name, value) -> {
                assertThat(object.has(name)).isTrue();
                assertThat(object.find(name)).contains(JsonValue.of(value));
            });
            List<String> seen = new ArrayList<>();
            object.members().forEach((name, value) -> seen.add(name));
            assertThat(seen).containsExactlyElementsOf(members.keySet());
        }
        assertThat(built)
                .isEqualTo(ofJava)
                .isEqualTo(copied)
                .hasSameHashCodeAs(ofJava)
                .hasSameHashCodeAs(copied);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 8, 9})
    void cannotBeChanged(int count) {
        Map<String, JsonValue> members = JsonObject.of(members(count)).members();

        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> members.put("x", JsonNull.NULL));
        if (count > 0) {
            assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(members::clear);
            assertThatExceptionOfType(UnsupportedOperationException.class)
                    .isThrownBy(() -> members.entrySet().iterator().next().setValue(JsonNull.NULL));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 8, 9})
    void isNotTouchedByWhatIsBuiltAfterIt(int count) {
        JsonObject.Builder builder = JsonObject.builder();
        members(count).forEach(builder::put);
        JsonObject first = builder.build();

        JsonObject second = builder.put("later", 1).put("m7", "changed").build();

        assertThat(first).isEqualTo(JsonObject.of(members(count)));
        assertThat(second.names()).hasSize(count + 1).endsWith("later");
        assertThat(second.findText("m7")).contains("changed");
        assertThat(first.has("later")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 8, 9})
    void isNotTouchedByChangesOfTheMapThatItWasMadeOf(int count) {
        Map<String, JsonValue> members =
                new LinkedHashMap<>(JsonObject.of(members(count)).members());
        JsonObject object = new JsonObject(members);

        members.clear();

        assertThat(object).isEqualTo(JsonObject.of(members(count)));
    }

    @Test
    void replacesAMemberInItsPlace() {
        JsonObject object = JsonObject.builder()
                .put("a", 1)
                .put("b", 2)
                .put("c", 3)
                .put("b", "two")
                .build();

        assertThat(object.names()).containsExactly("a", "b", "c");
        assertThat(object.findText("b")).contains("two");
    }

    @Test
    void endsWhereItsMembersEnd() {
        var members = JsonObject.of("a", 1, "b", 2).members().entrySet().iterator();
        members.next();
        members.next();

        assertThat(members.hasNext()).isFalse();
        assertThatExceptionOfType(NoSuchElementException.class).isThrownBy(members::next);
    }

    @Test
    void saysWhereWhatIsNoJsonStands() {
        Object wrong = Map.of("orders", List.of(1, Map.of("when", new Object())));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> JsonValue.of(wrong))
                .withMessage("$.orders[1].when is a java.lang.Object, which is no value of JSON");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> JsonValue.of(List.of(Double.NaN)))
                .withMessage("$[0] is NaN, which is no number of JSON");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> JsonValue.of(Map.of("a", Map.of(1, 2))))
                .withMessage("$.a has a key that is no text");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> JsonValue.of(new StringBuilder[][] {{new StringBuilder()}, {null}}[0][0].getClass()))
                .withMessageStartingWith("$ is a java.lang.Class");
    }

    @Test
    void refusesWhatIsNestedTooDeepOrWithinItself() {
        List<Object> circle = new ArrayList<>();
        circle.add(circle);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> JsonValue.of(circle))
                .withMessageStartingWith("$[0][0]")
                .withMessageEndingWith("is nested more than 64 deep");
    }
}
