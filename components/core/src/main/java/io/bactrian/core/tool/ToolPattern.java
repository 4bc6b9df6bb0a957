package io.bactrian.core.tool;

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
    private final String[] parts;

    private ToolPattern(String text) {
        this.text = text;
        this.parts = text.split("\\*", -1);
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
        return parts.length == 1 && !text.startsWith("#");
    }

    /** Whether it means that tool. */
    public boolean matches(Tool tool) {
        if (text.startsWith("#")) {
            String tag = text.substring(1).toLowerCase(Locale.ROOT);
            return tool.entity().tags().stream()
                    .anyMatch(one -> one.toLowerCase(Locale.ROOT).equals(tag));
        }
        ToolAddress address = tool.address();
        return fits(address.tool()) || fits(address.provider() + "/" + address.tool()) || fits(address.toString());
    }

    /** Whether the name is the pattern's pieces with anything between them; linear in the name. */
    private boolean fits(String name) {
        if (parts.length == 1) {
            return name.equals(text);
        }
        String first = parts[0];
        String last = parts[parts.length - 1];
        if (!name.startsWith(first) || !name.endsWith(last) || name.length() < first.length() + last.length()) {
            return false;
        }
        int from = first.length();
        int end = name.length() - last.length();
        for (int i = 1; i < parts.length - 1; i++) {
            int found = name.indexOf(parts[i], from);
            if (found < 0 || found + parts[i].length() > end) {
                return false;
            }
            from = found + parts[i].length();
        }
        return true;
    }

    @Override
    public String toString() {
        return text;
    }
}
