/** The one tree of errors: each with a stable code, a message that is safe to show, and whether trying again can help. */
@NullMarked
package io.bactrian.core.error;

import org.jspecify.annotations.NullMarked;
