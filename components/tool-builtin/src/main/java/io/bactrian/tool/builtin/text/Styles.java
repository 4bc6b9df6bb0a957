package io.bactrian.tool.builtin.text;

import static io.bactrian.tool.builtin.support.ArgumentChecks.checkLength;

import io.bactrian.core.json.JsonObject;
import io.bactrian.tool.builtin.support.Answer;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Writes text in another style: letters of another case, or words joined as in URLs and programs. */
final class Styles {

    static final int LONGEST = 1_000_000;

    private static final String SENTENCE_ENDS = ".!?…。！？";
    private static final Pattern MARKS = Pattern.compile("\\p{M}+");

    private Styles() {}

    static Answer change(String text, Style style) {
        checkLength("text", text, LONGEST);
        String changed =
                switch (style) {
                    case UPPER -> text.toUpperCase(Locale.ROOT);
                    case LOWER -> text.toLowerCase(Locale.ROOT);
                    case TITLE -> title(text);
                    case SENTENCE -> sentences(text);
                    case SLUG -> String.join("-", words(plain(text)));
                    case SNAKE -> joined(words(text), "_", Styles::lower);
                    case KEBAB -> joined(words(text), "-", Styles::lower);
                    case CONSTANT -> joined(words(text), "_", word -> word.toUpperCase(Locale.ROOT));
                    case PASCAL -> joined(words(text), "", Styles::capitalised);
                    case CAMEL -> camel(words(text));
                };
        return new Answer(changed, JsonObject.of("text", changed));
    }

    private static String lower(String word) {
        return word.toLowerCase(Locale.ROOT);
    }

    private static String capitalised(String word) {
        int first = word.offsetByCodePoints(0, 1);
        // U+01C6 and its like have a form of their own for titles
        return Character.toString(Character.toTitleCase(word.codePointAt(0))) + lower(word.substring(first));
    }

    /** Capitals begin words: letters after anything but a letter, a digit, or an apostrophe within a word. */
    private static String title(String text) {
        StringBuilder out = new StringBuilder(text.length());
        int before = ' ';
        int last = ' ';
        for (int c : text.codePoints().toArray()) {
            boolean within = isPart(last) || isApostrophe(last) && isPart(before);
            out.appendCodePoint(within ? Character.toLowerCase(c) : Character.toTitleCase(c));
            before = last;
            last = c;
        }
        return out.toString();
    }

    /** Capitals begin the text, and what follows the end of a sentence and a blank. */
    private static String sentences(String text) {
        StringBuilder out = new StringBuilder(text.length());
        boolean ended = false;
        boolean begins = true;
        for (int c : lower(text).codePoints().toArray()) {
            boolean part = Character.isLetterOrDigit(c);
            out.appendCodePoint(begins && part ? Character.toTitleCase(c) : c);
            begins = begins && !part || ended && Character.isWhitespace(c);
            ended = SENTENCE_ENDS.indexOf(c) >= 0 || ended && !part && !Character.isWhitespace(c);
        }
        return out.toString();
    }

    private static boolean isPart(int c) {
        return Character.isLetterOrDigit(c) || Character.getType(c) == Character.NON_SPACING_MARK;
    }

    private static boolean isApostrophe(int c) {
        return c == '\'' || c == '’';
    }

    /** Small letters without their marks, and other letters for the few that are letters of their own. */
    private static String plain(String text) {
        String replaced = lower(text)
                .replace("ß", "ss")
                .replace("æ", "ae")
                .replace("œ", "oe")
                .replace("ø", "o")
                .replace("ł", "l")
                .replace("đ", "d")
                .replace("þ", "th");
        String decomposed = Normalizer.normalize(replaced, Normalizer.Form.NFKD);
        return Normalizer.normalize(MARKS.matcher(decomposed).replaceAll(""), Normalizer.Form.NFC);
    }

    /** Runs of letters and digits, cut where small letters turn large: {@code parseHTMLText} is parse, HTML, Text. */
    private static List<String> words(String text) {
        List<String> words = new ArrayList<>();
        int[] characters = text.codePoints().filter(c -> !isApostrophe(c)).toArray();
        StringBuilder word = new StringBuilder();
        for (int i = 0; i < characters.length; i++) {
            boolean part = isPart(characters[i]);
            if (!part || begins(characters, i)) {
                flush(word, words);
            }
            if (part) {
                word.appendCodePoint(characters[i]);
            }
        }
        flush(word, words);
        return words;
    }

    private static boolean begins(int[] characters, int at) {
        if (at == 0 || !Character.isUpperCase(characters[at])) {
            return false;
        }
        boolean afterSmall = Character.isLowerCase(characters[at - 1]) || Character.isDigit(characters[at - 1]);
        boolean beforeSmall = at + 1 < characters.length && Character.isLowerCase(characters[at + 1]);
        return afterSmall || Character.isUpperCase(characters[at - 1]) && beforeSmall;
    }

    private static void flush(StringBuilder word, List<String> words) {
        if (word.length() > 0) {
            words.add(word.toString());
            word.setLength(0);
        }
    }

    private static String joined(List<String> words, String by, UnaryOperator<String> style) {
        return words.stream().map(style).collect(Collectors.joining(by));
    }

    private static String camel(List<String> words) {
        return words.isEmpty()
                ? ""
                : lower(words.get(0)) + joined(words.subList(1, words.size()), "", Styles::capitalised);
    }
}
