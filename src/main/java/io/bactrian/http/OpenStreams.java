package io.bactrian.http;

import io.bactrian.core.model.ModelStream;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The streams that are being written to clients. */
public final class OpenStreams {

    private final Set<ModelStream> open = ConcurrentHashMap.newKeySet();

    private volatile boolean closed;

    OpenStreams() {}

    void add(ModelStream stream) {
        open.add(stream);
    }

    void remove(ModelStream stream) {
        open.remove(stream);
    }

    /** How many there are. */
    public int count() {
        return open.size();
    }

    /** Whether they have been ended. */
    boolean closed() {
        return closed;
    }

    /** Ends them all; their clients get an error event, for which there is a moment. */
    void closeAll() {
        closed = true;
        open.forEach(ModelStream::close);
    }
}
