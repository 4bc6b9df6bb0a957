package io.bactrian.tool.builtin.random;

import static io.bactrian.tool.builtin.support.ArgumentChecks.checkRange;
import static io.bactrian.tool.builtin.support.ArgumentChecks.refused;

import io.bactrian.core.json.JsonObject;
import io.bactrian.core.json.JsonValue;
import io.bactrian.tool.builtin.support.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/** Values by chance. As hard to guess as the source of chance is. */
final class RandomValues {

    static final int MOST_VALUES = 1_000;
    static final int MOST_ITEMS = 10_000;
    static final int LONGEST_TEXT = 1_024;
    static final long LARGEST = 1_000_000_000_000_000L;

    private final RandomGenerator random;

    RandomValues(RandomGenerator random) {
        this.random = random;
    }

    /** Whole numbers from the least to the greatest, both included. */
    Answer integers(long least, long greatest, long count) {
        checkRange("min", least, -LARGEST, LARGEST);
        checkRange("max", greatest, -LARGEST, LARGEST);
        checkRange("count", count, 1, MOST_VALUES);
        if (least > greatest) {
            throw refused("min", "is " + least + ", which is greater than max, " + greatest);
        }
        List<Long> numbers = LongStream.generate(() -> random.nextLong(least, greatest + 1))
                .limit(count)
                .boxed()
                .toList();
        return new Answer(
                numbers.stream().map(String::valueOf).collect(Collectors.joining(", ")),
                JsonObject.of("values", numbers));
    }

    /** Some of a list, in random order. */
    Answer choice(List<JsonValue> items, long count, boolean repeat) {
        if (items.isEmpty() || items.size() > MOST_ITEMS) {
            throw refused("items", "has " + items.size() + " items; accepted are 1 to " + MOST_ITEMS);
        }
        checkRange("count", count, 1, MOST_VALUES);
        if (!repeat && count > items.size()) {
            throw refused(
                    "count", "is " + count + ", but there are only " + items.size() + " items; set repeat to true");
        }
        List<JsonValue> left = new ArrayList<>(items);
        List<JsonValue> chosen = new ArrayList<>();
        for (long i = 0; i < count; i++) {
            int at = random.nextInt(left.size());
            chosen.add(repeat ? left.get(at) : take(left, at));
        }
        String text = chosen.stream().map(item -> String.valueOf(item.toJava())).collect(Collectors.joining("\n"));
        return new Answer(text, JsonObject.of("values", chosen));
    }

    /** Takes an item out by putting the last one in its place: order does not matter here. */
    private static JsonValue take(List<JsonValue> items, int at) {
        JsonValue last = items.remove(items.size() - 1);
        return at == items.size() ? last : items.set(at, last);
    }

    Answer string(long length, Alphabet alphabet) {
        checkRange("length", length, 1, LONGEST_TEXT);
        String characters = alphabet.characters();
        StringBuilder text = new StringBuilder();
        for (long i = 0; i < length; i++) {
            text.append(characters.charAt(random.nextInt(characters.length())));
        }
        long bits = (long) Math.floor(length * Math.log(characters.length()) / Math.log(2));
        return new Answer(text.toString(), JsonObject.of("value", text, "bits", bits));
    }
}
