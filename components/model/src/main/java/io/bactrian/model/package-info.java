/** The component {@code model:}: a tenant's model as a Camel endpoint. */
@NullMarked
package io.bactrian.model;

import org.jspecify.annotations.NullMarked;
