package io.bactrian.egress;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLSocket;
import org.apache.hc.client5.http.io.ManagedHttpClientConnection;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.impl.io.DefaultBHttpClientConnection;
import org.apache.hc.core5.http.impl.io.SocketHolder;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * A connection that keeps its mouth shut: HttpClient's own managed connection prints {@code Authorization} once somebody
 * turns on its header or wire log, so this one, built on the plain connection below it, has neither (LOG-04).
 */
final class GuardedConnection extends DefaultBHttpClientConnection implements ManagedHttpClientConnection {

    private static final Timeout NOT_ZERO = Timeout.ofMilliseconds(1);

    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile @Nullable ClockedSocket wire;

    GuardedConnection(Http1Config config) {
        super(config);
    }

    /** Hands the socket to a call's clock, or to nobody. */
    void clock(@Nullable CallClock clock) {
        ClockedSocket socket = wire;
        if (socket != null) {
            socket.clock(clock);
        }
    }

    /**
     * Whether bytes are waiting although nothing was asked. Such a connection is never used again: they would be read as
     * the next call's answer (STR-02, a Content-Length that is too short).
     */
    boolean hasStrayBytes(CallClock clock) {
        clock(clock);
        clock.withoutWaiting(true);
        try {
            return isDataAvailable(NOT_ZERO);
        } catch (IOException broken) {
            return true;
        } finally {
            clock.withoutWaiting(false);
            clock(null);
        }
    }

    @Override
    public void bind(Socket socket) throws IOException {
        if (socket instanceof ClockedSocket clocked) {
            wire = clocked;
        }
        bindUnlessClosed(new SocketHolder(socket));
    }

    @Override
    public void bind(SSLSocket sslSocket, Socket socket) throws IOException {
        bindUnlessClosed(new SocketHolder(sslSocket, socket));
    }

    // a cancel may come between two steps of connecting; what is bound later must not outlive it
    private void bindUnlessClosed(SocketHolder holder) throws IOException {
        bind(holder);
        if (closed.get()) {
            super.close(CloseMode.IMMEDIATE);
            throw new InterruptedIOException("closed while connecting");
        }
    }

    @Override
    public @Nullable Socket getSocket() {
        SocketHolder holder = getSocketHolder();
        return holder == null ? null : holder.getSocket();
    }

    @Override
    public void close() throws IOException {
        closed.set(true);
        super.close();
    }

    @Override
    public void close(CloseMode mode) {
        closed.set(true);
        super.close(mode);
    }

    @Override
    public void passivate() {
        setSocketTimeout(Timeout.ZERO_MILLISECONDS);
    }

    @Override
    public void activate() {
        // every read of ours sets its own time
    }
}
