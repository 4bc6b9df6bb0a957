package io.bactrian.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateNotYetValidException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("UP-05: the faults a TLS client must refuse are really there")
class TlsFaultsTest {

    private static final TestCertificates CERTIFICATES = TestCertificates.create();

    private static final String GET = "GET / HTTP/1.1\r\nConnection: close\r\n\r\n";

    @Test
    void servesAClientThatTrustsTheAuthority() throws IOException {
        try (FaultServer server = FaultServer.startTls(CERTIFICATES.valid().serverContext())) {
            server.enqueue(Reply.json(200, "{}"));

            assertThat(server.url("/x")).startsWith("https://127.0.0.1:");
            assertThat(get(server, CERTIFICATES.trustingContext())).startsWith("HTTP/1.1 200 OK\r\n");
            assertThat(server.requests()).hasSize(1);
        }
    }

    @Test
    void anExpiredCertificateFailsByItsDateAlone() {
        refused(CERTIFICATES.expired(), CertificateExpiredException.class);
    }

    @Test
    void aCertificateOfTheFutureFailsByItsDateAlone() {
        refused(CERTIFICATES.notYetValid(), CertificateNotYetValidException.class);
    }

    @Test
    void aCertificateForAnotherHostFailsByItsNameAlone() {
        refused(CERTIFICATES.otherHost(), CertificateException.class);
    }

    @Test
    void aSelfSignedCertificateFailsByItsIssuerAlone() {
        refused(CERTIFICATES.selfSigned(), CertPathBuilderException.class);
    }

    @Test
    void anAuthorityIsUnknownToEverybodyElse() throws Exception {
        try (FaultServer server = FaultServer.startTls(CERTIFICATES.valid().serverContext())) {
            SSLContext ordinary = SSLContext.getDefault();

            assertThatThrownBy(() -> get(server, ordinary)).isInstanceOf(SSLHandshakeException.class);
            assertThat(server.requests()).isEmpty();
        }
    }

    @Test
    void oldProtocolsAloneAreNoGround() throws IOException {
        try (FaultServer server = FaultServer.startTls(CERTIFICATES.valid().serverContext(), "TLSv1")) {
            assertThatThrownBy(() -> get(server, CERTIFICATES.trustingContext()))
                    .isInstanceOf(SSLException.class);
        }
    }

    @Test
    void speaksOnlyTheProtocolNamed() throws IOException {
        try (FaultServer server = FaultServer.startTls(CERTIFICATES.valid().serverContext(), "TLSv1.2");
                SSLSocket socket = connect(server, CERTIFICATES.trustingContext())) {
            assertThat(socket.getSession().getProtocol()).isEqualTo("TLSv1.2");
        }
    }

    @Test
    void aPlainServerNeverAnswersAHandshake() throws IOException {
        try (FaultServer server = FaultServer.start()) {
            SSLContext context = CERTIFICATES.trustingContext();

            assertThatThrownBy(() -> connect(server, context, 300)).isInstanceOf(SocketTimeoutException.class);
        }
    }

    @Test
    void endsEarlyUnderTlsToo() throws IOException {
        try (FaultServer server = FaultServer.startTls(CERTIFICATES.valid().serverContext())) {
            server.enqueue(Reply.json(200, "abc").closeAfterBytes(1));

            assertThat(get(server, CERTIFICATES.trustingContext())).endsWith("Content-Length: 3\r\n\r\na");
        }
    }

    @Test
    void writesItsTrustStoreAndPem(@TempDir Path folder) throws Exception {
        Path file = CERTIFICATES.writeTrustStore(folder.resolve("trust.p12"));
        KeyStore read = KeyStore.getInstance("PKCS12");
        read.load(Files.newInputStream(file), "changeit".toCharArray());

        assertThat(read.size()).isEqualTo(1);
        assertThat(CertificateFactory.getInstance("X.509")
                        .generateCertificate(new ByteArrayInputStream(
                                CERTIFICATES.authorityPem().getBytes(UTF_8))))
                .isEqualTo(read.getCertificate("authority"));
    }

    private static void refused(TestCertificate certificate, Class<? extends Exception> rootCause) {
        try (FaultServer server = FaultServer.startTls(certificate.serverContext())) {
            assertThatThrownBy(() -> get(server, CERTIFICATES.trustingContext()))
                    .isInstanceOf(SSLHandshakeException.class)
                    .rootCause()
                    .isInstanceOf(rootCause);
            assertThat(server.requests()).isEmpty();
        }
    }

    private static String get(FaultServer server, SSLContext context) throws IOException {
        try (RawClient client = new RawClient(connect(server, context))) {
            return client.send(GET).hear().text();
        }
    }

    private static SSLSocket connect(FaultServer server, SSLContext context) throws IOException {
        return connect(server, context, 20_000);
    }

    private static SSLSocket connect(FaultServer server, SSLContext context, int patienceMillis) throws IOException {
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", server.port());
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        socket.setSSLParameters(parameters);
        socket.setSoTimeout(patienceMillis);
        socket.startHandshake();
        return socket;
    }
}
