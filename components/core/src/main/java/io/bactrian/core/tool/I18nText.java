package io.bactrian.core.tool;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * A text in several languages.
 *
 * @param english the text in English ({@code en_US}), which stands in for languages that are missing
 * @param others the text in other languages by their code as Dify writes it, such as {@code zh_Hans}, {@code pt_BR}, {@code ja_JP}
 */
public record I18nText(String english, Map<String, String> others) {

    /** No text. */
    public static final I18nText EMPTY = new I18nText("", Map.of());

    /** Copies the map; languages without a text are left out. */
    public I18nText {
        Map<String, String> given = new TreeMap<>(others);
        given.values().removeIf(String::isBlank);
        others = Map.copyOf(given);
    }

    /** A text in English. */
    public static I18nText of(String english) {
        return english.isEmpty() ? EMPTY : new I18nText(english, Map.of());
    }

    /** The text in a language, else in English. */
    public String in(Locale locale) {
        String code =
                locale.getLanguage() + "_" + (locale.getScript().isEmpty() ? locale.getCountry() : locale.getScript());
        return others.getOrDefault(code, english);
    }

    @Override
    public String toString() {
        return english;
    }
}
