package io.bactrian.agent;

import io.bactrian.core.model.PromptMessage;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Remembers the last turns of conversations, in this process. Bounded: the conversation that was silent longest is forgotten
 * first, and of each the oldest turns. A turn is forgotten as a whole, so that no tool's answer is without its call.
 */
final class WindowMemory implements AgentMemory {

    private final Limits limits;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Conversation, List<PromptMessage>> conversations = new LinkedHashMap<>(16, 0.75f, true);
    private long characters;

    /**
     * What is remembered at most.
     *
     * @param conversations how many conversations
     * @param messages how many messages of each
     * @param characters how many characters of each
     * @param allCharacters how many characters of all together
     */
    record Limits(int conversations, int messages, long characters, long allCharacters) {
        static final Limits DEFAULTS = new Limits(10_000, 200, 400_000, 40_000_000);
    }

    WindowMemory(Limits limits) {
        this.limits = limits;
    }

    @Override
    public List<PromptMessage> load(Conversation conversation) {
        lock.lock();
        try {
            return conversations.getOrDefault(conversation, List.of());
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void append(Conversation conversation, List<PromptMessage> messages) {
        lock.lock();
        try {
            List<PromptMessage> before = conversations.getOrDefault(conversation, List.of());
            List<PromptMessage> all = new ArrayList<>(before);
            all.addAll(messages);
            List<PromptMessage> kept = Turns.last(all, limits.messages(), limits.characters());
            characters += Turns.size(kept) - Turns.size(before);
            conversations.put(conversation, kept);
            forgetTheOldest();
        } finally {
            lock.unlock();
        }
    }

    private void forgetTheOldest() {
        Iterator<List<PromptMessage>> eldest = conversations.values().iterator();
        while (conversations.size() > limits.conversations() || characters > limits.allCharacters()) {
            characters -= Turns.size(eldest.next());
            eldest.remove();
        }
    }
}
