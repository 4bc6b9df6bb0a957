package io.bactrian.json;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.MisconfiguredException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** All that is wrong in one file, each with its line. For one thread. */
public final class YamlProblems {

    private final String file;
    private final List<String> found = new ArrayList<>();

    /** @param file the file's name as a person knows it, relative to the configuration folder */
    public YamlProblems(String file) {
        this.file = file;
    }

    /** The file's name. */
    public String file() {
        return file;
    }

    /** Adds one, as {@code file:line: message}. */
    public void add(int line, String message) {
        found.add(file + ":" + line + ": " + message);
    }

    /** All of them, in the order found. */
    public List<String> all() {
        return Collections.unmodifiableList(found);
    }

    /**
     * Refuses to go on if there is any, of any file.
     *
     * @throws MisconfiguredException naming all of them, a line each
     */
    public static void refuseAny(List<YamlProblems> files) {
        List<String> all = files.stream().flatMap(file -> file.all().stream()).toList();
        if (!all.isEmpty()) {
            throw new MisconfiguredException(ErrorCode.MISCONFIGURED, String.join("\n", all));
        }
    }
}
