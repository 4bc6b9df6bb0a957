/** The vendor's SDK for the OpenAI API. */
package io.bactrian.bench.openai;
