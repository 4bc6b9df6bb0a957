/** What the endpoints that call tools share: options, bodies, headers, converters, the call itself. */
@NullMarked
package io.bactrian.support.tool;

import org.jspecify.annotations.NullMarked;
