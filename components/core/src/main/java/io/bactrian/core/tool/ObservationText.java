package io.bactrian.core.tool;

import io.bactrian.core.error.InvokeException;
import io.bactrian.core.file.FileStore;
import io.bactrian.core.file.NewFile;
import io.bactrian.core.file.StoredFile;
import io.bactrian.core.json.JsonCodec;
import io.bactrian.core.json.JsonValue;
import io.bactrian.core.tenant.Caller;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.StringJoiner;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Writes what a model reads of a call. What a tool says is data: it stands between marks that it cannot write itself, with the
 * characters taken out that would only hide something, and no longer than the budget.
 */
final class ObservationText {

    private static final Pattern MARK = Pattern.compile("<(?=[\\s/]*tool_output)", Pattern.CASE_INSENSITIVE);
    private static final int MOST_FILES_TOLD = 20;
    private static final int LONGEST_NAME = 120;

    private final JsonCodec json;
    private final FileStore files;
    private final ToolLimits limits;

    ObservationText(JsonCodec json, FileStore files, ToolLimits limits) {
        this.json = json;
        this.files = files;
        this.limits = limits;
    }

    /** What a model reads of a result. */
    String of(ToolResult result, String tool, Caller caller) {
        String said = VisibleText.of(said(result));
        if (said.isBlank()) {
            said = result.files().isEmpty() ? "(The tool is done and has nothing to say.)" : "(See the files below.)";
        }
        return marked(tool, within(said, tool, caller)) + aside(result);
    }

    private String said(ToolResult result) {
        StringJoiner parts = new StringJoiner("\n");
        if (!result.text().isEmpty()) {
            parts.add(result.text());
        }
        for (JsonValue value : result.shown()) {
            String written = json.write(value);
            if (!written.equals(result.text())) {
                parts.add(written);
            }
        }
        result.variables().forEach((name, value) -> parts.add(name + ": " + json.write(value)));
        result.citations().forEach(found -> parts.add(found.context()));
        result.links().forEach(link -> parts.add("Link for the user: " + link.url()));
        return parts.toString();
    }

    /** What is ours to say, outside the marks: names that others gave stand in it on one line, and are short. */
    private static String aside(ToolResult result) {
        StringBuilder aside = new StringBuilder();
        List<StoredFile> told =
                result.files().subList(0, Math.min(result.files().size(), MOST_FILES_TOLD));
        for (StoredFile file : told) {
            aside.append("\nA file was stored and is shown to the user: ")
                    .append(quoted(file.name()))
                    .append(" (")
                    .append(file.mimeType())
                    .append(", ")
                    .append(file.size())
                    .append(" bytes), file id ")
                    .append(file.id());
        }
        if (told.size() < result.files().size()) {
            aside.append("\nSo were ")
                    .append(result.files().size() - told.size())
                    .append(" more files.");
        }
        if (!result.meta().ignoredArguments().isEmpty()) {
            aside.append("\nIgnored, because they are no parameters of the tool or are set already: ")
                    .append(String.join(", ", result.meta().ignoredArguments()));
        }
        return aside.toString();
    }

    private static String quoted(String name) {
        return "'" + unmarked(VisibleText.line(name, LONGEST_NAME)).replace('\'', '_') + "'";
    }

    /** What a model reads of a refusal or a failure: the reason may hold words of the tool or of a server. */
    String ofError(String tool, String message) {
        String reason = VisibleText.of(message);
        String shown = reason.length() <= limits.observation()
                ? reason
                : reason.substring(0, VisibleText.cut(reason, limits.observation())) + "…";
        return "The call did not succeed.\n" + marked(tool, shown);
    }

    private static String marked(String tool, String text) {
        return "<tool_output tool=\""
                + unmarked(VisibleText.line(tool, 2 * LONGEST_NAME)).replace('"', '\'') + "\" trust=\"untrusted\">\n"
                + unmarked(text) + "\n</tool_output>";
    }

    private static String unmarked(String text) {
        return MARK.matcher(text).replaceAll("&lt;");
    }

    private String within(String text, String tool, Caller caller) {
        if (text.length() <= limits.observation()) {
            return text;
        }
        int end = VisibleText.cut(text, limits.observation());
        StoredFile whole = limits.offload() ? stored(text, tool, caller) : null;
        String where = whole == null ? "they were left out" : "all of it is in the file " + whole.id();
        return text.substring(0, end) + "\n(… " + (text.length() - end) + " of " + text.length()
                + " characters are not shown; " + where + ")";
    }

    /** Null where it cannot be stored: then the rest is left out, and the model is told so. */
    private @Nullable StoredFile stored(String text, String tool, Caller caller) {
        try {
            return files.put(
                    caller.tenant(),
                    NewFile.madeBy(caller, tool.replaceAll("[^A-Za-z0-9_-]", "_") + ".txt", "text/plain"),
                    text.getBytes(StandardCharsets.UTF_8));
        } catch (InvokeException e) {
            return null;
        }
    }
}
