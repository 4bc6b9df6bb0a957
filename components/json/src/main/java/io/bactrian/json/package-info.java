/** Wire shapes in Jackson: the OpenAI JSON of chats and embeddings, JSON Schemas of Java classes, and guarded mappers. */
@NullMarked
package io.bactrian.json;

import org.jspecify.annotations.NullMarked;
