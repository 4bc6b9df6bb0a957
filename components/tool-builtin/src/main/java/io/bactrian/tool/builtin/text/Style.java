package io.bactrian.tool.builtin.text;

import io.bactrian.tool.builtin.support.Choices;

/** How letters and words are written. */
enum Style implements Choices.Word {
    UPPER("upper"),
    LOWER("lower"),
    TITLE("title"),
    SENTENCE("sentence"),
    SLUG("slug"),
    SNAKE("snake"),
    KEBAB("kebab"),
    CAMEL("camel"),
    PASCAL("pascal"),
    CONSTANT("constant");

    private final String text;

    Style(String text) {
        this.text = text;
    }

    @Override
    public String text() {
        return text;
    }
}
