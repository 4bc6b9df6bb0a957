/** The provider {@code calculator}: arithmetic in decimals. */
@NullMarked
package io.bactrian.tool.builtin.calculator;

import org.jspecify.annotations.NullMarked;
