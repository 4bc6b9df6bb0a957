package io.bactrian.json;

import com.networknt.schema.ExecutionContext;
import com.networknt.schema.SchemaContext;
import com.networknt.schema.format.DateFormat;
import com.networknt.schema.format.DateTimeFormat;
import com.networknt.schema.format.DurationFormat;
import com.networknt.schema.format.EmailFormat;
import com.networknt.schema.format.Format;
import com.networknt.schema.format.IPv6Format;
import com.networknt.schema.format.IdnEmailFormat;
import com.networknt.schema.format.IdnHostnameFormat;
import com.networknt.schema.format.IriFormat;
import com.networknt.schema.format.IriReferenceFormat;
import com.networknt.schema.format.TimeFormat;
import com.networknt.schema.format.UriFormat;
import com.networknt.schema.format.UriReferenceFormat;
import java.util.List;
import java.util.function.LongUnaryOperator;
import java.util.stream.Stream;

/**
 * The formats that are checked: those of JSON Schema itself. Others are notes to whoever reads the schema. The validator's own
 * are kept to short texts, as some backtrack; those of a single expression are run by RE2. All pay from the budget of the
 * {@link SchemaRun}.
 */
final class SchemaFormats {

    private static final int LONGEST_URI = 8_192;
    private static final int LONGEST = 1_000;
    private static final String LABEL = "[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?";
    private static final String OCTET = "(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])";
    private static final String POINTER = "(?:/(?:[^/~]|~[01])*)*";

    /** All of them. */
    static final List<Format> ALL = Stream.of(
                    quadratic(new DateFormat()),
                    quadratic(new DateTimeFormat()),
                    quadratic(new TimeFormat()),
                    quadratic(new DurationFormat()),
                    quadratic(new EmailFormat()),
                    quadratic(new IdnEmailFormat()),
                    quadratic(new IdnHostnameFormat()),
                    quadratic(new IPv6Format()),
                    linear(new UriFormat()),
                    linear(new UriReferenceFormat()),
                    linear(new IriFormat()),
                    linear(new IriReferenceFormat()),
                    expression("hostname", "^" + LABEL + "(?:\\." + LABEL + ")*$"),
                    expression("ipv4", "^" + OCTET + "(?:\\." + OCTET + "){3}$"),
                    expression("uuid", "^[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$"),
                    expression("json-pointer", "^" + POINTER + "$"),
                    expression("relative-json-pointer", "^(?:0|[1-9][0-9]*)(?:#|" + POINTER + ")$"),
                    new Expressions())
            .toList();

    private SchemaFormats() {}

    /** Of the validator, which is taken to backtrack over all of the text at each of its characters. */
    private static Format quadratic(Format format) {
        return new Bounded(format, LONGEST, length -> length * length / CostlyKeyword.CHARACTERS_A_STEP);
    }

    private static Format linear(Format format) {
        return new Bounded(format, LONGEST_URI, length -> length / CostlyKeyword.CHARACTERS_A_STEP);
    }

    private static Format expression(String name, String expression) {
        LinearPattern pattern = LinearPattern.compile(expression);
        return new Bounded(
                new Expression(name, pattern), LONGEST, length -> CostlyKeyword.steps(length, pattern.size()));
    }

    /** A format that is one regular expression. */
    private record Expression(String name, LinearPattern pattern) implements Format {

        @Override
        public String getName() {
            return name;
        }

        @Override
        public boolean matches(ExecutionContext context, String value) {
            return pattern.matches(value);
        }
    }

    /** The format of regular expressions: of those that could be used. */
    private record Expressions() implements Format {

        @Override
        public String getName() {
            return "regex";
        }

        @Override
        public boolean matches(ExecutionContext context, String value) {
            try {
                SchemaRun.spend(context, EcmaPattern.translate(value).size());
                LinearPattern.compile(value);
                return true;
            } catch (LinearPattern.Refused e) {
                return false;
            }
        }
    }

    /** A format that long texts do not have, and short ones pay for. */
    private record Bounded(Format format, int longest, LongUnaryOperator cost) implements Format {

        @Override
        public String getName() {
            return format.getName();
        }

        @Override
        public boolean matches(ExecutionContext context, SchemaContext schema, String value) {
            if (value.length() > longest) {
                return false;
            }
            SchemaRun.spend(context, cost.applyAsLong(value.length()));
            return format.matches(context, schema, value);
        }
    }
}
