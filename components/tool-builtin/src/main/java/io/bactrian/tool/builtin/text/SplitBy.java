package io.bactrian.tool.builtin.text;

import io.bactrian.tool.builtin.support.Choices;

/** Where a text is cut. */
enum SplitBy implements Choices.Word {
    SEPARATOR("separator"),
    LENGTH("length"),
    LINES("lines"),
    PARAGRAPHS("paragraphs"),
    SENTENCES("sentences"),
    WORDS("words");

    private final String text;

    SplitBy(String text) {
        this.text = text;
    }

    @Override
    public String text() {
        return text;
    }
}
