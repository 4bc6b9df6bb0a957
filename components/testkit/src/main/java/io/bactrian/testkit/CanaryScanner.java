package io.bactrian.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * Plants secrets that exist nowhere else and looks for them where no secret may be: in texts, exceptions, JMX, captured
 * logs and files. A canary is found as it is, with other capitals, in hexadecimal, in Base64 at any alignment (Basic
 * authentication puts a user name before it) and in UTF-16. (LOG-01)
 */
public final class CanaryScanner {

    /** What every canary starts with, so that the logs of a whole run can be searched too. */
    public static final String MARKER = "bxcanary-";

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int BUFFER = 1 << 20;

    private final Map<String, String> labelsByCanary = new ConcurrentHashMap<>();

    /** A canary found where it must not be: its label, its disguise, and the place. The canary itself is not shown. */
    public record Finding(String label, String form, String place) {}

    /** A new canary, such as {@code bxcanary-openai-4f…}: lower case, 32 random hexadecimal digits at its end. */
    public String plant(String label) {
        byte[] random = new byte[16];
        RANDOM.nextBytes(random);
        String name = label.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
        String canary = MARKER + name + "-" + HexFormat.of().formatHex(random);
        labelsByCanary.put(canary, label);
        return canary;
    }

    /** Watches for a secret that came about elsewhere. At least 8 characters, or everything would match. */
    public void watchFor(String label, String secret) {
        if (secret.length() < 8) {
            throw new IllegalArgumentException("a secret of fewer than 8 characters is found by chance: " + label);
        }
        labelsByCanary.put(secret, label);
    }

    /** The canaries in a text. */
    public List<Finding> scan(String place, String text) {
        List<Finding> findings = new ArrayList<>();
        String lower = text.toLowerCase(Locale.ROOT);
        labelsByCanary.forEach((canary, label) -> forms(canary).forEach((form, needle) -> {
            boolean found = form.startsWith("base64") ? text.contains(needle) : lower.contains(needle);
            if (found) {
                findings.add(new Finding(label, form, place));
            }
        }));
        return findings;
    }

    /** The canaries in these files, and in all files under those that are folders. */
    public List<Finding> scanFiles(Path... roots) {
        List<Finding> findings = new ArrayList<>();
        for (Path root : roots) {
            try (Stream<Path> tree = Files.walk(root)) {
                tree.filter(Files::isRegularFile).forEach(file -> findings.addAll(scanFile(file)));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return findings;
    }

    /** Fails if the text holds a canary. */
    public void assertNowhereIn(String text) {
        report(scan("text", text));
    }

    /** Fails if one of the texts holds a canary: header values, span attributes, metric tags. */
    public void assertNowhereIn(Collection<?> values) {
        values.forEach(value -> report(scan("one of several values", String.valueOf(value))));
    }

    /** Fails if the exception, its causes, its suppressed ones or its stack trace hold a canary. */
    public void assertNowhereIn(Throwable thrown) {
        StringWriter trace = new StringWriter();
        thrown.printStackTrace(new PrintWriter(trace));
        report(scan(thrown.getClass().getName(), trace.toString()));
    }

    /** Fails if one of the files, or a file under one of the folders, holds a canary. */
    public void assertNowhereInFiles(Path... roots) {
        report(scanFiles(roots));
    }

    /** Fails if an attribute of a JMX bean whose name matches the pattern holds a canary; {@code *:*} is every bean. */
    public void assertNowhereInJmx(String namePattern) {
        List<Finding> findings = new ArrayList<>();
        JmxTexts.read(namePattern).forEach((place, text) -> findings.addAll(scan(place, text)));
        report(findings);
    }

    /** Captures what is logged until closed, then fails if it holds a canary. */
    public LogCapture captureLogs() {
        return LogCapture.start(this);
    }

    private static void report(List<Finding> findings) {
        if (!findings.isEmpty()) {
            throw new AssertionError("a planted secret leaked: " + findings);
        }
    }

    // read in overlapping pieces: a file may be larger than memory, and a canary may lie across two pieces
    private List<Finding> scanFile(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            int overlap = longestForm();
            Map<String, Finding> findings = new LinkedHashMap<>();
            String tail = "";
            for (byte[] piece = in.readNBytes(BUFFER); piece.length > 0; piece = in.readNBytes(BUFFER)) {
                String text = tail + new String(piece, ISO_8859_1);
                scan(file.toString(), text).forEach(finding -> findings.put(finding.toString(), finding));
                tail = text.substring(Math.max(0, text.length() - overlap));
            }
            return List.copyOf(findings.values());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private int longestForm() {
        return labelsByCanary.keySet().stream()
                .flatMap(canary -> forms(canary).values().stream())
                .mapToInt(String::length)
                .max()
                .orElse(0);
    }

    private static Map<String, String> forms(String canary) {
        Map<String, String> forms = new LinkedHashMap<>();
        byte[] bytes = canary.getBytes(UTF_8);
        String lower = canary.toLowerCase(Locale.ROOT);
        forms.put("plain", lower);
        forms.put("hex", HexFormat.of().formatHex(bytes));
        // without the first byte, big-endian text has the same bytes as little-endian
        forms.put("utf-16", new String(lower.getBytes(UTF_16BE), ISO_8859_1).substring(1));
        for (int shift = 0; shift < 3; shift++) {
            String encoded = base64Core(bytes, shift);
            forms.put("base64+" + shift, encoded);
            forms.put("base64url+" + shift, encoded.replace('+', '-').replace('/', '_'));
        }
        return forms;
    }

    // the characters that do not depend on what stands before or after
    private static String base64Core(byte[] bytes, int shift) {
        byte[] shifted = new byte[shift + bytes.length];
        System.arraycopy(bytes, 0, shifted, shift, bytes.length);
        String encoded = new String(Base64.getEncoder().withoutPadding().encode(shifted), US_ASCII);
        int from = shift == 0 ? 0 : shift + 1;
        int to = shifted.length / 3 * 4;
        return encoded.substring(from, to);
    }
}
