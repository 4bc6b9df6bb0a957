/** What a person or an API key may do: one decision for calls, the command line and HTTP. */
@NullMarked
package io.bactrian.core.access;

import org.jspecify.annotations.NullMarked;
