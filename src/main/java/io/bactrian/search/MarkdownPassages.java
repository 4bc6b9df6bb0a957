package io.bactrian.search;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Cuts Markdown into passages: one or more whole paragraphs, list items or table rows under one heading. A model reads
 * about 256 tokens of a text, so a passage stays near {@link #FULL} words; a paragraph is cut only where it is far longer.
 */
final class MarkdownPassages {

    /** Words after which a passage takes no further paragraph. */
    static final int FULL = 30;

    /** Words beyond which a single paragraph is cut. */
    static final int LONGEST = 160;

    private static final Pattern HEADING = Pattern.compile("(#{1,6})\\s+(.*?)\\s*#*");
    private static final Pattern WORDS = Pattern.compile("\\s+");
    private static final Pattern COMMENT = Pattern.compile("(?s)<!--.*?-->");
    private static final Pattern SENTENCE_END = Pattern.compile("(?<=[.!?])\\s+");

    private final String source;
    private final List<Passage> passages = new ArrayList<>();
    private final Deque<Level> headings = new ArrayDeque<>();
    private final List<String> paragraph = new ArrayList<>();
    private final List<String> pending = new ArrayList<>();

    private record Level(int depth, String title) {}

    private MarkdownPassages(String source) {
        this.source = source;
    }

    /** The passages of a document, in its order. */
    static List<Passage> of(String source, String markdown) {
        MarkdownPassages cut = new MarkdownPassages(source);
        cut.read(COMMENT.matcher(markdown).replaceAll(""));
        return List.copyOf(cut.passages);
    }

    private void read(String markdown) {
        boolean fenced = false;
        for (Iterator<String> lines = markdown.lines().iterator(); lines.hasNext(); ) {
            String line = lines.next();
            if (line.stripLeading().startsWith("```")) {
                fenced = !fenced;
                paragraph.add(line);
            } else if (fenced) {
                paragraph.add(line);
            } else {
                readText(line);
            }
        }
        endSection();
    }

    private void readText(String line) {
        var heading = HEADING.matcher(line.strip());
        if (line.startsWith("#") && heading.matches()) {
            endSection();
            int depth = heading.group(1).length();
            while (!headings.isEmpty() && headings.peekLast().depth() >= depth) {
                headings.removeLast();
            }
            headings.addLast(new Level(depth, heading.group(2)));
        } else if (line.isBlank()) {
            endParagraph();
        } else {
            if (startsItem(line)) {
                endParagraph();
            }
            paragraph.add(line);
        }
    }

    // an item of a list is a thought of its own once the passage is full
    private static boolean startsItem(String line) {
        return line.startsWith("* ") || line.startsWith("- ") || line.matches("\\d+\\. .*");
    }

    private void endSection() {
        endParagraph();
        flush();
    }

    private void endParagraph() {
        if (paragraph.isEmpty()) {
            return;
        }
        String text = String.join("\n", paragraph).strip();
        paragraph.clear();
        for (String piece : pieces(text)) {
            if (words(pending) + words(piece) > LONGEST) {
                flush();
            }
            pending.add(piece);
            if (words(pending) >= FULL) {
                flush();
            }
        }
    }

    private void flush() {
        if (pending.isEmpty()) {
            return;
        }
        passages.add(new Passage(
                source, String.join(" › ", headings.stream().map(Level::title).toList()), String.join("\n", pending)));
        pending.clear();
    }

    /** A paragraph, or what it is cut into: rows of a table, lines of code, sentences. */
    private static List<String> pieces(String text) {
        if (words(text) <= LONGEST) {
            return List.of(text);
        }
        boolean lines = text.startsWith("|") || text.startsWith("```");
        List<String> parts = lines ? text.lines().toList() : List.of(SENTENCE_END.split(text));
        List<String> pieces = new ArrayList<>();
        List<String> piece = new ArrayList<>();
        for (String part : parts) {
            if (!piece.isEmpty() && words(piece) + words(part) > FULL) {
                pieces.add(String.join(lines ? "\n" : " ", piece));
                piece.clear();
            }
            piece.add(part);
        }
        pieces.add(String.join(lines ? "\n" : " ", piece));
        return pieces;
    }

    private static int words(List<String> texts) {
        return texts.stream().mapToInt(MarkdownPassages::words).sum();
    }

    private static int words(String text) {
        return text.isBlank() ? 0 : WORDS.split(text.strip()).length;
    }
}
