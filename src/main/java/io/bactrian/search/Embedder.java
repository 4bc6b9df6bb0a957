package io.bactrian.search;

import java.util.List;

/** Turns texts into vectors. */
@FunctionalInterface
interface Embedder {

    /** One vector per text, in their order. */
    List<float[]> embed(List<String> texts);
}
