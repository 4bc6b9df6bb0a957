/** {@code POST /ask}: what is asked, and who answers where no language model is configured. */
@NullMarked
package io.bactrian.ask;

import org.jspecify.annotations.NullMarked;
