package io.bactrian.json;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import com.networknt.schema.SchemaException;
import com.networknt.schema.regex.RegularExpression;
import com.networknt.schema.regex.RegularExpressionFactory;

/**
 * A regular expression of ECMA-262 as JSON Schema uses it, run by RE2: in time that grows with the text, never exponentially
 * (PARSE-07). What RE2 has not, looking around and back references, is refused.
 */
final class LinearPattern implements RegularExpression {

    /** The validator takes its expressions from here. */
    static final RegularExpressionFactory FACTORY = LinearPattern::compile;

    private final Pattern pattern;
    private final int size;

    private LinearPattern(Pattern pattern, int size) {
        this.pattern = pattern;
        this.size = size;
    }

    /** Says why an expression is refused. */
    static final class Refused extends SchemaException {

        private static final long serialVersionUID = 1;

        Refused(String reason) {
            super(reason);
        }

        String reason() {
            return String.valueOf(getMessage());
        }
    }

    /** @throws Refused if it is no regular expression, too large, or needs backtracking */
    static LinearPattern compile(String expression) {
        EcmaPattern translated = EcmaPattern.translate(expression);
        try {
            return new LinearPattern(Pattern.compile(translated.re2()), translated.size());
        } catch (PatternSyntaxException e) {
            throw new Refused("is no regular expression");
        }
    }

    /** About how many states it looks at for each character of a text. */
    int size() {
        return size;
    }

    @Override
    public boolean matches(String text) {
        // found anywhere: JSON Schema does not anchor
        return pattern.matcher(text).find();
    }
}
