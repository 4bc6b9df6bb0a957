package io.bactrian.tool.builtin.units;

import static io.bactrian.tool.builtin.support.ArgumentChecks.refused;

import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.json.JsonObject;
import io.bactrian.tool.builtin.support.Answer;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.stream.Collectors;

/** Turns a value of one unit into one of another, in decimals of 34 digits. */
final class UnitConverter {

    private static final int MOST_DIGITS = 100;
    private static final int LARGEST_EXPONENT = 300;
    private static final int READABLE_DIGITS = 15;
    private static final MathContext DIGITS = MathContext.DECIMAL128;

    private UnitConverter() {}

    /** @throws BadRequestException if a unit is unknown, the two measure different things, or the value cannot be */
    static Answer convert(BigDecimal value, String from, String to) {
        checkSize(value);
        Unit source = UnitTable.table().unit("from", from);
        Unit target = UnitTable.table().unit("to", to);
        if (!source.dimension().equals(target.dimension())) {
            throw refused(
                    "to",
                    target + " measures " + target.dimension() + ", but from is " + source + ", which measures "
                            + source.dimension() + "; accepted are "
                            + UnitTable.table().of(source.dimension()).stream()
                                    .map(Unit::symbol)
                                    .collect(Collectors.joining(", ")));
        }
        if (source.absolute() && source.scaled(value).signum() < 0) {
            throw refused("value", "is below absolute zero");
        }
        BigDecimal result = source.convert(value, target, DIGITS);
        return answer(value, source, result, target);
    }

    private static void checkSize(BigDecimal value) {
        long exponent = value.signum() == 0 ? 0 : (long) value.precision() - value.scale() - 1;
        if (value.precision() > MOST_DIGITS || Math.abs(exponent) > LARGEST_EXPONENT) {
            throw refused(
                    "value",
                    "has too many digits; accepted are " + MOST_DIGITS + " digits, from 1e-" + LARGEST_EXPONENT
                            + " to 1e" + LARGEST_EXPONENT);
        }
    }

    private static Answer answer(BigDecimal value, Unit from, BigDecimal result, Unit to) {
        BigDecimal readable = result.round(new MathContext(READABLE_DIGITS));
        boolean shortened = readable.compareTo(result) != 0 || !from.exact() || !to.exact();
        String text =
                shown(value) + " " + from.symbol() + (shortened ? " ≈ " : " = ") + shown(readable) + " " + to.symbol();
        return new Answer(
                text,
                JsonObject.builder()
                        .put("value", value)
                        .put("from", from.symbol())
                        .put("result", result.signum() == 0 ? BigDecimal.ZERO : result.stripTrailingZeros())
                        .put("to", to.symbol())
                        .put("dimension", from.dimension())
                        .build());
    }

    private static String shown(BigDecimal value) {
        BigDecimal stripped = value.signum() == 0 ? BigDecimal.ZERO : value.stripTrailingZeros();
        boolean plain = stripped.scale() <= 20 && stripped.precision() - stripped.scale() <= 21;
        return plain ? stripped.toPlainString() : stripped.toString();
    }
}
