package io.bactrian.tool.builtin.units;

import static io.bactrian.tool.builtin.support.ArgumentChecks.quoted;
import static io.bactrian.tool.builtin.support.ArgumentChecks.refused;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.bactrian.core.error.BadRequestException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** All units by all their names, out of {@code units.txt}. A name in exact case goes before one in another case. */
final class UnitTable {

    private static final int MOST_SUGGESTIONS = 6;
    private static final int LONGEST_LOOKED_INTO = 60;
    private static final UnitTable TABLE = new UnitTable(lines());

    private final Map<String, Unit> byName = new LinkedHashMap<>();
    private final Map<String, Set<Unit>> byLowerCase = new LinkedHashMap<>();
    private final Map<String, List<Unit>> byDimension = new LinkedHashMap<>();

    private UnitTable(List<String> lines) {
        lines.stream().filter(line -> !line.isBlank() && !line.startsWith("#")).forEach(this::add);
    }

    static UnitTable table() {
        return TABLE;
    }

    private static List<String> lines() {
        try (InputStream in = UnitTable.class.getResourceAsStream("units.txt")) {
            if (in == null) {
                throw new IllegalStateException("units.txt is missing in the jar");
            }
            return new String(in.readAllBytes(), UTF_8).lines().toList();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private void add(String line) {
        String[] parts = line.split("\\|");
        String[] factor = parts[3].strip().split("\\+");
        boolean exact = !factor[0].startsWith("~");
        String[] fraction = factor[0].replace("~", "").strip().split("/");
        Unit unit = new Unit(
                parts[0].strip(),
                parts[1].strip(),
                parts[2].strip(),
                new BigDecimal(fraction[0]),
                fraction.length > 1 ? new BigDecimal(fraction[1]) : BigDecimal.ONE,
                factor.length > 1 ? new BigDecimal(factor[1].strip()) : BigDecimal.ZERO,
                exact);
        byDimension.computeIfAbsent(unit.dimension(), none -> new ArrayList<>()).add(unit);
        Set<String> names = new LinkedHashSet<>(List.of(unit.symbol(), unit.name()));
        Arrays.stream(parts[4].split(",")).map(String::strip).forEach(names::add);
        names.forEach(name -> add(name, unit));
    }

    private void add(String name, Unit unit) {
        if (byName.putIfAbsent(name, unit) != null) {
            throw new IllegalStateException("units.txt gives the name " + name + " twice");
        }
        byLowerCase
                .computeIfAbsent(name.toLowerCase(Locale.ROOT), none -> new LinkedHashSet<>())
                .add(unit);
    }

    /**
     * The unit of a name.
     *
     * @throws BadRequestException with names that come near, or those that it may mean
     */
    Unit unit(String parameter, String given) {
        // two characters of Unicode look the same: MICRO SIGN and GREEK SMALL LETTER MU
        String name = given.strip().replace('\u03bc', '\u00b5').replaceAll("\\s+", " ");
        Unit exact = byName.get(name);
        if (exact != null) {
            return exact;
        }
        Set<Unit> similar = byLowerCase.getOrDefault(name.toLowerCase(Locale.ROOT), Set.of());
        if (similar.size() == 1) {
            return similar.iterator().next();
        }
        throw similar.isEmpty() ? unknown(parameter, name) : ambiguous(parameter, name, similar);
    }

    private static BadRequestException ambiguous(String parameter, String name, Collection<Unit> units) {
        return refused(
                parameter,
                quoted(name) + " can be " + units.stream().map(Unit::toString).collect(Collectors.joining(" or "))
                        + "; mind the case");
    }

    private BadRequestException unknown(String parameter, String name) {
        List<String> near = near(name.toLowerCase(Locale.ROOT));
        return refused(
                parameter,
                "there is no unit " + quoted(name) + "; "
                        + (near.isEmpty()
                                ? "units are there for " + String.join(", ", byDimension.keySet())
                                : "is one of these meant: " + String.join(", ", near) + "?"));
    }

    /** Units whose names hold the one given; if none does, units whose names are part of it. */
    private List<String> near(String lower) {
        List<String> longer = lower.length() < 2 ? List.of() : named(name -> name.contains(lower));
        boolean tooLong = lower.length() > LONGEST_LOOKED_INTO;
        return longer.isEmpty() && !tooLong ? named(name -> name.length() >= 3 && lower.contains(name)) : longer;
    }

    private List<String> named(Predicate<String> wanted) {
        return byName.entrySet().stream()
                .filter(entry -> wanted.test(entry.getKey().toLowerCase(Locale.ROOT)))
                .sorted(Comparator.comparing(entry -> entry.getKey().length()))
                .map(entry -> entry.getValue().toString())
                .distinct()
                .limit(MOST_SUGGESTIONS)
                .toList();
    }

    /** The units of a dimension, in the order of the table. */
    List<Unit> of(String dimension) {
        return byDimension.getOrDefault(dimension, List.of());
    }

    /** What can be measured. */
    Set<String> dimensions() {
        return byDimension.keySet();
    }

    /** All units. */
    List<Unit> all() {
        return byDimension.values().stream().flatMap(List::stream).toList();
    }
}
