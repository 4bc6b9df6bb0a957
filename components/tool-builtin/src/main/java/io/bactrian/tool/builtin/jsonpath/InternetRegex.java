package io.bactrian.tool.builtin.jsonpath;

import com.google.re2j.Pattern;
import io.bactrian.tool.builtin.support.LinearRegex;

/** Regular expressions of RFC 9485 (I-Regexp) in the syntax of RE2: only the point differs, which is no line end there. */
final class InternetRegex {

    private static final String NO_LINE_END = "[^\\n\\r]";

    private InternetRegex() {}

    static LinearRegex compile(String regex) {
        return LinearRegex.compile(JsonPath.PARAMETER, translate(regex), Pattern.DOTALL);
    }

    private static String translate(String regex) {
        StringBuilder out = new StringBuilder(regex.length());
        boolean inClass = false;
        for (int i = 0; i < regex.length(); i++) {
            char c = regex.charAt(i);
            if (c == '\\' && i + 1 < regex.length()) {
                out.append(c).append(regex.charAt(++i));
                continue;
            }
            inClass = c == '[' || inClass && c != ']';
            out.append(c == '.' && !inClass ? NO_LINE_END : String.valueOf(c));
        }
        return out.toString();
    }
}
