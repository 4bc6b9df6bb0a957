/** The tools that need no service, by provider. */
@NullMarked
package io.bactrian.tool.builtin;

import org.jspecify.annotations.NullMarked;
