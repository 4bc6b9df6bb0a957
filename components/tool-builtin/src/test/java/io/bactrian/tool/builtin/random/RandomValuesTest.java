package io.bactrian.tool.builtin.random;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.json.JsonArray;
import io.bactrian.core.json.JsonNumber;
import io.bactrian.core.json.JsonString;
import io.bactrian.core.json.JsonValue;
import io.bactrian.tool.builtin.support.Answer;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class RandomValuesTest {

    private static final Instant NOW = Instant.parse("2025-03-30T12:34:56.789Z");

    private final RandomValues values = new RandomValues(new SplittableRandom(1));
    private final Uuids uuids = new Uuids(Clock.fixed(NOW, ZoneOffset.UTC), new SplittableRandom(1));

    private static List<JsonValue> values(Answer answer) {
        return ((JsonArray) answer.json().find("values").orElseThrow()).elements();
    }

    @Test
    void makesRandomUuids() {
        Answer answer = uuids.uuids(Uuids.Version.V4, 100);

        List<UUID> made = answer.text().lines().map(UUID::fromString).toList();
        assertThat(made).hasSize(100).doesNotHaveDuplicates();
        assertThat(made).allSatisfy(uuid -> {
            assertThat(uuid.version()).isEqualTo(4);
            assertThat(uuid.variant()).isEqualTo(2);
        });
    }

    @Test
    void makesUuidsThatSortByTime() {
        Answer answer = uuids.uuids(Uuids.Version.V7, 100);

        List<String> made = answer.text().lines().toList();
        assertThat(made).hasSize(100).isSorted().doesNotHaveDuplicates();
        assertThat(made).map(UUID::fromString).allSatisfy(uuid -> {
            assertThat(uuid.version()).isEqualTo(7);
            assertThat(uuid.variant()).isEqualTo(2);
            assertThat(uuid.getMostSignificantBits() >>> 16).isEqualTo(NOW.toEpochMilli());
        });
    }

    @Test
    void makesNumbersOfTheWholeRange() {
        Set<Object> seen = new HashSet<>();
        values(values.integers(-1, 2, 1_000))
                .forEach(value -> seen.add(((JsonNumber) value).value().intValue()));

        assertThat(seen).containsExactlyInAnyOrder(-1, 0, 1, 2);
        assertThat(values.integers(7, 7, 3).text()).isEqualTo("7, 7, 7");
        assertThat(values(values.integers(-RandomValues.LARGEST, RandomValues.LARGEST, 1_000)))
                .allSatisfy(value -> assertThat(((JsonNumber) value).value().abs())
                        .isLessThanOrEqualTo(BigDecimal.valueOf(RandomValues.LARGEST)));
    }

    @ParameterizedTest
    @CsvSource({
        "5, 4, 1, 'min: is 5, which is greater than max, 4'",
        "0, 1, 0, 'count: is 0; accepted are whole numbers from 1 to 1000'",
        "0, 1, 1001, 'count: is 1001; accepted are whole numbers from 1 to 1000'",
        "-9223372036854775808, 1, 1, 'min: is -9223372036854775808; accepted'",
        "0, 9223372036854775807, 1, 'max: is 9223372036854775807; accepted'",
    })
    void refusesRangesThatAreNone(long least, long greatest, long count, String message) {
        assertThatThrownBy(() -> values.integers(least, greatest, count))
                .isInstanceOf(BadRequestException.class)
                .hasMessageStartingWith(message);
    }

    @Test
    void choosesWithoutRepeating() {
        List<JsonValue> items =
                IntStream.range(0, 50).<JsonValue>mapToObj(JsonNumber::of).toList();

        assertThat(values(values.choice(items, 50, false))).containsExactlyInAnyOrderElementsOf(items);
        assertThat(values(values.choice(items, 50, false))).isNotEqualTo(items);
        assertThat(values(values.choice(items, 5, false))).hasSize(5).doesNotHaveDuplicates();
    }

    @Test
    @DisplayName("PARSE-08: what is chosen is echoed literally")
    void choosesWithRepeating() {
        JsonValue only = new JsonString("${a} {{b}}");

        assertThat(values.choice(List.of(only), 3, true).text()).isEqualTo("${a} {{b}}\n${a} {{b}}\n${a} {{b}}");
    }

    @Test
    void refusesChoicesThatAreNone() {
        JsonValue item = new JsonString("a");

        assertThatThrownBy(() -> values.choice(List.of(), 1, true))
                .hasMessage("items: has 0 items; accepted are 1 to 10000");
        assertThatThrownBy(() -> values.choice(List.of(item), 2, false))
                .isInstanceOf(BadRequestException.class)
                .hasMessage("count: is 2, but there are only 1 items; set repeat to true");
    }

    @ParameterizedTest
    @EnumSource(Alphabet.class)
    void makesTextOfAnAlphabet(Alphabet alphabet) {
        Answer answer = values.string(1_000, alphabet);

        assertThat(answer.text()).hasSize(1_000);
        Set<Integer> used = new HashSet<>();
        answer.text().chars().forEach(used::add);
        Set<Integer> all = new HashSet<>();
        alphabet.characters().chars().forEach(all::add);
        assertThat(used).isEqualTo(all);
        assertThat(all).hasSize(alphabet.characters().length());
    }

    @Test
    void saysHowHardTextIsToGuess() {
        assertThat(values.string(32, Alphabet.HEX).json().find("bits")).contains(JsonNumber.of(128));
        assertThatThrownBy(() -> values.string(0, Alphabet.HEX))
                .hasMessage("length: is 0; accepted are whole numbers from 1 to 1024");
        assertThatThrownBy(() -> values.string(1_000_000, Alphabet.HEX)).isInstanceOf(BadRequestException.class);
    }
}
