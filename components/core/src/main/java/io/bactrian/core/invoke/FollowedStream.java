package io.bactrian.core.invoke;

import io.bactrian.core.model.LlmResultChunk;
import io.bactrian.core.model.ModelStream;
import io.bactrian.core.tool.ToolInvokeMessage;
import io.bactrian.core.tool.ToolStream;
import java.util.NoSuchElementException;

/**
 * An answer that somebody follows who is not its reader: each piece, and how it ends.
 *
 * @param <T> the pieces
 */
abstract sealed class FollowedStream<T> implements AnswerStream<T> {

    private final AnswerStream<T> stream;
    private final Follower<? super T> follower;
    private volatile boolean closed;

    /**
     * Who follows an answer. The end may be told of more than once, and by another thread than the one that reads: what is
     * told first counts.
     *
     * @param <T> the pieces
     */
    interface Follower<T> {

        /** The reader has been given a piece. */
        void delivered(T piece);

        /** There is no more. */
        void ended();

        /** It broke off. */
        void failed(Throwable failure);

        /** It was closed, at its end or before. */
        void closed();
    }

    private FollowedStream(AnswerStream<T> stream, Follower<? super T> follower) {
        this.stream = stream;
        this.follower = follower;
    }

    static ModelStream of(ModelStream stream, Follower<? super LlmResultChunk> follower) {
        return new OfModel(stream, follower);
    }

    static ToolStream of(ToolStream stream, Follower<? super ToolInvokeMessage> follower) {
        return new OfTool(stream, follower);
    }

    @Override
    public boolean hasNext() {
        try {
            boolean more = stream.hasNext();
            if (!more) {
                ended();
            }
            return more;
        } catch (RuntimeException | Error e) {
            failed(e);
            throw e;
        }
    }

    @Override
    public T next() {
        try {
            T piece = stream.next();
            follower.delivered(piece);
            return piece;
        } catch (NoSuchElementException e) {
            // whoever reads on after the end has made a mistake, and the call has not
            throw e;
        } catch (RuntimeException | Error e) {
            failed(e);
            throw e;
        }
    }

    private void ended() {
        if (closed) {
            follower.closed();
        } else {
            follower.ended();
        }
    }

    /** Whatever is wrong with a stream that was closed while somebody read is wrong because of that. */
    private void failed(Throwable failure) {
        if (closed) {
            follower.closed();
        } else {
            follower.failed(failure);
        }
    }

    @Override
    public void close() {
        closed = true;
        try {
            stream.close();
        } finally {
            follower.closed();
        }
    }

    private static final class OfModel extends FollowedStream<LlmResultChunk> implements ModelStream {
        OfModel(ModelStream stream, Follower<? super LlmResultChunk> follower) {
            super(stream, follower);
        }
    }

    private static final class OfTool extends FollowedStream<ToolInvokeMessage> implements ToolStream {
        OfTool(ToolStream stream, Follower<? super ToolInvokeMessage> follower) {
            super(stream, follower);
        }
    }
}
