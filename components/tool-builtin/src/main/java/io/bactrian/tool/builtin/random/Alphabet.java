package io.bactrian.tool.builtin.random;

import io.bactrian.tool.builtin.support.Choices;

/** The characters that a random text is made of. */
enum Alphabet implements Choices.Word {
    ALPHANUMERIC("alphanumeric", Alphabet.LETTERS + Alphabet.NUMERALS),
    /** Without characters that look alike. */
    READABLE("readable", "abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"),
    SYMBOLS("symbols", Alphabet.LETTERS + Alphabet.NUMERALS + "!#$%&()*+,-./:;<=>?@[]^_{|}~"),
    HEX("hex", Alphabet.NUMERALS + "abcdef"),
    DIGITS("digits", Alphabet.NUMERALS),
    LOWERCASE("lowercase", "abcdefghijklmnopqrstuvwxyz");

    private static final String LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    private static final String NUMERALS = "0123456789";

    private final String text;
    private final String characters;

    Alphabet(String text, String characters) {
        this.text = text;
        this.characters = characters;
    }

    @Override
    public String text() {
        return text;
    }

    String characters() {
        return characters;
    }
}
