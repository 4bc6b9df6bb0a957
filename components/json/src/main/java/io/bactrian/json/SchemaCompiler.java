package io.bactrian.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BigIntegerNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.networknt.schema.InvalidSchemaRefException;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaException;
import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.json.JsonCodec;
import io.bactrian.core.json.JsonObject;
import io.bactrian.core.json.JsonValue;
import java.math.BigDecimal;
import java.util.List;

/** Makes checks of JSON Schemas: looked through first, held against the schema of schemas, compiled once, run within a budget. */
final class SchemaCompiler {

    /** A list of 100,000 items fits in, with half a dozen rules for each. */
    private static final long MOST_STEPS = 1_000_000;

    private static final long MOST_META_STEPS = 10_000_000;

    private static final int MOST_PROBLEMS = 10;

    // more than those of any number that is read: Java's own may be a gigabyte long when written out
    private static final int MOST_DIGITS = 2_000;
    private static final int DIGITS_OF_DOUBLE = 15;
    private static final int DIGITS_OF_LONG = 18;

    private SchemaCompiler() {}

    /** @throws io.bactrian.core.error.MisconfiguredException if it is no schema, or one that is refused */
    static JsonCodec.Check compile(JsonObject source) {
        SchemaGuard.check(source);
        Schema schema = schema(asSchema(source));
        JsonCodec.Check check = value -> problems(schema, value);
        // a schema that leads in circles does so for the simplest value too
        if (check.problems(JsonObject.EMPTY).contains(SchemaProblems.TOO_MUCH)) {
            throw SchemaGuard.refused("refers to itself in a circle, or takes too many steps to check");
        }
        return check;
    }

    private static JsonNode asSchema(JsonObject source) {
        List<String> problems;
        JsonNode node;
        try {
            node = node(source);
            problems = SchemaProblems.of(
                    SchemaRun.errors(SchemaDrafts.metaSchema(source), node, false, MOST_META_STEPS), MOST_PROBLEMS);
        } catch (SchemaRun.TooMuch e) {
            throw SchemaGuard.refused("is too large or too deep to be looked through");
        } catch (BadRequestException e) {
            throw SchemaGuard.refused("cannot be looked through: " + e.getMessage());
        }
        if (!problems.isEmpty()) {
            throw SchemaGuard.refused("is none: " + String.join("; ", problems));
        }
        return node;
    }

    private static Schema schema(JsonNode node) {
        try {
            Schema schema = SchemaDrafts.REGISTRY.getSchema(node);
            // follows the references now: later is too late to refuse
            schema.initializeValidators();
            return schema;
        } catch (InvalidSchemaRefException e) {
            throw SchemaGuard.refused("has a reference that leads nowhere");
        } catch (LinearPattern.Refused e) {
            throw SchemaGuard.refused("has a regular expression that " + e.reason());
        } catch (SchemaException e) {
            throw SchemaGuard.refused("cannot be compiled: a reference leads nowhere or to what is no schema");
        } catch (StackOverflowError e) {
            // one reference leads to the next, thousands of times; what was made so far is dropped
            throw SchemaGuard.refused("has references that are too many steps long");
        }
    }

    private static List<String> problems(Schema schema, JsonValue value) {
        try {
            return SchemaProblems.of(SchemaRun.errors(schema, node(value), true, MOST_STEPS), MOST_PROBLEMS);
        } catch (SchemaRun.TooMuch e) {
            return List.of(SchemaProblems.TOO_MUCH);
        } catch (BadRequestException e) {
            return List.of("$ cannot be checked: " + e.getMessage());
        } catch (SchemaException | ArithmeticException | NumberFormatException e) {
            // a check that cannot run refuses
            return List.of("$ cannot be checked: its schema cannot be followed for this value");
        }
    }

    private static JsonNode node(JsonValue value) {
        return JsonNodes.toNode(value, SchemaCompiler::number);
    }

    /**
     * Nodes that the validator compares exactly: it makes doubles of whole numbers for some keywords, which are exact up to
     * 2^53, and cuts decimals down to 64 bits where a schema says {@code integer}.
     */
    private static JsonNode number(BigDecimal value) {
        BigDecimal plain = value.signum() == 0 ? BigDecimal.ZERO : value.stripTrailingZeros();
        if (plain.precision() > MOST_DIGITS || Math.abs((long) plain.scale()) > MOST_DIGITS) {
            throw JsonWriting.invalid("the value has a number of more than " + MOST_DIGITS + " digits");
        }
        if (plain.scale() > 0) {
            return DecimalNode.valueOf(plain);
        }
        long digits = (long) plain.precision() - plain.scale();
        if (digits <= DIGITS_OF_DOUBLE) {
            return LongNode.valueOf(plain.longValueExact());
        }
        return digits <= DIGITS_OF_LONG ? DecimalNode.valueOf(plain) : BigIntegerNode.valueOf(plain.toBigInteger());
    }
}
