package io.bactrian.bench.bare;

import io.bactrian.bench.Answer;
import io.bactrian.bench.Canned;
import io.bactrian.bench.Pieces;
import io.bactrian.bench.Scenario;
import io.bactrian.bench.Subject;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;

/** The floor: canned bytes out, canned bytes in, nothing built and nothing parsed. A connection for each thread. */
public final class RawSocket implements Subject {

    private final ThreadLocal<Connection> connections = new ThreadLocal<>();
    private byte[] request = {};
    private int port;
    private Scenario scenario = Scenario.SMALL;

    private static final class Connection {
        private final Socket socket;
        private final InputStream in;
        private final byte[] buffer;

        Connection(int port, int size) throws IOException {
            socket = new Socket(InetAddress.getByName("127.0.0.1"), port);
            socket.setTcpNoDelay(true);
            in = socket.getInputStream();
            buffer = new byte[size];
        }
    }

    @Override
    public void open(Setup setup) {
        port = setup.port();
        scenario = setup.scenario();
        request = Canned.request(scenario, port);
    }

    private Connection connection(int size) throws IOException {
        Connection known = connections.get();
        if (known == null) {
            known = new Connection(port, size);
            connections.set(known);
        }
        return known;
    }

    @Override
    public void ask(Answer answer) throws IOException {
        Connection connection = connection(16_384);
        connection.socket.getOutputStream().write(request);
        int length = answer.length();
        int at = 0;
        while (at < length) {
            int read = connection.in.read(connection.buffer, at, length - at);
            if (read < 0) {
                throw new EOFException("after " + at + " bytes");
            }
            at += read;
        }
        answer.bytes(connection.buffer, at);
    }

    @Override
    public void stream(Pieces pieces) throws IOException {
        // one as large as the product's SSE reader begins with
        Connection connection = connection(2_048);
        pieces.opened(connection.socket::close);
        connection.socket.getOutputStream().write(request);
        for (int at = 0; ; ) {
            int read;
            try {
                read = connection.in.read(connection.buffer);
            } catch (SocketException cut) {
                connections.remove();
                return;
            }
            if (read < 0) {
                throw new EOFException("after " + at + " bytes");
            }
            if (pieces.bytes(connection.buffer, at, read) && scenario != Scenario.HOLD) {
                return;
            }
            at += read;
        }
    }
}
