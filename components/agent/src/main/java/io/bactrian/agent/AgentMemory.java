package io.bactrian.agent;

import io.bactrian.core.model.PromptMessage;
import io.bactrian.core.tenant.Caller;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Remembers conversations. Thread-safe. A bean of this type takes the place of the memory in the process. It is shown what was
 * said in whole turns: a user's words, the model's answers, and what came of its calls of tools.
 */
public interface AgentMemory {

    /**
     * Which conversation: the same id of another tenant, agent or user is another one.
     *
     * @param tenant the tenant
     * @param agent the agent's name
     * @param user the user; empty for nobody in particular
     * @param id the conversation's id
     */
    record Conversation(String tenant, String agent, String user, String id) {

        /** @throws IllegalArgumentException if the id is blank or longer than 256 characters */
        public Conversation {
            if (id.isBlank() || id.length() > 256) {
                throw new IllegalArgumentException("a conversation is named by 1 to 256 characters");
            }
        }
    }

    /** The conversation of that id that a caller has with an agent; null for no id. */
    static @Nullable Conversation conversation(String agent, Caller caller, @Nullable String id) {
        return id == null
                ? null
                : new Conversation(
                        caller.tenant().value(),
                        agent,
                        caller.user() == null ? "" : caller.user().value(),
                        id);
    }

    /** What was said so far, without the agent's instructions; the oldest first. */
    List<PromptMessage> load(Conversation conversation);

    /** Adds what was said since. */
    void append(Conversation conversation, List<PromptMessage> messages);
}
