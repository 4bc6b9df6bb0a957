/**
 * The only way out: one guarded HTTP client. Scheme, port and address are checked, a name is resolved once and the
 * checked address is the one connected to; bytes, lines, events and time are bounded.
 */
@NullMarked
package io.bactrian.egress;

import org.jspecify.annotations.NullMarked;
