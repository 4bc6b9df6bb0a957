package io.bactrian.tool.builtin.text;

import static io.bactrian.tool.builtin.support.ArgumentChecks.checkLength;
import static io.bactrian.tool.builtin.support.ArgumentChecks.checkRange;
import static io.bactrian.tool.builtin.support.ArgumentChecks.refused;

import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.json.JsonArray;
import io.bactrian.core.json.JsonObject;
import io.bactrian.tool.builtin.support.Answer;
import io.bactrian.tool.builtin.support.JsonTexts;
import java.text.BreakIterator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Cuts text into parts. */
final class Splitter {

    static final int LONGEST = 1_000_000;
    static final int MOST_PARTS = 10_000;

    private static final int LONGEST_RESULT = 4_000_000;

    private Splitter() {}

    /**
     * Cuts a text.
     *
     * @param separator what stands between the parts; for {@link SplitBy#SEPARATOR}
     * @param length characters of a part at most; for {@link SplitBy#LENGTH}
     * @param overlap characters that a part repeats of the one before; for {@link SplitBy#LENGTH}
     * @throws BadRequestException if there would be too many parts, or length and overlap do not fit
     */
    static Answer split(String text, SplitBy by, String separator, long length, long overlap) {
        checkLength("text", text, LONGEST);
        List<String> parts =
                switch (by) {
                    case SEPARATOR -> bySeparator(text, separator);
                    case LENGTH -> byLength(text, length, overlap);
                    case LINES -> text.lines().toList();
                    case PARAGRAPHS -> filled(Arrays.asList(text.split("\\R\\h*\\R")));
                    case SENTENCES -> filled(pieces(text, BreakIterator.getSentenceInstance(Locale.ROOT)));
                    case WORDS -> words(text);
                };
        if (parts.size() > MOST_PARTS) {
            throw tooMany();
        }
        JsonArray array = JsonArray.of(parts);
        return new Answer(
                JsonTexts.write(array),
                JsonObject.builder()
                        .put("parts", array)
                        .put("count", parts.size())
                        .build());
    }

    private static BadRequestException tooMany() {
        return refused("text", "would have more than " + MOST_PARTS + " parts");
    }

    private static List<String> bySeparator(String text, String separator) {
        if (separator.isEmpty()) {
            throw refused("separator", "is empty; to split by characters use by=length with length 1");
        }
        List<String> parts = new ArrayList<>();
        int at = 0;
        for (int next = text.indexOf(separator); next >= 0; next = text.indexOf(separator, at)) {
            parts.add(text.substring(at, next));
            at = next + separator.length();
            if (parts.size() > MOST_PARTS) {
                throw tooMany();
            }
        }
        parts.add(text.substring(at));
        return parts;
    }

    private static List<String> byLength(String text, long length, long overlap) {
        checkRange("length", length, 1, LONGEST);
        checkRange("overlap", overlap, 0, length - 1);
        long parts = text.codePointCount(0, text.length()) / (length - overlap);
        if (parts > MOST_PARTS) {
            throw tooMany();
        }
        if (parts * length > LONGEST_RESULT) {
            throw refused("overlap", "makes the parts longer than " + LONGEST_RESULT + " characters together");
        }
        List<String> cut = new ArrayList<>();
        int start = 0;
        while (start < text.length()) {
            int end = forward(text, start, length);
            cut.add(text.substring(start, end));
            start = end == text.length() ? end : text.offsetByCodePoints(end, (int) -overlap);
        }
        return cut;
    }

    private static int forward(String text, int from, long characters) {
        int at = from;
        for (long i = 0; i < characters && at < text.length(); i++) {
            at += Character.charCount(text.codePointAt(at));
        }
        return at;
    }

    private static List<String> words(String text) {
        return pieces(text, BreakIterator.getWordInstance(Locale.ROOT)).stream()
                .filter(Splitter::isWord)
                .toList();
    }

    static boolean isWord(String piece) {
        return piece.codePoints().anyMatch(Character::isLetterOrDigit);
    }

    /** All pieces between the borders that an iterator finds, nothing left out. */
    static List<String> pieces(String text, BreakIterator borders) {
        borders.setText(text);
        List<String> pieces = new ArrayList<>();
        int start = borders.first();
        for (int end = borders.next(); end != BreakIterator.DONE; end = borders.next()) {
            pieces.add(text.substring(start, end));
            start = end;
        }
        return pieces;
    }

    private static List<String> filled(List<String> pieces) {
        return pieces.stream()
                .map(String::strip)
                .filter(piece -> !piece.isEmpty())
                .toList();
    }
}
