package io.bactrian.core.tool;

import java.time.Duration;

/**
 * What the engine lets tools do at most.
 *
 * @param timeout how long a call may take, where the tool itself says nothing shorter
 * @param mostMessages how many messages a call may bring
 * @param mostCharacters how many characters of text and JSON a call may bring in all
 * @param observation how many characters of a result a model is shown
 * @param offload whether what is beyond that is stored as a file that the model is told of; otherwise it is left out, and said so
 * @param parallel how many tools of one turn run at the same time
 */
public record ToolLimits(
        Duration timeout, int mostMessages, long mostCharacters, int observation, boolean offload, int parallel) {

    /** A minute; 100,000 messages; 16 million characters; 24,000 characters for a model, the rest in a file; 8 at a time. */
    public static final ToolLimits DEFAULTS =
            new ToolLimits(Duration.ofMinutes(1), 100_000, 16_000_000, 24_000, true, 8);

    /** @throws IllegalArgumentException if a limit is not greater than zero */
    public ToolLimits {
        if (timeout.isZero()
                || timeout.isNegative()
                || mostMessages < 1
                || mostCharacters < 1
                || observation < 200
                || parallel < 1) {
            throw new IllegalArgumentException(
                    "limits of tools are greater than zero, and a model is shown at least 200 characters");
        }
    }
}
