/** Tools: what they are, how they are found, called and answered for. */
@NullMarked
package io.bactrian.core.tool;

import org.jspecify.annotations.NullMarked;
