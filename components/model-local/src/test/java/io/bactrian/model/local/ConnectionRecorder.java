package io.bactrian.model.local;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ProtocolFamily;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketImpl;
import java.nio.channels.DatagramChannel;
import java.nio.channels.Pipe;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.AbstractSelector;
import java.nio.channels.spi.SelectorProvider;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Writes down every socket and channel that this JVM asks for, and refuses it. Sockets by {@link #install()}, channels
 * by naming this class in {@code java.nio.channels.spi.SelectorProvider}.
 */
public final class ConnectionRecorder extends SelectorProvider {

    static final List<String> ATTEMPTS = new CopyOnWriteArrayList<>();

    @SuppressWarnings("deprecation") // no other hook sees all sockets, and it is still there in Java 25
    static void install() throws IOException {
        Socket.setSocketImplFactory(RefusedSocket::new);
    }

    private static IOException refused(String what) {
        ATTEMPTS.add(what);
        return new IOException("refused: " + what);
    }

    @Override
    public DatagramChannel openDatagramChannel() throws IOException {
        throw refused("datagram channel");
    }

    @Override
    public DatagramChannel openDatagramChannel(ProtocolFamily family) throws IOException {
        throw refused("datagram channel");
    }

    @Override
    public Pipe openPipe() throws IOException {
        throw refused("pipe");
    }

    @Override
    public AbstractSelector openSelector() throws IOException {
        throw refused("selector");
    }

    @Override
    public ServerSocketChannel openServerSocketChannel() throws IOException {
        throw refused("server channel");
    }

    @Override
    public SocketChannel openSocketChannel() throws IOException {
        throw refused("socket channel");
    }

    private static final class RefusedSocket extends SocketImpl {

        @Override
        protected void create(boolean stream) throws IOException {
            throw refused("socket");
        }

        @Override
        protected void connect(String host, int port) throws IOException {
            throw refused("connect " + host);
        }

        @Override
        protected void connect(InetAddress address, int port) throws IOException {
            throw refused("connect " + address);
        }

        @Override
        protected void connect(SocketAddress address, int timeout) throws IOException {
            throw refused("connect " + address);
        }

        @Override
        protected void bind(InetAddress host, int port) throws IOException {
            throw refused("bind");
        }

        @Override
        protected void listen(int backlog) throws IOException {
            throw refused("listen");
        }

        @Override
        protected void accept(SocketImpl socket) throws IOException {
            throw refused("accept");
        }

        @Override
        protected InputStream getInputStream() throws IOException {
            throw refused("read");
        }

        @Override
        protected OutputStream getOutputStream() throws IOException {
            throw refused("write");
        }

        @Override
        protected int available() {
            return 0;
        }

        @Override
        protected void close() {}

        @Override
        protected void sendUrgentData(int data) throws IOException {
            throw refused("write");
        }

        @Override
        public void setOption(int option, Object value) {}

        @Override
        public Object getOption(int option) {
            return 0;
        }
    }
}
