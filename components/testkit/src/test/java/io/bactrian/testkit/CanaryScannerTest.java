package io.bactrian.testkit;

import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import javax.management.ObjectName;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

@DisplayName("LOG-01: a planted secret is found wherever it leaks")
class CanaryScannerTest {

    private final CanaryScanner scanner = new CanaryScanner();
    private final String canary = scanner.plant("Open AI");

    @Test
    void plantsSecretsThatTellTheirLabelAndNeverRepeat() {
        assertThat(canary).matches("bxcanary-open-ai-[0-9a-f]{32}");
        assertThat(scanner.plant("Open AI")).isNotEqualTo(canary);
    }

    @Test
    void findsItInTextWithOtherCapitals() {
        assertLeaks("Authorization: Bearer " + canary.toUpperCase(Locale.ROOT));
    }

    @Test
    void findsItInHexadecimal() {
        assertLeaks("0x" + HexFormat.of().withUpperCase().formatHex(canary.getBytes(UTF_8)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "u", "us", "use", "user:"})
    void findsItInBase64WhateverStandsBeforeIt(String before) {
        String text = before + canary + "\n more";
        assertLeaks("Basic " + Base64.getEncoder().encodeToString(text.getBytes(UTF_8)));
        assertLeaks("Basic " + Base64.getUrlEncoder().encodeToString(text.getBytes(UTF_8)));
    }

    @Test
    void findsItAmongValues() {
        assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> scanner.assertNowhereIn(List.of("a", canary)));
    }

    @Test
    void findsItInACauseOfACause() {
        Exception thrown = new IOException("outer", new IllegalStateException("inner", new IOException(canary)));

        assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> scanner.assertNowhereIn(thrown));
    }

    @Test
    void namesLabelAndPlaceButNotTheSecret() {
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> scanner.assertNowhereIn("x" + canary))
                .withMessageContaining("Open AI")
                .withMessageNotContaining(canary);
    }

    @Test
    void isContentWhenOnlyAPartShows() {
        assertThatCode(() -> scanner.assertNowhereIn("key bxcanary-…" + canary.substring(canary.length() - 4)))
                .doesNotThrowAnyException();
    }

    @Test
    void findsItInFilesOfAFolderInAnyEncoding(@TempDir Path folder) throws IOException {
        Files.createDirectories(folder.resolve("a/b"));
        Path plain = Files.writeString(folder.resolve("a/b/plain.bin"), "\0\0" + canary);
        Path little = Files.writeString(folder.resolve("little.bin"), "é" + canary, UTF_16LE);
        Path big = Files.writeString(folder.resolve("big.bin"), canary + "é", UTF_16BE);
        Files.writeString(folder.resolve("clean.bin"), canary.substring(1));

        assertThat(scanner.scanFiles(folder))
                .extracting(CanaryScanner.Finding::place, CanaryScanner.Finding::form)
                .containsExactlyInAnyOrder(
                        tuple(plain.toString(), "plain"),
                        tuple(little.toString(), "utf-16"),
                        tuple(big.toString(), "utf-16"));
        assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> scanner.assertNowhereInFiles(folder));
    }

    @Test
    void findsItAcrossTheBorderOfTwoPiecesOfALargeFile(@TempDir Path folder) throws IOException {
        String before = "x".repeat((1 << 20) - 10);
        Path file = Files.writeString(folder.resolve("large"), before + canary + before);

        assertThat(scanner.scanFiles(file)).hasSize(1);
    }

    @Test
    void findsItInLogsAndPutsTheStreamBack() throws Exception {
        Object before = System.class.getField("err").get(null);
        LogCapture capture = scanner.captureLogs();
        LoggerFactory.getLogger("test").error("logged {}", canary);

        assertThat(capture.text()).contains("logged ");
        assertThatExceptionOfType(AssertionError.class).isThrownBy(capture::close);
        assertThat(System.class.getField("err").get(null)).isSameAs(before);
    }

    @Test
    void isContentWithCleanLogs() {
        try (LogCapture capture = scanner.captureLogs()) {
            LoggerFactory.getLogger("test").error("nothing here");
            assertThat(capture.text()).contains("nothing here");
        }
    }

    public interface LeakyMBean {
        String[] getKeys();
    }

    public record Leaky(String key) implements LeakyMBean {
        @Override
        public String[] getKeys() {
            return new String[] {key};
        }
    }

    @Test
    void findsItInJmx() throws Exception {
        ObjectName name = new ObjectName("io.bactrian.testkit:type=Leaky");
        ManagementFactory.getPlatformMBeanServer().registerMBean(new Leaky(canary), name);
        try {
            assertThatExceptionOfType(AssertionError.class)
                    .isThrownBy(() -> scanner.assertNowhereInJmx("io.bactrian.testkit:*"))
                    .withMessageContaining("#Keys");
        } finally {
            ManagementFactory.getPlatformMBeanServer().unregisterMBean(name);
        }
        assertThatCode(() -> scanner.assertNowhereInJmx("*:*")).doesNotThrowAnyException();
    }

    @Test
    void watchesForSecretsMadeElsewhere() {
        scanner.watchFor("derived", "s3cr3t-token-value");

        assertLeaks("?key=s3cr3t-token-value");
        assertThatIllegalArgumentException().isThrownBy(() -> scanner.watchFor("short", "1234567"));
    }

    private void assertLeaks(String text) {
        assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> scanner.assertNowhereIn(text));
    }
}
