/** The provider {@code units}: one unit of measure into another. */
@NullMarked
package io.bactrian.tool.builtin.units;

import org.jspecify.annotations.NullMarked;
