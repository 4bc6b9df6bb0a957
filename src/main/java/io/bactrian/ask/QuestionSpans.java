package io.bactrian.ask;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The parts of a question that may be what a tool wants, the likeliest first: what stands in quotation marks, an address, a date,
 * arithmetic, what follows a colon, all of it.
 */
final class QuestionSpans {

    // the apostrophe of a word, as in don't, quotes nothing
    private static final Pattern QUOTED = Pattern.compile(
            "[\"“„«]([^\"”“»]{1,1000})[\"”“»]" + "|(?<![\\p{L}\\p{N}])['‘]([^'’]{1,1000})['’](?![\\p{L}\\p{N}])");

    private static final Pattern ADDRESS = Pattern.compile("https?://[^\\s<>\"']{1,2000}");
    private static final Pattern DATE = Pattern.compile("\\b\\d{4}-\\d{2}-\\d{2}(?:[T ]\\d{2}:\\d{2}(?::\\d{2})?)?\\b");
    private static final String MATHS = "0123456789.,+-*/^%()=<>! ";
    private static final String OPERATORS = "+-*/^%<>(";

    private final String question;

    private QuestionSpans(String question) {
        this.question = question;
    }

    /** The parts, the likeliest first. */
    static List<String> of(String question) {
        QuestionSpans all = new QuestionSpans(question);
        Set<String> spans = new LinkedHashSet<>();
        Matcher quoted = QUOTED.matcher(question);
        while (quoted.find() && spans.size() < 4) {
            spans.add((quoted.group(1) == null ? quoted.group(2) : quoted.group(1)).strip());
        }
        all.address().ifPresent(spans::add);
        all.date().ifPresent(spans::add);
        all.arithmetic().ifPresent(spans::add);
        int colon = question.indexOf(": ");
        if (colon > 0 && colon < question.length() - 2) {
            spans.add(question.substring(colon + 2).strip());
        }
        spans.add(question.strip());
        spans.remove("");
        return List.copyOf(spans);
    }

    /**
     * The question with what its parts are said in words: an embedding model knows what an arithmetic expression is good for, and
     * not what {@code 17*23} is.
     */
    static String explained(String question) {
        QuestionSpans all = new QuestionSpans(question);
        List<String> said = new ArrayList<>();
        if (all.address().isPresent()) {
            said.add("reads a web page");
        }
        if (all.date().isPresent()) {
            said.add("about a date");
        } else if (all.arithmetic().isPresent()) {
            said.add("calculates an arithmetic expression");
        }
        return said.isEmpty() ? question : question + " (" + String.join(", ", said) + ")";
    }

    private Optional<String> address() {
        Matcher found = ADDRESS.matcher(question);
        return found.find() ? Optional.of(found.group().replaceAll("[.,;:!?)]+$", "")) : Optional.empty();
    }

    private Optional<String> date() {
        Matcher found = DATE.matcher(question);
        return found.find() ? Optional.of(found.group()) : Optional.empty();
    }

    /** The longest stretch of numbers with signs and functions between them; empty if there is none, or a number alone. */
    private Optional<String> arithmetic() {
        String longest = "";
        int from = 0;
        for (int i = 0; i <= question.length(); i++) {
            int end = i < question.length() ? afterPart(i) : i;
            if (end > i) {
                i = end - 1;
                continue;
            }
            String stretch = question.substring(from, i).strip().replaceAll("[=?.,! ]+$", "");
            if (isArithmetic(stretch) && stretch.length() > longest.length()) {
                longest = stretch;
            }
            from = i + 1;
        }
        return longest.isEmpty() ? Optional.empty() : Optional.of(longest);
    }

    /** Where the number, sign or function at a place ends; that place if there is none. */
    private int afterPart(int at) {
        if (MATHS.indexOf(question.charAt(at)) >= 0) {
            return at + 1;
        }
        int end = at;
        while (end < question.length() && Character.isLetter(question.charAt(end))) {
            end++;
        }
        return end > at && end < question.length() && question.charAt(end) == '(' ? end + 1 : at;
    }

    private static boolean isArithmetic(String stretch) {
        boolean number = stretch.chars().anyMatch(c -> c >= '0' && c <= '9');
        // a minus at the very beginning makes no sum of a number
        boolean operator = stretch.chars().skip(1).anyMatch(c -> OPERATORS.indexOf(c) >= 0) || stretch.endsWith(")");
        return number && operator && !DATE.matcher(stretch).matches();
    }
}
