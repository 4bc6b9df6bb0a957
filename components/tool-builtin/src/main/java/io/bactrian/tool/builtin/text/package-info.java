/** The provider {@code text}: search, split, fill in and compare text. */
@NullMarked
package io.bactrian.tool.builtin.text;

import org.jspecify.annotations.NullMarked;
