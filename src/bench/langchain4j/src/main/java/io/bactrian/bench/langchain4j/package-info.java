/** LangChain4j's client for the OpenAI API. */
package io.bactrian.bench.langchain4j;
