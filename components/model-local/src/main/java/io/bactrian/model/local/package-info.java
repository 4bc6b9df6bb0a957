/** Models that run inside the JVM: weights from a jar, ONNX Runtime as the engine, no network. */
@NullMarked
package io.bactrian.model.local;

import org.jspecify.annotations.NullMarked;
