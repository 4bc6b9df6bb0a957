/** The provider {@code random}: identifiers and values that nobody can guess. */
@NullMarked
package io.bactrian.tool.builtin.random;

import org.jspecify.annotations.NullMarked;
