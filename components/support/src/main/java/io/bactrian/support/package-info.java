/** What every endpoint shares: constants, the caller of an exchange, stream leases, health and console bases. */
@NullMarked
package io.bactrian.support;

import org.jspecify.annotations.NullMarked;
