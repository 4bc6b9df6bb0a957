package io.bactrian.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.util.concurrent.CountDownLatch;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/** One accepted connection: reads requests, plays replies. */
final class Connection implements Runnable {

    private final FaultServer server;
    private final Socket tcp;
    private final int id;
    private final @Nullable SSLSocketFactory tls;
    private final @Nullable Reply onAccept;
    private volatile boolean endedHere;

    Connection(FaultServer server, Socket tcp, int id, @Nullable SSLSocketFactory tls, @Nullable Reply onAccept) {
        this.server = server;
        this.tcp = tcp;
        this.id = id;
        this.tls = tls;
        this.onAccept = onAccept;
    }

    @Override
    public void run() {
        try {
            tcp.setTcpNoDelay(true);
            if (onAccept != null) {
                play(new Wire(tcp, tcp), onAccept, false);
                return;
            }
            converse(new Wire(tcp, tls == null ? tcp : handshake(tls)));
        } catch (IOException e) {
            // a client that goes away is what many tests are about: awaitClientClosed tells it
        } catch (RuntimeException e) {
            // not even HTTP: what cannot be understood gets no answer
            endedHere = true;
        } finally {
            quietly(tcp);
            server.ended(this, !endedHere);
        }
    }

    private Socket handshake(SSLSocketFactory factory) throws IOException {
        SSLSocket layered = (SSLSocket) factory.createSocket(tcp, null, true);
        layered.setUseClientMode(false);
        server.restrict(layered);
        layered.startHandshake();
        return layered;
    }

    private void converse(Wire wire) throws IOException {
        while (true) {
            byte[] bytes = wire.readHead();
            if (bytes.length == 0) {
                return;
            }
            RequestHead head = RequestHead.parse(bytes);
            if (head.expectsContinue() && server.answersExpectContinue()) {
                wire.write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(ISO_8859_1));
            }
            RecordedRequest request = new RecordedRequest(head, wire.readBody(head), id);
            Reply reply = server.answer(request);
            boolean headOnly = head.method().equals("HEAD");
            if (!play(wire, reply, headOnly)) {
                return;
            }
            if (head.asksToClose()) {
                endedHere = true;
                wire.closeProperly();
                return;
            }
        }
    }

    /** Whether the connection is good for another request. */
    private boolean play(Wire wire, Reply reply, boolean headOnly) throws IOException {
        wire.pause(reply.beforeHeaders());
        if (!reply.silent()) {
            byte[] head = reply.head();
            if (head.length > 0) {
                wire.write(head);
            }
            if (!headOnly) {
                sendBody(wire, reply);
            }
        }
        return end(wire, reply);
    }

    private void sendBody(Wire wire, Reply reply) throws IOException {
        if (reply.framing() == Reply.Framing.NO_BODY) {
            return;
        }
        long length = reply.body().length();
        long stop = Math.min(length, reply.endingAt());
        long offset = 0;
        for (int index = 0; offset < stop; index++) {
            if (index > 0) {
                wire.pause(reply.betweenChunks());
            }
            awaitGate(wire, reply, offset);
            int piece = reply.pieceLength(index, offset);
            int sent = (int) Math.min(piece, stop - offset);
            wire.write(framed(reply, offset, piece, sent));
            server.sent(sent);
            offset += sent;
        }
        awaitGate(wire, reply, offset);
        if (reply.framing() == Reply.Framing.CHUNKED && reply.terminated()) {
            wire.write("0\r\n\r\n".getBytes(ISO_8859_1));
        }
    }

    private static void awaitGate(Wire wire, Reply reply, long offset) throws IOException {
        CountDownLatch gate = reply.gate();
        if (gate != null && offset == reply.gateAt()) {
            wire.pauseUntil(gate);
        }
    }

    private static byte[] framed(Reply reply, long offset, int piece, int sent) {
        byte[] data = reply.body().slice(offset, sent);
        if (reply.framing() != Reply.Framing.CHUNKED) {
            return data;
        }
        ByteArrayOutputStream chunk = new ByteArrayOutputStream(sent + 16);
        chunk.writeBytes((Integer.toHexString(piece) + "\r\n").getBytes(ISO_8859_1));
        chunk.writeBytes(data);
        if (sent == piece) {
            chunk.writeBytes(new byte[] {'\r', '\n'});
        }
        return chunk.toByteArray();
    }

    private boolean end(Wire wire, Reply reply) throws IOException {
        switch (reply.ending()) {
            case KEEP_ALIVE -> {
                return true;
            }
            case CLOSE -> {
                endedHere = true;
                if (reply.onAccept()) {
                    // bytes that were never read would turn the FIN into an RST
                    wire.halfClose();
                    wire.awaitPeerGone();
                } else if (reply.terminated()) {
                    wire.closeProperly();
                } else {
                    wire.close();
                }
            }
            case RESET -> {
                endedHere = true;
                wire.reset();
            }
            case HALF_CLOSE -> {
                wire.halfClose();
                wire.awaitPeerGone();
            }
            case STALL -> wire.awaitPeerGone();
        }
        return false;
    }

    /** Ends the connection from the server's side. */
    void abandon() {
        endedHere = true;
        quietly(tcp);
    }

    private static void quietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // it is gone, which was the aim
        }
    }
}
