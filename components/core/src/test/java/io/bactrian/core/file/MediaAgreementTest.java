package io.bactrian.core.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** SIGN-08: which contents cannot be of a type. */
class MediaAgreementTest {

    private static FileBeginning beginning(String content) {
        byte[] bytes =
                switch (content) {
                    case "png" -> latin("\u0089PNG\r\n\u001a\n rest");
                    case "jpeg" -> latin("\u00ff\u00d8\u00ff\u00e0");
                    case "zip" -> latin("PK\u0003\u0004....");
                    case "mp4" -> latin("....ftypmp42");
                    case "wav" -> latin("RIFF....WAVE");
                    case "pdf" -> latin("%PDF-1.7");
                    case "bytes" -> latin("\u0001\u0002\u0003\u0000");
                    case "html" -> latin("<!doctype html><p>x");
                    case "svg" -> latin("<svg xmlns='x'/>");
                    case "json" -> latin("{\"a\": 1}");
                    case "text" -> latin("just words");
                    default -> new byte[0];
                };
        return new FileBeginning(bytes, true);
    }

    private static byte[] latin(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            image/png                 | png
            image/jpg                 | jpeg
            audio/x-wav               | wav
            video/quicktime           | mp4
            application/pdf           | pdf
            application/octet-stream  | html
            application/octet-stream  | png
            application/vnd.openxmlformats-officedocument.wordprocessingml.document | zip
            application/msword        | text
            application/msword        | bytes
            image/tiff                | bytes
            text/plain                | text
            text/plain                | html
            text/plain                | empty
            text/markdown             | html
            text/csv                  | json
            text/html                 | html
            application/json          | json
            application/json          | text
            image/svg+xml             | svg
            application/xml           | svg
            """)
    void agrees(String type, String content) {
        assertThat(MediaAgreement.contradicts(type, beginning(content))).isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            image/png                 | jpeg
            image/png                 | html
            image/png                 | svg
            image/png                 | bytes
            image/png                 | empty
            image/tiff                | html
            image/tiff                | png
            audio/wav                 | mp4
            audio/aac                 | zip
            video/mp4                 | text
            application/pdf           | html
            application/pdf           | zip
            application/zip           | pdf
            text/plain                | png
            text/plain                | bytes
            text/html                 | zip
            application/json          | html
            application/json          | svg
            application/json          | png
            application/geo+json      | html
            image/svg+xml             | png
            image/svg+xml             | text
            image/svg+xml             | json
            """)
    void contradicts(String type, String content) {
        assertThat(MediaAgreement.contradicts(type, beginning(content))).isTrue();
    }
}
