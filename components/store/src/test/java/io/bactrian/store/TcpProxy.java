package io.bactrian.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A wire between the store and its database that can be cut, or go on looking whole and pass nothing any more. */
final class TcpProxy implements AutoCloseable {

    private final ServerSocket entrance;
    private final int target;
    private final List<Socket> open = new CopyOnWriteArrayList<>();
    private volatile boolean swallowing;
    private volatile boolean refusing;

    TcpProxy(int target) {
        this.target = target;
        try {
            this.entrance = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        start("proxy", this::accept);
    }

    int port() {
        return entrance.getLocalPort();
    }

    /** From now on what is sent arrives nowhere, in either direction, and nobody is told (DB-04). */
    void swallow(boolean yes) {
        swallowing = yes;
        if (!yes) {
            // what was begun in the dark does not come to light: those connections are of no use
            cut();
        }
    }

    /** From now on nobody gets through, and who had is cut off. */
    void refuse(boolean yes) {
        refusing = yes;
        cut();
    }

    /** Cuts all connections. */
    void cut() {
        open.forEach(TcpProxy::closed);
        open.clear();
    }

    private void accept() {
        while (!entrance.isClosed()) {
            try {
                Socket in = entrance.accept();
                if (refusing) {
                    in.close();
                    continue;
                }
                Socket out = new Socket(InetAddress.getLoopbackAddress(), target);
                open.add(in);
                open.add(out);
                start("proxy to", () -> pass(in, out));
                start("proxy back", () -> pass(out, in));
            } catch (IOException e) {
                // closed, or the database is away: who waits is cut off
            }
        }
    }

    private void pass(Socket from, Socket to) {
        byte[] bytes = new byte[8192];
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int read = in.read(bytes); read >= 0; read = in.read(bytes)) {
                if (!swallowing) {
                    out.write(bytes, 0, read);
                }
            }
        } catch (IOException e) {
            // cut
        }
    }

    private static void closed(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // closed already
        }
    }

    private static void start(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        entrance.close();
        cut();
    }
}
