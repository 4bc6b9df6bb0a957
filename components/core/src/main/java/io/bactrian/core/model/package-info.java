/** What is said to a model and what it answers: messages, requests, results, streams, and the SPI of wire dialects. */
@NullMarked
package io.bactrian.core.model;

import org.jspecify.annotations.NullMarked;
