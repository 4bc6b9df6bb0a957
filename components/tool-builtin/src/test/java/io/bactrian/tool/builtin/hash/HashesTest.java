package io.bactrian.tool.builtin.hash;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.json.JsonBoolean;
import io.bactrian.tool.builtin.support.Answer;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class HashesTest {

    @ParameterizedTest(name = "{0} of {1}")
    @CsvSource({
        "SHA_256, abc, ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        "SHA_256, '', e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "SHA_256, é😀, 1184d1f608158eea09d297565575892231550c403aaa913008d867a97cfd5c76",
        "SHA_512, abc, ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
        "SHA3_256, abc, 3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532",
    })
    void digests(DigestAlgorithm algorithm, String text, String expected) {
        Answer answer = Hashes.digest(text, algorithm, Encoding.HEX);

        assertThat(answer.text()).isEqualTo(expected);
        assertThat(answer.json().find("secure")).contains(JsonBoolean.of(true));
    }

    @ParameterizedTest
    @CsvSource({
        "MD5, abc, 900150983cd24fb0d6963f7d28e17f72",
        "SHA_1, abc, a9993e364706816aba3e25717850c26c9cd0d89d",
    })
    void marksWhatIsNotForSecurity(DigestAlgorithm algorithm, String text, String expected) {
        Answer answer = Hashes.digest(text, algorithm, Encoding.HEX);

        assertThat(answer.text()).startsWith(expected + "\n").contains("not for security");
        assertThat(answer.json().findText("digest")).contains(expected);
        assertThat(answer.json().find("secure")).contains(JsonBoolean.of(false));
    }

    @Test
    void writesDigestsInBase64() {
        assertThat(Hashes.digest("abc", DigestAlgorithm.SHA_256, Encoding.BASE64)
                        .text())
                .isEqualTo("ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=");
    }

    @ParameterizedTest
    @CsvSource({"123456789, cbf43926, 3421780262", "'', 00000000, 0"})
    void countsCrc32(String text, String hex, long number) {
        Answer answer = Hashes.crc32(text);

        assertThat(answer.text()).isEqualTo(hex);
        assertThat(answer.json().find("number").orElseThrow().toJava()).hasToString(Long.toString(number));
    }

    @ParameterizedTest(name = "{0} in {1} is {2}")
    @CsvSource({
        "hello?>, BASE64, aGVsbG8/Pg==",
        "hello?>, BASE64URL, aGVsbG8_Pg",
        "ab\u00ff, HEX, 6162c3bf",
        "a b&c=d/é~, URL, a%20b%26c%3Dd%2F%C3%A9~",
        "'', BASE64, ''",
        "${x} {{y}}, URL, %24%7Bx%7D%20%7B%7By%7D%7D",
    })
    void encodesAndDecodes(String text, Encoding encoding, String encoded) {
        assertThat(Hashes.encode(text, encoding).text()).isEqualTo(encoded);
        assertThat(Hashes.decode(encoded, encoding).text()).contains(text);
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource({
        "BASE64, 'aGVs\r\n bG8=', hello",
        "BASE64, aGVsbG8, hello",
        "HEX, '68 65 6C 6C 6F', hello",
        "URL, a+b%2B, a+b+",
        "URL, é%C3%A9, éé",
    })
    void readsWhatOthersWrite(Encoding encoding, String encoded, String text) {
        assertThat(Hashes.decode(encoded, encoding).text()).contains(text);
    }

    @Test
    void givesBytesWhereTheyAreNoText() {
        Hashes.Decoded decoded = Hashes.decode("/9j/4A==", Encoding.BASE64);

        assertThat(decoded.text()).isEmpty();
        assertThat(decoded.bytes()).containsExactly(0xff, 0xd8, 0xff, 0xe0);
    }

    @ParameterizedTest(name = "{0} {1}: {2}")
    @CsvSource({
        "BASE64, a_b-, is no base64: it has another character or wrong padding; '-' and '_' belong to base64url",
        "BASE64, a, is no base64",
        "BASE64, a===, is no base64",
        "BASE64URL, a+b/, is no base64url",
        "HEX, abc, is no hex: it takes an even number of digits",
        "HEX, zz, is no hex",
        "URL, 100%, two hexadecimal digits are expected after the '%' at character 4",
        "URL, %4, two hexadecimal digits are expected after the '%' at character 1",
        "URL, ab%+1, two hexadecimal digits are expected after the '%' at character 3",
    })
    void saysWhatIsWrong(Encoding encoding, String text, String message) {
        assertThatThrownBy(() -> Hashes.decode(text, encoding))
                .isInstanceOf(BadRequestException.class)
                .hasMessageStartingWith("text: " + message);
    }

    @ParameterizedTest
    @DisplayName("PARSE-05: half a character is refused, not replaced")
    @ValueSource(strings = {"\ud800", "a\udc00b", "\udc00\ud800"})
    void refusesHalfCharacters(String text) {
        assertThatThrownBy(() -> Hashes.digest(text, DigestAlgorithm.SHA_256, Encoding.HEX))
                .isInstanceOf(BadRequestException.class)
                .hasMessageContaining("lone surrogate");
        assertThatThrownBy(() -> Hashes.encode(text, Encoding.URL)).isInstanceOf(BadRequestException.class);
        assertThatThrownBy(() -> Hashes.decode(text, Encoding.URL)).isInstanceOf(BadRequestException.class);
    }

    @Test
    @DisplayName("PARSE-04: long text is refused")
    void refusesLongText() {
        String text = "a".repeat(Hashes.LONGEST + 1);

        assertThatThrownBy(() -> Hashes.digest(text, DigestAlgorithm.MD5, Encoding.HEX))
                .hasMessageContaining("at most 1000000 are accepted");
        assertThatThrownBy(() -> Hashes.crc32(text)).isInstanceOf(BadRequestException.class);
        assertThatThrownBy(() -> Hashes.encode(text, Encoding.HEX)).isInstanceOf(BadRequestException.class);
        assertThatThrownBy(() -> Hashes.decode(text, Encoding.HEX)).isInstanceOf(BadRequestException.class);
    }

    @ParameterizedTest
    @DisplayName("PARSE-09: what was encoded decodes to the same text")
    @EnumSource(Encoding.class)
    void decodesWhatItEncoded(Encoding encoding) {
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 2_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int n = random.nextInt(20); n > 0; n--) {
                int c = random.nextInt(0x110000);
                text.appendCodePoint(c >= 0xd800 && c < 0xe000 ? 'x' : c);
            }
            Hashes.Decoded decoded =
                    Hashes.decode(Hashes.encode(text.toString(), encoding).text(), encoding);

            assertThat(decoded.text()).contains(text.toString());
            assertThat(decoded.bytes()).isEqualTo(text.toString().getBytes(UTF_8));
        }
    }
}
