package io.bactrian.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP/1.1 server on 127.0.0.1 that says exactly the bytes a test scripts and fails exactly where the test says. One
 * daemon thread per connection; requests are recorded whole before they are answered. A reply is looked for in the
 * queue, then asked of the handler, then the default is used; with none of these the answer is 500 and says so.
 */
public final class FaultServer implements AutoCloseable {

    private static final int BACKLOG = 4096;
    private static final long STACK_BYTES = 256 << 10;

    private final ServerSocket listener;
    private final @Nullable SSLSocketFactory tls;
    private final List<String> tlsProtocols;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<Reply> queue = new ArrayDeque<>();
    private final List<RecordedRequest> requests = new ArrayList<>();
    private final Deque<RecordedRequest> untaken = new ArrayDeque<>();
    private final Set<Connection> open = new HashSet<>();
    private final AtomicLong bodyBytesSent = new AtomicLong();
    private @Nullable Function<RecordedRequest, Reply> handler;
    private @Nullable Reply defaultReply;
    private @Nullable Connection latest;
    private boolean latestLeft;
    private int accepted;
    private boolean closed;
    private volatile boolean answersExpectContinue = true;

    private FaultServer(@Nullable SSLSocketFactory tls, List<String> tlsProtocols) throws IOException {
        this.tls = tls;
        this.tlsProtocols = tlsProtocols;
        this.listener = new ServerSocket();
        listener.bind(new InetSocketAddress(loopback(), 0), BACKLOG);
    }

    /** A server for plain HTTP on a free port. A TLS client that calls it waits for ever for its handshake. */
    public static FaultServer start() {
        return start(null, List.of());
    }

    /** A server for HTTPS with the context's key; protocols, if named, are the only ones it speaks. */
    public static FaultServer startTls(SSLContext context, String... protocols) {
        return start(context.getSocketFactory(), List.copyOf(Arrays.asList(protocols)));
    }

    private static FaultServer start(@Nullable SSLSocketFactory tls, List<String> protocols) {
        try {
            FaultServer server = new FaultServer(tls, protocols);
            daemon(server::acceptAll, "fault-server-" + server.port()).start();
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A port of 127.0.0.1 on which nobody listens: connections to it are refused. */
    public static int refusedPort() {
        try (ServerSocket brief = new ServerSocket()) {
            brief.bind(new InetSocketAddress(loopback(), 0));
            return brief.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The port listened on. */
    public int port() {
        return listener.getLocalPort();
    }

    /** {@code http://127.0.0.1:PORT} and the path, {@code https} with TLS. */
    public String url(String path) {
        return (tls == null ? "http" : "https") + "://127.0.0.1:" + port() + path;
    }

    /** Adds replies, used one for each request in the order in which requests arrive. */
    public FaultServer enqueue(Reply... replies) {
        return locked(() -> {
            queue.addAll(Arrays.asList(replies));
            return this;
        });
    }

    /** Decides per request, once the queue is empty. Called on the connection's thread. */
    public FaultServer handle(Function<RecordedRequest, Reply> decision) {
        return locked(() -> {
            handler = decision;
            return this;
        });
    }

    /** The reply when the queue is empty and no handler is set. */
    public FaultServer otherwise(Reply reply) {
        return locked(() -> {
            defaultReply = reply;
            return this;
        });
    }

    /** Whether {@code Expect: 100-continue} is granted at once (the default) or never. */
    public FaultServer answerExpectContinue(boolean answer) {
        answersExpectContinue = answer;
        return this;
    }

    /** Every request read so far, in the order of their arrival. */
    public List<RecordedRequest> requests() {
        return locked(() -> List.copyOf(requests));
    }

    /** The next request that was not taken yet; fails if none arrives in time. */
    public RecordedRequest takeRequest(Duration atMost) {
        await(() -> !untaken.isEmpty(), atMost);
        RecordedRequest request = locked(untaken::poll);
        if (request == null) {
            throw new AssertionError("no request within " + atMost);
        }
        return request;
    }

    /** How many connections were accepted since the start. */
    public int connectionCount() {
        return locked(() -> accepted);
    }

    /** How many connections are open now. */
    public int openConnections() {
        return locked(open::size);
    }

    /** How many body bytes were handed to the sockets: it stands still while a client does not read. */
    public long bodyBytesSent() {
        return bodyBytesSent.get();
    }

    /**
     * Whether the client ended or broke the most recent connection in time. It is noticed while a reply is sent, waits or
     * stalls, and between requests. A connection that this server ended does not count.
     */
    public boolean awaitClientClosed(Duration atMost) {
        return await(() -> latestLeft, atMost);
    }

    /** Whether the number of open connections fell to {@code count} or less in time. */
    public boolean awaitOpenConnections(int count, Duration atMost) {
        return await(() -> open.size() <= count, atMost);
    }

    /** Ends every connection and stops listening. */
    @Override
    public void close() {
        List<Connection> left = locked(() -> {
            closed = true;
            return List.copyOf(open);
        });
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            left.forEach(Connection::abandon);
        }
        awaitOpenConnections(0, Duration.ofSeconds(5));
    }

    private void acceptAll() {
        while (true) {
            try {
                accept(listener.accept());
            } catch (IOException e) {
                return;
            }
        }
    }

    private void accept(Socket socket) throws IOException {
        Connection connection = locked(() -> {
            accepted++;
            Connection next = new Connection(this, socket, accepted, tls, replyOnAccept());
            latest = next;
            latestLeft = false;
            open.add(next);
            changed.signalAll();
            return next;
        });
        if (locked(() -> closed)) {
            connection.abandon();
        }
        daemon(connection, "fault-server-connection").start();
    }

    // decided on the accepting thread: concurrent clients get their faults in the order in which they connect
    private @Nullable Reply replyOnAccept() {
        Reply next = queue.peek();
        if (next != null) {
            return next.onAccept() ? queue.poll() : null;
        }
        return handler == null && defaultReply != null && defaultReply.onAccept() ? defaultReply : null;
    }

    Reply answer(RecordedRequest request) {
        Function<RecordedRequest, Reply> decision = locked(() -> {
            requests.add(request);
            untaken.add(request);
            changed.signalAll();
            Reply next = queue.poll();
            if (next != null) {
                return ignored -> next;
            }
            Reply last = defaultReply;
            return handler != null ? handler : ignored -> last != null ? last : unscripted(request);
        });
        try {
            return decision.apply(request);
        } catch (RuntimeException | AssertionError e) {
            return Reply.body(500, "text/plain", ("the test's handler failed: " + e).getBytes(UTF_8));
        }
    }

    private static Reply unscripted(RecordedRequest request) {
        return Reply.body(500, "text/plain", ("no reply is scripted for " + request).getBytes(UTF_8));
    }

    void ended(Connection connection, boolean byClient) {
        locked(() -> {
            open.remove(connection);
            latestLeft |= byClient && connection == latest;
            changed.signalAll();
            return this;
        });
    }

    void sent(int bytes) {
        bodyBytesSent.addAndGet(bytes);
    }

    void restrict(SSLSocket socket) {
        if (!tlsProtocols.isEmpty()) {
            socket.setEnabledProtocols(tlsProtocols.toArray(String[]::new));
        }
    }

    boolean answersExpectContinue() {
        return answersExpectContinue;
    }

    private boolean await(BooleanSupplier condition, Duration atMost) {
        lock.lock();
        try {
            long left = atMost.toNanos();
            while (!condition.getAsBoolean() && left > 0) {
                left = changed.awaitNanos(left);
            }
            return condition.getAsBoolean();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return condition.getAsBoolean();
        } finally {
            lock.unlock();
        }
    }

    private <T extends @Nullable Object> T locked(Supplier<T> action) {
        lock.lock();
        try {
            return action.get();
        } finally {
            lock.unlock();
        }
    }

    private static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(null, task, name, STACK_BYTES);
        thread.setDaemon(true);
        return thread;
    }

    private static InetAddress loopback() throws IOException {
        return InetAddress.getByAddress("127.0.0.1", new byte[] {127, 0, 0, 1});
    }
}
