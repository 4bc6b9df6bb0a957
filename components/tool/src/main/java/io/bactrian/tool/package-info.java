/** The component {@code tool:}: whichever tool a tenant has under a name, as a Camel endpoint. */
@NullMarked
package io.bactrian.tool;

import org.jspecify.annotations.NullMarked;
