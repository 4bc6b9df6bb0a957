package io.bactrian.support;

import io.bactrian.core.model.ModelStream;

/** A body that reads a model's stream in another form: as bytes, as a publisher. It keeps the stream alive. */
public interface StreamView {

    /** Whether this is the stream that is read. */
    boolean reads(ModelStream stream);
}
