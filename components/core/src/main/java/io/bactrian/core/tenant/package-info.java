/** Who asks and who pays: tenants, callers, roles and the deadline that travels with a call. */
@NullMarked
package io.bactrian.core.tenant;

import org.jspecify.annotations.NullMarked;
