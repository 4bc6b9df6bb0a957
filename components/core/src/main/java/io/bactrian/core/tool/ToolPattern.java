package io.bactrian.core.tool;

import io.bactrian.core.access.Wildcard;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Which tools are meant: by a bare name ({@code current_time}), by provider and name ({@code time/current_time}), by address
 * ({@code tool-builtin:time/current_time}), each with {@code *} for any characters; or by a tag ({@code #readonly}).
 */
public final class ToolPattern {

    private static final int LONGEST = 512;

    private final String text;
    private final Wildcard name;

    private ToolPattern(String text) {
        this.text = text;
        this.name = new Wildcard(text);
    }

    /**
     * The pattern of a text.
     *
     * @throws IllegalArgumentException if it is blank, longer than 512 characters, or a tag without a name
     */
    public static ToolPattern of(String text) {
        String pattern = text.strip();
        if (pattern.isEmpty() || pattern.length() > LONGEST || pattern.equals("#")) {
            throw new IllegalArgumentException(
                    "tools are named by NAME, PROVIDER/NAME, KIND:PROVIDER/NAME, each with * for anything, or by #TAG");
        }
        return new ToolPattern(pattern);
    }

    /** The patterns of a list with commas between them; none for a blank one. */
    public static List<ToolPattern> list(String text) {
        return Arrays.stream(text.split(","))
                .filter(part -> !part.isBlank())
                .map(ToolPattern::of)
                .toList();
    }

    /** Whether it names tools one by one, so that one that is not there is a mistake. */
    public boolean isExact() {
        return name.isExact() && !text.startsWith("#");
    }

    /** Whether it means that tool. */
    public boolean matches(Tool tool) {
        if (text.startsWith("#")) {
            String tag = text.substring(1).toLowerCase(Locale.ROOT);
            return tool.entity().tags().stream()
                    .anyMatch(one -> one.toLowerCase(Locale.ROOT).equals(tag));
        }
        ToolAddress address = tool.address();
        return name.matches(address.tool())
                || name.matches(address.provider() + "/" + address.tool())
                || name.matches(address.toString());
    }

    @Override
    public String toString() {
        return text;
    }
}
