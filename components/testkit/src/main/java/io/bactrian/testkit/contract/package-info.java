/** Suites that every implementation of an SPI has to pass: extend one, give it the implementation, and it runs. */
@NullMarked
package io.bactrian.testkit.contract;

import org.jspecify.annotations.NullMarked;
