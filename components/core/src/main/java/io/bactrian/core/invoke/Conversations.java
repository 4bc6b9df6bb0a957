package io.bactrian.core.invoke;

import io.bactrian.core.model.LlmRequest;
import io.bactrian.core.model.PromptMessage;

/**
 * Tells calls of one conversation from others by how it begins: all its calls bring the same first messages, which is also what
 * providers cache.
 */
final class Conversations {

    private Conversations() {}

    /** What the calls of a conversation have in common; 0 if nothing is known of it. */
    static long of(InvocationRequest request) {
        if (!(request instanceof LlmRequest llm)) {
            return 0;
        }
        long hash = 1;
        for (PromptMessage message : llm.messages()) {
            hash = hash * 0x100000001B3L + message.hashCode();
            if (message instanceof PromptMessage.User) {
                break;
            }
        }
        return hash;
    }
}
