package io.bactrian.tool.workflow;

import java.util.Iterator;

/** The pieces of something that is to be closed, if it can be, when nobody reads on. */
final class ClosingPieces implements Iterator<Object>, AutoCloseable {

    private final Iterator<?> pieces;
    private final Object source;

    /**
     * @param pieces the pieces
     * @param source what they are of
     */
    ClosingPieces(Iterator<?> pieces, Object source) {
        this.pieces = pieces;
        this.source = source;
    }

    @Override
    public boolean hasNext() {
        return pieces.hasNext();
    }

    @Override
    public Object next() {
        return pieces.next();
    }

    @Override
    public void close() {
        if (pieces instanceof AutoCloseable open) {
            RouteRun.close(open);
        }
        if (source instanceof AutoCloseable open) {
            RouteRun.close(open);
        }
    }
}
