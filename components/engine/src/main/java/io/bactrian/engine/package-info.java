/** Assembles core, egress, dialects and, if there is one, the store in any Camel context: the one dependency a project adds. */
@NullMarked
package io.bactrian.engine;

import org.jspecify.annotations.NullMarked;
