package io.bactrian.tool.builtin.data;

import io.bactrian.tool.builtin.support.Choices;

/** What separates the cells of a row of CSV. */
enum Delimiter implements Choices.Word {
    COMMA("comma", ','),
    SEMICOLON("semicolon", ';'),
    TAB("tab", '\t'),
    PIPE("pipe", '|');

    private final String text;
    private final char character;

    Delimiter(String text, char character) {
        this.text = text;
        this.character = character;
    }

    @Override
    public String text() {
        return text;
    }

    char character() {
        return character;
    }
}
