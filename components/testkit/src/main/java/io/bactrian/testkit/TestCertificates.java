package io.bactrian.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * A certificate authority that lives as long as a test, and server certificates signed by it that are good, or wrong in
 * one way each. A client given {@link #trustStore()} trusts the authority, so that only that one fault can make it
 * refuse. (Java never looks at the dates of a certificate that is itself in the trust store, hence an authority.) Made
 * with the running JDK's own keytool in a folder that is gone afterwards.
 */
public final class TestCertificates {

    static final String PASSWORD = "changeit";

    private static final String AUTHORITY = "authority";
    private static final String SERVER = "server";

    private final byte[] authorityKeys;
    private final X509Certificate authority;

    private TestCertificates(byte[] authorityKeys, X509Certificate authority) {
        this.authorityKeys = authorityKeys;
        this.authority = authority;
    }

    /** A new authority, known to nobody. */
    public static TestCertificates create() {
        return inFolder(store -> {
            keytool(
                    store,
                    AUTHORITY,
                    "-dname",
                    "CN=Test authority",
                    "-ext",
                    "bc:critical=ca:true",
                    "-validity",
                    "3650");
            return new TestCertificates(Files.readAllBytes(store), certificate(load(store), AUTHORITY));
        });
    }

    /** Good for {@code 127.0.0.1} and {@code localhost}. */
    public TestCertificate valid() {
        return signed(names("localhost"), "-validity", "30");
    }

    /** Good for these names and for {@code 127.0.0.1}. */
    public TestCertificate forHosts(String... hosts) {
        return signed(names(hosts), "-validity", "30");
    }

    /** For the right host, but over since a week. */
    public TestCertificate expired() {
        return signed(names("localhost"), "-startdate", "-10d", "-validity", "3");
    }

    /** For the right host, but good only from next month. */
    public TestCertificate notYetValid() {
        return signed(names("localhost"), "-startdate", "+30d", "-validity", "30");
    }

    /** In its time, but for {@code other.example} only. */
    public TestCertificate otherHost() {
        return signed("san=dns:other.example", "-validity", "30");
    }

    /** For the right host and in its time, but signed by nobody else. */
    public TestCertificate selfSigned() {
        return inFolder(store -> {
            keytool(store, SERVER, "-dname", "CN=localhost", "-ext", names("localhost"), "-validity", "30");
            return serverOf(store);
        });
    }

    /** A trust store with this authority and nothing else. */
    public KeyStore trustStore() {
        try {
            KeyStore trusted = emptyStore();
            trusted.setCertificateEntry(AUTHORITY, authority);
            return trusted;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("the trust store cannot be made", e);
        }
    }

    /** A client's context that trusts this authority and nothing else. */
    public SSLContext trustingContext() {
        try {
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(trustStore());
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the trust store cannot be used", e);
        }
    }

    /** Writes {@link #trustStore()} as PKCS #12, for {@code javax.net.ssl.trustStore}; the password is {@code changeit}. */
    public Path writeTrustStore(Path file) {
        try (var out = Files.newOutputStream(file)) {
            trustStore().store(out, PASSWORD.toCharArray());
            return file;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("the trust store cannot be written", e);
        }
    }

    /** The authority's certificate in PEM. */
    public String authorityPem() {
        return pem(authority);
    }

    static String pem(X509Certificate certificate) {
        try {
            return "-----BEGIN CERTIFICATE-----\n"
                    + TestCertificate.base64(certificate.getEncoded())
                    + "\n-----END CERTIFICATE-----\n";
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("the certificate cannot be encoded", e);
        }
    }

    private TestCertificate signed(String names, String... validity) {
        return inFolder(store -> {
            Files.write(store, authorityKeys);
            List<String> arguments = new ArrayList<>(List.of("-signer", AUTHORITY, "-dname", "CN=server"));
            arguments.addAll(List.of("-ext", names));
            arguments.addAll(Arrays.asList(validity));
            keytool(store, SERVER, arguments.toArray(String[]::new));
            return serverOf(store);
        });
    }

    private static String names(String... hosts) {
        return Arrays.stream(hosts)
                .map(host -> "dns:" + host)
                .collect(Collectors.joining(",", "san=", ",ip:127.0.0.1"));
    }

    private static TestCertificate serverOf(Path store) throws GeneralSecurityException, IOException {
        KeyStore made = load(store);
        KeyStore only = emptyStore();
        char[] password = PASSWORD.toCharArray();
        only.setKeyEntry(SERVER, made.getKey(SERVER, password), password, made.getCertificateChain(SERVER));
        return new TestCertificate(only, certificate(made, SERVER));
    }

    private static X509Certificate certificate(KeyStore store, String alias) throws GeneralSecurityException {
        return (X509Certificate) store.getCertificate(alias);
    }

    private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }

    private static KeyStore load(Path file) throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, PASSWORD.toCharArray());
        }
        return store;
    }

    private interface Work<T> {
        T in(Path store) throws GeneralSecurityException, IOException;
    }

    private static <T> T inFolder(Work<T> work) {
        Path folder = null;
        try {
            folder = Files.createTempDirectory("test-certificates");
            return work.in(folder.resolve("keys.p12"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the test certificates cannot be made", e);
        } finally {
            remove(folder);
        }
    }

    private static void remove(@Nullable Path folder) {
        if (folder == null) {
            return;
        }
        try {
            Files.deleteIfExists(folder.resolve("keys.p12"));
            Files.deleteIfExists(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void keytool(Path store, String alias, String... arguments) throws IOException {
        Path tool = Path.of(System.getProperty("java.home"), "bin", "keytool");
        // lives for half a second
        List<String> command =
                new ArrayList<>(List.of(tool.toString(), "-J-XX:TieredStopAtLevel=1", "-J-XX:+UseSerialGC"));
        command.addAll(List.of("-genkeypair", "-alias", alias));
        command.addAll(List.of("-keystore", store.toString(), "-storetype", "PKCS12", "-storepass", PASSWORD));
        command.addAll(List.of("-keyalg", "EC", "-groupname", "secp256r1"));
        command.addAll(Arrays.asList(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), UTF_8);
        try {
            if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
                process.destroyForcibly();
                throw new IOException("keytool failed: " + said);
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while keytool ran", e);
        }
    }
}
