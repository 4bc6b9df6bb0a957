package io.bactrian.tool.builtin.text;

import static io.bactrian.tool.builtin.support.ArgumentChecks.checkLength;

import io.bactrian.core.json.JsonObject;
import io.bactrian.tool.builtin.support.Answer;
import io.bactrian.tool.builtin.support.Utf8;
import java.text.BreakIterator;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Counts what text consists of, and takes blanks out of it. */
final class TextFacts {

    static final int LONGEST = 1_000_000;

    private static final String TEXT = "text";
    private static final Pattern BLANK_LINES = Pattern.compile("\\R(?:\\h*\\R){2,}");

    /** What is seen as one character (UAX 29), whatever it is made of. */
    private static final Pattern VISIBLE = Pattern.compile("\\X");

    private TextFacts() {}

    static Answer count(String text) {
        checkLength(TEXT, text, LONGEST);
        int bytes = Utf8.bytes(TEXT, text).length;
        long visible = VISIBLE.matcher(text).results().count();
        long words = count(text, BreakIterator.getWordInstance(Locale.ROOT), Splitter::isWord);
        long sentences = count(text, BreakIterator.getSentenceInstance(Locale.ROOT), piece -> !piece.isBlank());
        long lines = text.lines().count();
        long paragraphs = Arrays.stream(text.split("\\R\\h*\\R"))
                .filter(paragraph -> !paragraph.isBlank())
                .count();
        int characters = text.codePointCount(0, text.length());
        return new Answer(
                visible + " characters, " + words + " words, " + sentences + " sentences, " + lines + " lines, "
                        + paragraphs + " paragraphs, " + bytes + " bytes in UTF-8",
                JsonObject.builder()
                        .put("characters", visible)
                        .put("code_points", characters)
                        .put("words", words)
                        .put("sentences", sentences)
                        .put("lines", lines)
                        .put("paragraphs", paragraphs)
                        .put("bytes", bytes)
                        .build());
    }

    private static long count(String text, BreakIterator borders, Predicate<String> wanted) {
        return Splitter.pieces(text, borders).stream().filter(wanted).count();
    }

    /**
     * Takes blanks away: at both ends, and if wanted at the ends of lines, more than one in a row, and more than one empty line
     * in a row.
     */
    static Answer trim(String text, boolean inside) {
        checkLength(TEXT, text, LONGEST);
        String trimmed = inside ? tidy(text) : text;
        String result = trimmed.strip();
        return new Answer(result, JsonObject.of("text", result, "removed", text.length() - result.length()));
    }

    private static String tidy(String text) {
        String lines = text.lines().map(TextFacts::tidyLine).collect(Collectors.joining("\n"));
        return BLANK_LINES.matcher(lines).replaceAll("\n\n");
    }

    private static String tidyLine(String line) {
        StringBuilder tidy = new StringBuilder(line.length());
        boolean blank = false;
        for (int c : line.strip().codePoints().toArray()) {
            boolean isBlank = Character.isSpaceChar(c) || c == '\t';
            if (!isBlank) {
                tidy.append(blank ? " " : "").appendCodePoint(c);
            }
            blank = isBlank;
        }
        return tidy.toString();
    }
}
