/** Where configuration comes from: the SPI of sources and stores, its records, and the store that lives in memory. */
@NullMarked
package io.bactrian.core.config;

import org.jspecify.annotations.NullMarked;
