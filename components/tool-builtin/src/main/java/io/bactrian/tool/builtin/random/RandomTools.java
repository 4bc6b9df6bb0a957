package io.bactrian.tool.builtin.random;

import io.bactrian.core.json.JsonCodec;
import io.bactrian.core.json.JsonObject;
import io.bactrian.core.tool.ToolLabel;
import io.bactrian.core.tool.ToolParameter;
import io.bactrian.core.tool.ToolParameterType;
import io.bactrian.core.tool.ToolProviderController;
import io.bactrian.tool.builtin.support.Choices;
import io.bactrian.tool.builtin.support.Outputs;
import io.bactrian.tool.builtin.support.Parameters;
import io.bactrian.tool.builtin.support.Toolkit;
import java.time.Clock;
import java.util.List;
import java.util.random.RandomGenerator;

/** The tools of the provider {@code random}. */
public final class RandomTools {

    private static final String COUNT = "count";

    private RandomTools() {}

    /**
     * The provider.
     *
     * @param random where chance comes from; shared by all calls, so it has to be thread-safe
     */
    public static ToolProviderController provider(Clock clock, RandomGenerator random, JsonCodec codec) {
        Toolkit kit = new Toolkit("random", "Identifiers and values by chance", codec, ToolLabel.UTILITIES);
        Uuids uuids = new Uuids(clock, random);
        kit.add(
                kit.declare("uuid", "Makes new UUIDs: v4 by chance, or v7, which sort by the time they were made.")
                        .parameter(Parameters.choice("version", Uuids.Version.class, Uuids.Version.V4, "which kind"))
                        .parameter(Parameters.whole(COUNT, 1, Uuids.MOST, 1, "how many"))
                        .outputSchema(Outputs.object("values string[]")),
                arguments -> uuids.uuids(
                        Choices.of(Uuids.Version.class, "version", arguments.text("version")),
                        arguments.integer(COUNT)));
        values(kit, new RandomValues(random));
        return kit.provider();
    }

    private static void values(Toolkit kit, RandomValues values) {
        kit.add(
                kit.declare("integer", "Draws random whole numbers from a range, both ends included.")
                        .parameter(Parameters.whole(
                                "min", -RandomValues.LARGEST, RandomValues.LARGEST, 1, "the least number"))
                        .parameter(Parameters.whole(
                                "max", -RandomValues.LARGEST, RandomValues.LARGEST, 100, "the greatest number"))
                        .parameter(Parameters.whole(COUNT, 1, RandomValues.MOST_VALUES, 1, "how many"))
                        .outputSchema(Outputs.object("values integer[]")),
                arguments -> values.integers(
                        arguments.number("min").longValueExact(),
                        arguments.number("max").longValueExact(),
                        arguments.integer(COUNT)));
        kit.add(
                kit.declare(
                                "choice",
                                "Chooses items of a list at random. As many as there are, without repetition, shuffles it.")
                        .parameter(ToolParameter.llm("items", ToolParameterType.ARRAY, "what to choose from")
                                .schema(items())
                                .required())
                        .parameter(Parameters.whole(COUNT, 1, RandomValues.MOST_VALUES, 1, "how many to choose"))
                        .parameter(Parameters.flag("repeat", false, "whether an item may be chosen more than once"))
                        .outputSchema(Outputs.object("values any[]")),
                arguments ->
                        values.choice(arguments.list("items"), arguments.integer(COUNT), arguments.flag("repeat")));
        kit.add(
                kit.declare(
                                "string",
                                "Makes a random text, such as a code or a password. Whoever reads the conversation sees it: let"
                                        + " people change passwords that were made so.")
                        .parameter(Parameters.whole("length", 1, RandomValues.LONGEST_TEXT, 16, "how many characters"))
                        .parameter(
                                Parameters.choice(
                                        "alphabet",
                                        Alphabet.class,
                                        Alphabet.ALPHANUMERIC,
                                        "what it is made of; readable has no characters that look alike, symbols has punctuation too"))
                        .outputSchema(Outputs.object("value string", "bits integer")),
                arguments -> values.string(
                        arguments.integer("length"),
                        Choices.of(Alphabet.class, "alphabet", arguments.text("alphabet"))));
    }

    private static JsonObject items() {
        return JsonObject.builder()
                .put("type", "array")
                .put("items", JsonObject.of("type", List.of("string", "number", "boolean")))
                .put("minItems", 1)
                .put("maxItems", RandomValues.MOST_ITEMS)
                .build();
    }
}
