/** The call chain and credential resolution: one call, one direction, and no way around it. */
@NullMarked
package io.bactrian.core.invoke;

import org.jspecify.annotations.NullMarked;
