/** The way in: the HTTP server behind platform-http, who may pass, what reaches a route, and how answers are written. */
@NullMarked
package io.bactrian.http;

import org.jspecify.annotations.NullMarked;
