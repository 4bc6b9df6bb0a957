package io.bactrian.tool.builtin.text;

import static io.bactrian.tool.builtin.support.ArgumentChecks.checkLength;
import static io.bactrian.tool.builtin.support.ArgumentChecks.checkRange;
import static io.bactrian.tool.builtin.support.ArgumentChecks.refused;

import com.github.difflib.DiffUtils;
import com.github.difflib.UnifiedDiffUtils;
import com.github.difflib.algorithm.myers.MyersDiffWithLinearSpace;
import com.github.difflib.patch.Patch;
import io.bactrian.core.json.JsonObject;
import io.bactrian.tool.builtin.support.Answer;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** How much two texts differ, and where. */
final class Comparisons {

    static final int LONGEST_COMPARED = 5_000;
    static final int LONGEST_DIFFED = 500_000;
    static final int MOST_LINES = 5_000;

    private Comparisons() {}

    /** The least number of characters to insert, delete or replace, and the part of characters that stay (Levenshtein). */
    static Answer similarity(String first, String second, boolean ignoreCase) {
        checkLength("first", first, LONGEST_COMPARED);
        checkLength("second", second, LONGEST_COMPARED);
        int[] a = characters(first, ignoreCase);
        int[] b = characters(second, ignoreCase);
        int distance = distance(a, b);
        int longer = Math.max(a.length, b.length);
        BigDecimal similarity = longer == 0
                ? BigDecimal.ONE
                : BigDecimal.valueOf(longer - distance).divide(BigDecimal.valueOf(longer), 4, RoundingMode.HALF_UP);
        BigDecimal shown = similarity.signum() == 0 ? BigDecimal.ZERO : similarity.stripTrailingZeros();
        return new Answer(
                "similarity " + shown.toPlainString() + " (1 is the same), distance " + distance,
                JsonObject.of("similarity", shown, "distance", distance));
    }

    private static int[] characters(String text, boolean ignoreCase) {
        // up and down: some letters have one lower case but two upper cases, and the other way round
        return ignoreCase
                ? text.codePoints()
                        .map(c -> Character.toLowerCase(Character.toUpperCase(c)))
                        .toArray()
                : text.codePoints().toArray();
    }

    private static int distance(int[] a, int[] b) {
        int[] row = new int[b.length + 1];
        Arrays.setAll(row, i -> i);
        for (int i = 1; i <= a.length; i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length; j++) {
                int replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length];
    }

    /** The lines that differ, as a unified diff. */
    static Answer diff(String first, String second, long context) {
        checkRange("context", context, 0, 100);
        List<String> before = lines("first", first);
        List<String> after = lines("second", second);
        Patch<String> patch = DiffUtils.diff(before, after, new MyersDiffWithLinearSpace<>());
        List<String> unified =
                removedFirst(UnifiedDiffUtils.generateUnifiedDiff("first", "second", before, patch, (int) context));
        String text = unified.isEmpty() ? "no difference" : String.join("\n", unified);
        long added = patch.getDeltas().stream()
                .mapToLong(delta -> delta.getTarget().size())
                .sum();
        long removed = patch.getDeltas().stream()
                .mapToLong(delta -> delta.getSource().size())
                .sum();
        return new Answer(
                text,
                JsonObject.builder()
                        .put("equal", unified.isEmpty())
                        .put("diff", unified.isEmpty() ? "" : text)
                        .put("added", added)
                        .put("removed", removed)
                        .build());
    }

    /** Within each run of changes puts what went before what came, as everybody writes it. */
    private static List<String> removedFirst(List<String> unified) {
        List<String> ordered = new ArrayList<>(unified.size());
        List<String> added = new ArrayList<>();
        for (int i = 0; i < unified.size(); i++) {
            String line = unified.get(i);
            boolean heading = i < 2;
            if (!heading && line.startsWith("+")) {
                added.add(line);
                continue;
            }
            if (heading || !line.startsWith("-")) {
                ordered.addAll(added);
                added.clear();
            }
            ordered.add(line);
        }
        ordered.addAll(added);
        return ordered;
    }

    private static List<String> lines(String parameter, String text) {
        checkLength(parameter, text, LONGEST_DIFFED);
        List<String> lines = text.lines().toList();
        if (lines.size() > MOST_LINES) {
            throw refused(parameter, "has " + lines.size() + " lines; at most " + MOST_LINES + " are accepted");
        }
        return lines;
    }
}
