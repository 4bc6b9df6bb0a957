/** Wire dialects over the egress room, and the provider catalogue as data. */
@NullMarked
package io.bactrian.model.http;

import org.jspecify.annotations.NullMarked;
