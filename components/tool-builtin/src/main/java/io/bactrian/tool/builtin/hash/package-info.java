/** The provider {@code hash}: digests, checksums and encodings. */
@NullMarked
package io.bactrian.tool.builtin.hash;

import org.jspecify.annotations.NullMarked;
