package io.bactrian.tool.builtin.units;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.json.JsonNumber;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class UnitConverterTest {

    @ParameterizedTest(name = "{0} {1} to {2}: {3}")
    @CsvSource({
        "5, mi, km, 5 mi = 8.04672 km",
        "1, inch, cm, 1 in = 2.54 cm",
        "6, feet, m, 6 ft = 1.8288 m",
        "1, nautical mile, km, 1 nmi = 1.852 km",
        "1, km, mi, 1 km ≈ 0.621371192237334 mi",
        "1, ly, au, 1 ly ≈ 63241.0770842663 au",
        "150, lb, kg, 150 lb = 68.0388555 kg",
        "1, stone, lb, 1 st = 14 lb",
        "16, oz, lb, 16 oz = 1 lb",
        "100, °C, °F, 100 °C = 212 °F",
        "-40, F, C, -40 °F = -40 °C",
        "0, K, celsius, 0 K = -273.15 °C",
        "98.6, fahrenheit, celsius, 98.6 °F = 37 °C",
        "1, gal_us, L, 1 gal_us = 3.785411784 L",
        "1, imperial gallon, litre, 1 gal_uk = 4.54609 L",
        "1, m^3, L, 1 m³ = 1000 L",
        "1, ha, m2, 1 ha = 10000 m²",
        "1, acre, sqft, 1 ac = 43560 ft²",
        "100, km/h, mph, 100 km/h ≈ 62.1371192237334 mph",
        "36, kph, m/s, 36 km/h = 10 m/s",
        "1, knot, km/h, 1 kn = 1.852 km/h",
        "1, day, s, 1 d = 86400 s",
        "1, year, d, 1 year = 365.2425 d",
        "1, GiB, MB, 1 GiB = 1073.741824 MB",
        "1, GB, GiB, 1 GB ≈ 0.931322574615479 GiB",
        "1, Mb, MB, 1 Mbit = 0.125 MB",
        "100, Mbps, MB/s, 100 Mbit/s = 12.5 MB/s",
        "1, kWh, MJ, 1 kWh = 3.6 MJ",
        "1, kcal, kJ, 1 kcal = 4.184 kJ",
        "1, atm, hPa, 1 atm = 1013.25 hPa",
        "1, psi, kPa, 1 psi ≈ 6.89475729316836 kPa",
        "760, Torr, atm, 760 Torr = 1 atm",
        "1, hp, W, 1 hp ≈ 745.69987158227 W",
        "180, deg, rad, 180 deg ≈ 3.14159265358979 rad",
        "1, turn, deg, 1 turn = 360 deg",
        "3000, rpm, Hz, 3000 rpm = 50 Hz",
        "0, m, km, 0 m = 0 km",
        "-5, km, m, -5 km = -5000 m",
        "1e30, m, km, 1E+30 m = 1E+27 km",
        "1, um, nm, 1 µm = 1000 nm",
        "1, μm, nm, 1 µm = 1000 nm",
        "1, MILES, METRES, 1 mi = 1609.344 m",
        "1, mbit, kb, 1 Mbit = 1000 kbit",
        "2.50, kg, g, 2.5 kg = 2500 g",
    })
    void converts(BigDecimal value, String from, String to, String expected) {
        assertThat(UnitConverter.convert(value, from, to).text()).isEqualTo(expected);
    }

    @Test
    void givesProgramsAllDigits() {
        assertThat(UnitConverter.convert(BigDecimal.ONE, "km", "mi").json().find("result"))
                .contains(new JsonNumber(new BigDecimal("0.6213711922373339696174341843633182")));
    }

    @ParameterizedTest(name = "{0} to {1}: {2}")
    @CsvSource(
            delimiter = '|',
            value = {
                "km | kg | to: kg (kilogram) measures mass, but from is km (kilometre), which measures length; accepted are m, km,",
                "MB | MB/s | to: MB/s (megabyte per second) measures data rate, but from is MB (megabyte)",
                "blorp | km | from: there is no unit 'blorp'; units are there for length, mass, temperature",
                "km | kilometr | to: there is no unit 'kilometr'; is one of these meant: km (kilometre)",
                "gallon | L | from: there is no unit 'gallon'; is one of these meant: gal_us (gallon (US)), gal_uk (gallon (UK))?",
                "miles/hour | km/h | from: there is no unit 'miles/hour'; is one of these meant: thou (thousandth of an inch), mi (mile), h (hour)?",
                "mB | KIB | from: 'mB' can be Mbit (megabit) or MB (megabyte); mind the case",
                "'' | km | from: there is no unit ''",
                "${km} | km | from: there is no unit '${km}'",
            })
    void saysWhichUnitsThereAre(String from, String to, String message) {
        assertThatThrownBy(() -> UnitConverter.convert(BigDecimal.ONE, from, to))
                .isInstanceOf(BadRequestException.class)
                .hasMessageStartingWith(message);
    }

    @ParameterizedTest
    @CsvSource({"-1, K", "-273.16, °C", "-460, F"})
    void refusesWhatIsColderThanCold(BigDecimal value, String unit) {
        assertThatThrownBy(() -> UnitConverter.convert(value, unit, "K"))
                .isInstanceOf(BadRequestException.class)
                .hasMessage("value: is below absolute zero");
    }

    @ParameterizedTest
    @DisplayName("PARSE-02: numbers beyond all measure are refused at once")
    @ValueSource(strings = {"1e400", "1e999999999", "-1e301", "1e-999999999"})
    void refusesNumbersBeyondMeasure(String value) {
        assertThatThrownBy(() -> UnitConverter.convert(new BigDecimal(value), "m", "ly"))
                .isInstanceOf(BadRequestException.class)
                .hasMessageStartingWith("value: has too many digits");
        assertThatThrownBy(() -> UnitConverter.convert(new BigDecimal("1".repeat(1000)), "m", "ly"))
                .hasMessageStartingWith("value: has too many digits");
    }

    static List<String> dimensions() {
        return List.copyOf(UnitTable.table().dimensions());
    }

    @ParameterizedTest
    @MethodSource("dimensions")
    void leadsBackFromEveryUnitToEveryOther(String dimension) {
        BigDecimal value = new BigDecimal("1234.5");
        MathContext digits = MathContext.DECIMAL128;
        List<Unit> units = UnitTable.table().of(dimension);
        assertThat(units).hasSizeGreaterThan(3);
        for (Unit from : units) {
            for (Unit to : units) {
                BigDecimal back = to.convert(from.convert(value, to, digits), from, digits);
                assertThat(back.round(new MathContext(25)))
                        .as(from + " to " + to)
                        .isEqualByComparingTo(value);
            }
        }
    }

    @Test
    void measuresTheSameInOneBaseUnitPerDimension() {
        for (String dimension : UnitTable.table().dimensions()) {
            assertThat(UnitTable.table().of(dimension))
                    .as(dimension)
                    .filteredOn(unit -> unit.numerator().compareTo(unit.denominator()) == 0
                            && unit.shift().signum() == 0)
                    .hasSize(1);
        }
        assertThat(UnitTable.table().all()).hasSizeGreaterThan(150);
    }
}
