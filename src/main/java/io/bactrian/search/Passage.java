package io.bactrian.search;

/**
 * A piece of a document that answers on its own.
 *
 * @param source the document's path in the repository
 * @param heading the headings it stands under, outermost first, joined by {@code ›}; empty for none
 * @param text the text, as written
 */
record Passage(String source, String heading, String text) {

    /** What is compared with questions: headings say what a paragraph leaves out. */
    String embedded() {
        return heading.isEmpty() ? text : heading + "\n" + text;
    }
}
