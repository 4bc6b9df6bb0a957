package io.bactrian.core.tool;

import io.bactrian.core.file.FileId;
import java.util.List;

/**
 * What a model learns of a call that it made.
 *
 * @param text what it reads: sanitised, within the budget, and marked as what it is, data of a tool
 * @param files the files that came of the call
 * @param outcome what came of it, for everybody else
 */
public record ToolObservation(String text, List<FileId> files, ToolOutcome outcome) {

    /** Copies the list. */
    public ToolObservation {
        files = List.copyOf(files);
    }

    /** Time, cost and sizes. */
    public ToolInvokeMeta meta() {
        return outcome.meta();
    }
}
