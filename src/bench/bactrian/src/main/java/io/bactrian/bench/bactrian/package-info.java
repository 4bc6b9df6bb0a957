/** Bactrian as a user of Camel has it: two dependencies and a route. */
package io.bactrian.bench.bactrian;
