/** Finds passages of this repository's documentation by meaning. */
@NullMarked
package io.bactrian.search;

import org.jspecify.annotations.NullMarked;
