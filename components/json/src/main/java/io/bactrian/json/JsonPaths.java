package io.bactrian.json;

import io.bactrian.core.error.SafeText;
import java.util.regex.Pattern;

/** Paths into JSON for messages, such as {@code $.days[2].high}. Names may come from anybody: they are shown if they are harmless. */
final class JsonPaths {

    private static final int LONGEST_SHOWN = 64;
    private static final Pattern PLAIN = Pattern.compile("[$A-Za-z0-9_-]+");

    private JsonPaths() {}

    /** The step to a member. */
    static String member(String name) {
        return PLAIN.matcher(name).matches() && name.length() <= LONGEST_SHOWN ? "." + name : "[" + quoted(name) + "]";
    }

    /** A name in quotes, or words for it. */
    static String quoted(String name) {
        return name.length() <= LONGEST_SHOWN && SafeText.showable(name) && !Surrogates.anyAlone(name)
                ? "'" + name + "'"
                : "(a name that cannot be shown)";
    }
}
