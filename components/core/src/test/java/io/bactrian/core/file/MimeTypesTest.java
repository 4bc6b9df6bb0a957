package io.bactrian.core.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MimeTypesTest {

    private static String sniffed(byte[] content) {
        byte[] start = Arrays.copyOf(content, Math.min(content.length, FileBeginning.BYTES));
        return MimeTypes.of(null, new FileBeginning(start, content.length <= FileBeginning.BYTES));
    }

    private static String sniffed(String latin1) {
        return sniffed(latin1.getBytes(StandardCharsets.ISO_8859_1));
    }

    @Test
    void tellsFilesByTheirFirstBytes() {
        assertThat(sniffed("\u0089PNG\r\n\u001a\n....")).isEqualTo("image/png");
        assertThat(sniffed("\u00ff\u00d8\u00ff\u00e0..JFIF")).isEqualTo("image/jpeg");
        assertThat(sniffed("GIF89a....")).isEqualTo("image/gif");
        assertThat(sniffed("RIFF\u0010\u0000\u0000\u0000WEBPVP8 ")).isEqualTo("image/webp");
        assertThat(sniffed("RIFF\u0010\u0000\u0000\u0000WAVEfmt ")).isEqualTo("audio/wav");
        assertThat(sniffed("%PDF-1.7\n%\u00e2\u00e3")).isEqualTo("application/pdf");
        assertThat(sniffed("PK\u0003\u0004\u0014\u0000")).isEqualTo("application/zip");
        assertThat(sniffed("\u001f\u008b\u0008\u0000")).isEqualTo("application/gzip");
        assertThat(sniffed("ID3\u0004\u0000")).isEqualTo("audio/mpeg");
        assertThat(sniffed("\u00ff\u00fb\u0090\u0064\u0000")).isEqualTo("audio/mpeg");
        assertThat(sniffed("\u0000\u0000\u0000\u0018ftypmp42")).isEqualTo("video/mp4");
        assertThat(sniffed("\u0000\u0000\u0000\u0018ftypM4A ")).isEqualTo("audio/mp4");
        assertThat(sniffed("\u0000\u0000\u0000\u0018ftypavif")).isEqualTo("image/avif");
        assertThat(sniffed("\u001aE\u00df\u00a3\u0001")).isEqualTo("video/webm");
        assertThat(sniffed("OggS\u0000")).isEqualTo("audio/ogg");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "hello                                   | text/plain",
                "{\"a\": 1}                              | application/json",
                "  [1, 2, 3]                             | application/json",
                "[{\"a\": []}]                           | application/json",
                "[true]                                  | application/json",
                "{}                                      | application/json",
                "[INFO] started                          | text/plain",
                "[2026-03-02 10:11] started              | text/plain",
                "{name} is missing                       | text/plain",
                "<!DOCTYPE html><html>                   | text/html",
                "<p>hello</p>                            | text/html",
                "<script>alert(1)</script>               | text/html",
                "<!-- x --><html>                        | text/html",
                "<svg xmlns='http://www.w3.org/2000/svg'>| image/svg+xml",
                "<?xml version='1.0'?><svg>              | image/svg+xml",
                "<?xml version='1.0'?><feed>             | application/xml",
                "<3 you                                  | text/plain",
                "a < b                                   | text/plain"
            })
    void tellsKindsOfText(String text, String type) {
        assertThat(sniffed(text.getBytes(StandardCharsets.UTF_8))).isEqualTo(type);
        byte[] marked = ("\ufeff" + text).getBytes(StandardCharsets.UTF_8);
        assertThat(sniffed(marked)).isEqualTo(type);
    }

    @Test
    void tellsTextThatIsCutInTheMiddleOfACharacter() {
        byte[] text = ("x" + "\u00e4".repeat(5_000)).getBytes(StandardCharsets.UTF_8);
        assertThat(sniffed(text)).isEqualTo("text/plain");

        byte[] half = Arrays.copyOf("x\u00e4".getBytes(StandardCharsets.UTF_8), 2);
        assertThat(sniffed(half)).isEqualTo("application/octet-stream");
    }

    @Test
    void tellsALargeJsonDocumentByItsBeginning() {
        assertThat(sniffed("{\"a\": \"" + "x".repeat(10_000))).isEqualTo("application/json");
        assertThat(sniffed("{\"a\": \"never closed")).isEqualTo("text/plain");
    }

    @Test
    void doesNotGuess() {
        assertThat(sniffed("")).isEqualTo("application/octet-stream");
        assertThat(sniffed("\u0001\u0002\u0003")).isEqualTo("application/octet-stream");
        assertThat(sniffed("text\u0000with nothing")).isEqualTo("application/octet-stream");
        assertThat(sniffed("\u00ff\u00fe")).isEqualTo("application/octet-stream");
        assertThat(sniffed("RIFF....AVI ")).isNotEqualTo("audio/wav");
        for (int length = 0; length < 12; length++) {
            assertThat(sniffed("\u0089PNG\r\n\u001a\n".substring(0, Math.min(7, length))))
                    .isNotEqualTo("image/png");
        }
    }

    @Test
    void believesWhoeverNamesAKind() {
        FileBeginning png = new FileBeginning("\u0089PNG\r\n\u001a\n".getBytes(StandardCharsets.ISO_8859_1), true);

        assertThat(MimeTypes.of("Image/JPEG", png)).isEqualTo("image/jpeg");
        assertThat(MimeTypes.of(" text/csv ; charset=iso-8859-1; header=present", png))
                .isEqualTo("text/csv");
        assertThat(MimeTypes.of("binary/octet-stream", png)).isEqualTo("image/png");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "image",
                "image/",
                "/png",
                "image/png/x",
                "image png",
                "image/png\r\nX: y",
                "image/pn\u0000g",
                "*/*",
                "im\u00e4ge/png",
                "image/png, text/html"
            })
    void takesNothingElseForAKind(String text) {
        assertThat(MimeTypes.parse(text)).isEmpty();
        assertThat(MimeTypes.parse(text + "x".repeat(1_000))).isEmpty();
    }

    @Test
    void knowsEndings() {
        assertThat(MimeTypes.extension("image/jpeg")).contains(".jpg");
        assertThat(MimeTypes.extension("application/x-unknown")).isEmpty();
        assertThat(MimeTypes.ofName("photo.JPEG")).contains("image/jpeg");
        assertThat(MimeTypes.ofName("photo.jpg")).contains("image/jpeg");
        assertThat(MimeTypes.ofName("song.mp3")).contains("audio/mpeg");
        assertThat(MimeTypes.ofName("feed.xml")).contains("application/xml");
        assertThat(MimeTypes.ofName("index.htm")).contains("text/html");
        assertThat(MimeTypes.ofName("Makefile")).isEmpty();
        assertThat(MimeTypes.ofName(".png")).isEmpty();
    }
}
