/** How many calls and tokens a tenant, an application, a model or an API key may have in a time, and how many calls at once. */
@NullMarked
package io.bactrian.core.limit;

import org.jspecify.annotations.NullMarked;
