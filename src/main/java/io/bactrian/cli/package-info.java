/** The command line: what the operator of an installation types. */
@NullMarked
package io.bactrian.cli;

import org.jspecify.annotations.NullMarked;
