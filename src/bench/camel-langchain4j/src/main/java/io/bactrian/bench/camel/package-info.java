/** The chat component that Camel has: a Camel of its own. */
package io.bactrian.bench.camel;
