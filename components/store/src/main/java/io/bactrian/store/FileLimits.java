package io.bactrian.store;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of files, and for how long.
 *
 * @param maxSize the largest file, in bytes
 * @param retention how long files are kept that do not say so; null for as long as nobody removes them
 */
public record FileLimits(long maxSize, @Nullable Duration retention) {

    /** @throws IllegalArgumentException if either is nothing */
    public FileLimits {
        if (maxSize < 1 || retention != null && (retention.isNegative() || retention.isZero())) {
            throw new IllegalArgumentException("files have a size, and are kept for some time");
        }
    }
}
