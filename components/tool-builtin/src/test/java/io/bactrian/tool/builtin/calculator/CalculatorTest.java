package io.bactrian.tool.builtin.calculator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bactrian.core.error.BadRequestException;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CalculatorTest {

    @ParameterizedTest(name = "{0} is {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "1 + 2 * 3 | 7",
                "(1 + 2) * 3 | 9",
                "0.1 + 0.2 | 0.3",
                "1.10 * 3 | 3.3",
                "10 / 4 | 2.5",
                "7 - 10 | -3",
                "- - 3 | 3",
                "-2^2 | -4",
                "2^-1 | 0.5",
                "2^3^2 | 512",
                "2**10 | 1024",
                "10 % 3 | 1",
                "-7 % 3 | 2",
                "mod(7, -3) | -2",
                "50% | 0.5",
                "200 * 15% | 30",
                "50% + 1 | 1.5",
                "5! | 120",
                "3!! | 720",
                "factorial(20) | 2432902008176640000",
                "3 × 4 ÷ 6 − 1 | 1",
                "1.5e3 | 1500",
                "1E-3 | 0.001",
                ".5 + 5. | 5.5",
                "sqrt(16) | 4",
                "sqrt(0.25) | 0.5",
                "cbrt(-27) | -3",
                "abs(-3.5) | 3.5",
                "min(3, 1, 2) | 1",
                "max(3, 1, 2) | 3",
                "sum(1, 2, 3.5) | 6.5",
                "avg(1, 2, 6) | 3",
                "round(2.5) | 3",
                "round(-2.5) | -3",
                "round(2.345, 2) | 2.35",
                "round(1234, -2) | 1200",
                "floor(-1.5) | -2",
                "ceil(-1.5) | -1",
                "trunc(-1.5) | -1",
                "sign(-9) | -1",
                "gcd(84, 36, 60) | 12",
                "lcm(4, 6) | 12",
                "log(1000) | 3",
                "log10(0.01) | -2",
                "log2(1024) | 10",
                "log(81, 3) | 4",
                "ln(1) | 0",
                "exp(0) | 1",
                "pow(2, 100) | 1267650600228229401496703205376",
                "1/4 | 0.25",
                "MAX(1, 2) | 2",
                "0 * -1 | 0",
                "0^0 | 1",
                "1e5000 / 1e4999 | 10",
            })
    void worksOutExactly(String expression, String result) {
        Calculation answer = Calculator.evaluate(expression);

        assertThat(answer.text()).isEqualTo(result);
        assertThat(answer.exact()).as("exact").isTrue();
    }

    @ParameterizedTest(name = "{0} is about {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "1/3 | 0.3333333333333333333333333333333333",
                "2/3 | 0.6666666666666666666666666666666667",
                "1/3*3 | 1",
                "pi | 3.141592653589793238462643383279503",
                "π | 3.141592653589793238462643383279503",
                "e | 2.718281828459045235360287471352662",
                "sqrt(2) | 1.414213562373095048801688724209698",
                "sqrt(2)^2 | 2",
                "sin(pi) | 0",
                "sin(pi/6) | 0.5",
                "cos(pi/2) | 0",
                "tan(pi/4) | 1",
                "sin(rad(30)) | 0.5",
                "deg(pi) | 180",
                "asin(1) | 1.570796326794896619231321691639751",
                "acos(-1) | 3.141592653589793238462643383279503",
                "atan(1)*4 | 3.141592653589793238462643383279503",
                "exp(1) | 2.718281828459045235360287471352662",
                "ln(e) | 1",
                "ln(2) | 0.6931471805599453094172321214581766",
                "ln(1e9999) | 23023.54834484746279449589655538896",
                "log2(10) | 3.32192809488736234787031942948939",
                "log(2) | 0.301029995663981195213738894724493",
                "cosh(1) | 1.543080634815243778477905620757062",
                "sinh(0.1) | 0.100166750019844025823729383521905",
                "atan(5) | 1.373400766945015860861271926444961",
                "tanh(3) | 0.9950547536867304513318801852554885",
                "ln(7e-300) | -688.8296177491583919002920836618661",
                "sin(1e30) | -0.09011690191213805803038642895298733",
                "asin(0.3) | 0.3046926540153975079720029612275292",
                "acos(0.3) | 1.266103672779499111259318730412222",
                "tan(2) | -2.185039863261518991643306102313683",
                "cosh(20) | 242582597.7048951400151302264900492",
                "sinh(5) | 74.20321057778875897700947199606457",
                "cos(100) | 0.8623188722876839341019385139508425",
                "exp(-1) | 0.3678794411714423215955237701614609",
                "ln(1.0000000001) | 9.999999999500000000033333333330833E-11",
                "sinh(1) | 1.175201193643801456882381850595601",
                "atan(-1e9999) | -1.570796326794896619231321691639751",
                "2^0.5 | 1.414213562373095048801688724209698",
                "8^(1/3) | 2",
                "tanh(1) | 0.7615941559557648881194582826047936",
                "2^200 | 1.606938044258990275541962092341163E+60",
                "50! | 3.041409320171337804361260816606477E+64",
                "1e-50 / 3 | 3.333333333333333333333333333333333E-51",
            })
    void saysThatDigitsWereLost(String expression, String result) {
        Calculation answer = Calculator.evaluate(expression);

        assertThat(answer.text()).isEqualTo(result);
        assertThat(answer.exact()).as("exact").isFalse();
    }

    @ParameterizedTest(name = "{0} is {1}")
    @CsvSource({
        "1 < 2, true",
        "2 <= 2, true",
        "3 > 4, false",
        "3 >= 4, false",
        "0.1 + 0.2 = 0.3, true",
        "0.1 + 0.2 == 0.3, true",
        "1 != 1.0, false",
        "1 <> 2, true",
        "1/3*3 == 1, true",
        "2 ≤ 3, true",
    })
    void compares(String expression, boolean result) {
        assertThat(Calculator.evaluate(expression))
                .isInstanceOfSatisfying(Calculation.Truth.class, truth -> assertThat(truth.value())
                        .isEqualTo(result));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "1 + | at character 4: a number, name or '(' is expected, not the end",
                "(1 + 2 | at character 7: ')' is expected, not the end; the '(' is at character 1",
                "1 + 2) | at character 6: ')' without a '(' before it",
                "2 3 | at character 3: an operator such as + or * is expected, not '3'",
                "2(3) | at character 2: an operator such as + or * is expected, not '('",
                "1,000 | at character 2: ',' separates",
                "1..2 | at character 3: a second decimal point",
                "5 + . | at character 5: a decimal point without digits",
                "4 / (2 - 2) | at character 3: division by zero",
                "5 % 0 | at character 3: modulo of zero",
                "sqrt(-1) | at character 1: sqrt: square root of a negative number",
                "3 + ln(0) | at character 5: ln: logarithm of a number that is not above zero",
                "log(5, 1) | logarithm to the base 1",
                "asin(2) | takes numbers from -1 to 1",
                "tan(pi/2) | tan has no value",
                "(-8)^(1/3) | a negative number to a power that is not whole",
                "0^-1 | zero to a negative power",
                "1.5! | factorial is for whole numbers from 0",
                "(-1)! | factorial is for whole numbers from 0",
                "gcd(1.5, 2) | takes whole numbers",
                "sqrt() | takes 1 argument, not 0",
                "sqrt(1, 2) | takes 1 argument, not 2",
                "mod(1) | takes 2 arguments, not 1",
                "round(1, 2, 3) | takes 1 to 2 arguments, not 3",
                "round(1, 1.5) | a whole number of decimals",
                "sqrt 4 | '(' is expected after sqrt",
                "foo(1) | the name 'foo' is unknown; functions are abs,",
                "1 < 2 < 3 | two numbers can be compared at a time",
                "(1 < 2) + 1 | a comparison stands alone",
                "1 ; 2 | the character U+003B is not part of arithmetic",
                "2 + ٣ | the character U+0663 is not part of arithmetic",
                "2 + 😀 | the character U+1F600 is not part of arithmetic",
                "2e | at character 2: an operator such as + or * is expected, not 'e'",
                "* 2 | at character 1: a number",
            })
    void saysWhereAndWhatIsWrong(String expression, String message) {
        assertThatThrownBy(() -> Calculator.evaluate(expression))
                .isInstanceOf(BadRequestException.class)
                .hasMessageStartingWith("expression: at character ")
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @DisplayName("PARSE-02: what would take for ever or fill the memory is refused at once")
    @ValueSource(
            strings = {
                "9^9^9",
                "9^9^9^9",
                "10^1000000",
                "10^-1000000",
                "(10^9000)^9000",
                "1e9999 * 10",
                "1e10000",
                "1e999999999999",
                "1e-10000",
                "1e-9999 / 10",
                "2^99999999999",
                "1.1^1e9",
                "99999!",
                "5!!!!",
                "exp(1e9)",
                "exp(30000)",
                "sinh(99999)",
                "sin(1e31)",
                "1e9999 % 1e-9999",
                "round(1, 999999999)",
                "1e5000 ^ 1.5e3",
            })
    void refusesWhatIsTooLarge(String expression) {
        Assertions.assertTimeoutPreemptively(
                Duration.ofSeconds(2), () -> assertThatThrownBy(() -> Calculator.evaluate(expression))
                        .isInstanceOf(BadRequestException.class)
                        .hasMessageContaining("at character"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1000!",
                "1.0000001^99999999",
                "0.9999999^999999999",
                "1^999999999",
                "1e9999 + 1e-9999",
                "10^9999",
                "exp(23000)",
                "tanh(20000)",
                "cosh(-23000)",
                "sinh(23000)",
                "log(1e9999)",
                "sin(1e30)",
                "pi^pi^pi",
                "1e9999 ^ 0.5",
                "1.5^-24000.5",
            })
    void isQuickAtItsBounds(String expression) {
        Assertions.assertTimeoutPreemptively(
                Duration.ofSeconds(2),
                () -> assertThat(Calculator.evaluate(expression).text()).isNotEmpty());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "exp(22999.9)",
                "sinh(9e3)",
                "ln(9e9999)",
                "log2(7e-9999)",
                "log(9e9999,7e-9999)",
                "tan(1e30)",
                "atan(1e9999)",
                "acos(0.99)",
                "cbrt(9e9998)",
                "1.7^18000.3",
                "1000!",
                "gcd(9e999,7e998)",
                "9e999%7e-1",
                "tanh(9e3)",
                "cosh(22999.9)",
                "ln(7e-9999)",
                "atan(0.99)",
                "asin(1e-9999)",
                "atan(1e-99)",
                "cos(9e-999)",
                "sinh(1e-999)",
                "tanh(0.49)",
                "exp(1e-999)",
                "1.7^1.8e-9",
            })
    void isQuickForAsMuchAsFitsIntoAnExpression(String term) {
        String longest = term + ("-" + term).repeat(Calculator.LONGEST / (term.length() + 1) - 1);

        Assertions.assertTimeoutPreemptively(
                Duration.ofSeconds(2),
                () -> assertThat(Calculator.evaluate(longest).text()).isNotEmpty());
    }

    @Test
    @DisplayName("PARSE-04: nesting and length end")
    void boundsNestingAndLength() {
        assertThat(Calculator.evaluate("(".repeat(50) + "1" + ")".repeat(50)).text())
                .isEqualTo("1");
        for (String deep : new String[] {
            "(".repeat(400) + "1" + ")".repeat(400), "-".repeat(900) + "1", "1" + "^1".repeat(400), "abs(".repeat(200)
        }) {
            assertThatThrownBy(() -> Calculator.evaluate(deep))
                    .isInstanceOf(BadRequestException.class)
                    .hasMessageContaining("nested more than 60 deep");
        }
        assertThatThrownBy(() -> Calculator.evaluate("1+".repeat(1_000_000) + "1"))
                .hasMessageContaining("has 2000001 characters; at most 1000 are accepted");
        assertThat(Calculator.evaluate("1" + "+1".repeat(499)).text()).isEqualTo("500");
    }

    @ParameterizedTest
    @DisplayName("PARSE-08: nothing is run")
    @ValueSource(
            strings = {
                "${7*7}",
                "{{7*7}}",
                "#{7*7}",
                "T(java.lang.Runtime).getRuntime().exec('id')",
                "__import__('os').system('id')",
                "1; drop table tenants",
                "${jndi:ldap://127.0.0.1/a}",
                "",
                "   ",
                "\u202e1+1",
                "1\u00001",
                "NaN",
                "Infinity",
            })
    void runsNoPrograms(String expression) {
        assertThatThrownBy(() -> Calculator.evaluate(expression))
                .isInstanceOf(BadRequestException.class)
                .hasMessageStartingWith("expression");
    }

    @Test
    void agreesWithDecimalsOnRandomSums() {
        SplittableRandom random = new SplittableRandom(42);
        for (int i = 0; i < 2_000; i++) {
            BigDecimal a = BigDecimal.valueOf(random.nextLong(-1_000_000, 1_000_000), random.nextInt(0, 6));
            BigDecimal b = BigDecimal.valueOf(random.nextLong(-1_000_000, 1_000_000), random.nextInt(0, 6));

            assertThat(new BigDecimal(Calculator.evaluate(a.toPlainString() + " + " + b.toPlainString())
                            .text()))
                    .isEqualByComparingTo(a.add(b));
            assertThat(new BigDecimal(Calculator.evaluate(a.toPlainString() + " * " + b.toPlainString())
                            .text()))
                    .isEqualByComparingTo(a.multiply(b));
        }
    }

    @Test
    @DisplayName("PARSE-01: random text is worked out or refused, never anything else")
    void answersRandomTextOrRefusesIt() {
        SplittableRandom random = new SplittableRandom(7);
        String[] pieces = {
            "1", "2.5", "0", "(", ")", "+", "-", "*", "/", "^", "%", "!", ",", "sqrt", "sin", "max", "e", "pi", "<",
            "=", " ", "9999", "1e400", "log", "mod", "round", ".", "$", "gcd"
        };
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int n = random.nextInt(1, 14); n > 0; n--) {
                text.append(pieces[random.nextInt(pieces.length)]);
            }
            try {
                assertThat(Calculator.evaluate(text.toString()).text()).isNotEmpty();
            } catch (BadRequestException refused) {
                assertThat(refused).hasMessageStartingWith("expression");
            }
        }
    }
}
