package io.bactrian.tool.builtin.random;

import static io.bactrian.tool.builtin.support.ArgumentChecks.checkRange;

import io.bactrian.core.json.JsonObject;
import io.bactrian.tool.builtin.support.Answer;
import io.bactrian.tool.builtin.support.Choices;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/** UUIDs (RFC 9562). */
final class Uuids {

    static final int MOST = 100;

    private static final long VARIANT = 0x8000_0000_0000_0000L;
    private static final long VARIANT_MASK = 0x3fff_ffff_ffff_ffffL;
    private static final int COUNTER_BITS = 12;

    private final Clock clock;
    private final RandomGenerator random;

    Uuids(Clock clock, RandomGenerator random) {
        this.clock = clock;
        this.random = random;
    }

    /** The versions that are made. */
    enum Version implements Choices.Word {
        /** Chance alone. */
        V4("v4"),
        /** The time in milliseconds, then chance: they sort by time. */
        V7("v7");

        private final String text;

        Version(String text) {
            this.text = text;
        }

        @Override
        public String text() {
            return text;
        }
    }

    Answer uuids(Version version, long count) {
        checkRange("count", count, 1, MOST);
        List<UUID> uuids =
                switch (version) {
                    case V4 -> random((int) count);
                    case V7 -> byTime((int) count);
                };
        return new Answer(
                uuids.stream().map(UUID::toString).collect(Collectors.joining("\n")), JsonObject.of("values", uuids));
    }

    private List<UUID> random(int count) {
        List<UUID> uuids = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            uuids.add(new UUID(random.nextLong() & 0xffff_ffff_ffff_0fffL | 0x4000L, variant()));
        }
        return uuids;
    }

    /** Those of one call count up behind the time (RFC 9562 §6.2, method 1), from a start that leaves room. */
    private List<UUID> byTime(int count) {
        long millis = clock.millis() & 0xffff_ffff_ffffL;
        int counter = random.nextInt(1 << COUNTER_BITS - 1);
        List<UUID> uuids = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            uuids.add(new UUID(millis << 16 | 0x7000L | counter + i, variant()));
        }
        return uuids;
    }

    private long variant() {
        return random.nextLong() & VARIANT_MASK | VARIANT;
    }
}
