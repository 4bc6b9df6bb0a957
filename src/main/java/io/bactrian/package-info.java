/** The runnable: its entry point. */
@NullMarked
package io.bactrian;

import org.jspecify.annotations.NullMarked;
