package io.bactrian.egress;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Proxy;
import java.net.Socket;
import java.net.SocketException;
import org.jspecify.annotations.Nullable;

/** A socket whose reads obey the clock of the call that holds it; without one it is a plain socket. */
final class ClockedSocket extends Socket {

    private volatile @Nullable CallClock clock;
    private volatile @Nullable InputStream input;
    // what others asked for, and what the socket is set to: setting it at every read would cost more than the read
    private volatile int asked;
    private volatile int applied;

    ClockedSocket() {
        // without this the JVM's socksProxyHost would take the connection elsewhere, unchecked (SSRF-16)
        super(Proxy.NO_PROXY);
    }

    /** Hands the socket to a call, or to nobody. */
    void clock(@Nullable CallClock next) {
        clock = next;
    }

    /** Lets the next read wait that long at most. A shorter wait that is already set stays, unless it is very short. */
    void waitAtMost(int millis) throws SocketException {
        int now = applied;
        if (now == 0 || now > millis || now < 1_000 && now < millis) {
            apply(millis);
        }
    }

    @Override
    public void setSoTimeout(int timeout) {
        asked = timeout;
    }

    @Override
    public int getSoTimeout() {
        return asked;
    }

    @Override
    public InputStream getInputStream() throws IOException {
        InputStream present = input;
        if (present == null) {
            present = new ClockedInput(super.getInputStream());
            input = present;
        }
        return present;
    }

    private void apply(int millis) throws SocketException {
        applied = millis;
        super.setSoTimeout(millis);
    }

    private final class ClockedInput extends FilterInputStream {

        ClockedInput(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            CallClock holder = clock;
            if (holder != null) {
                return holder.read(in, ClockedSocket.this, bytes, offset, length);
            }
            if (applied != asked) {
                apply(asked);
            }
            return in.read(bytes, offset, length);
        }

        @Override
        public long skip(long count) throws IOException {
            byte[] skipped = new byte[(int) Math.min(count, 1_024)];
            return skipped.length == 0 ? 0 : Math.max(0, read(skipped, 0, skipped.length));
        }

        @Override
        public void close() throws IOException {
            ClockedSocket.this.close();
        }
    }
}
