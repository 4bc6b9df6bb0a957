/** What tenants may use up: quotas of what the operator pays for, budgets, and the exact accounting of both. */
@NullMarked
package io.bactrian.core.quota;

import org.jspecify.annotations.NullMarked;
