/** The runnable's server: camel-main with the engine, the HTTP surface and the search behind it. */
@NullMarked
package io.bactrian.server;

import org.jspecify.annotations.NullMarked;
