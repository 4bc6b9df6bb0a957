package io.bactrian.json;

import io.bactrian.core.model.LlmResultChunk.ToolCallDelta;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds out which call of an answer a piece belongs to. OpenAI numbers them; other servers leave the number out, give
 * every call the number 0, or repeat id and name in every piece.
 */
final class ToolCallIndexes {

    /** More calls than this in one answer are not believed: each costs memory. */
    private static final int MOST = 1024;

    private static final class Known {
        private @Nullable String id;
        private @Nullable String name;
    }

    private final Map<Integer, Integer> byWireIndex = new HashMap<>();
    private final Map<String, Integer> byId = new HashMap<>();
    private final Map<Integer, Known> calls = new HashMap<>();
    private int next;
    private int last = -1;

    /** Whether any call was seen. */
    boolean any() {
        return !calls.isEmpty();
    }

    List<ToolCallDelta> deltas(List<ChatPiece.WireCall> pieces) {
        if (pieces.isEmpty()) {
            return List.of();
        }
        List<ToolCallDelta> deltas = new ArrayList<>(pieces.size());
        for (ChatPiece.WireCall piece : pieces) {
            deltas.add(delta(piece));
        }
        return deltas;
    }

    private ToolCallDelta delta(ChatPiece.WireCall piece) {
        String id = blankToNull(piece.id());
        String name = blankToNull(piece.name());
        int index = indexOf(piece.index(), id, name);
        last = index;
        Known known = calls.computeIfAbsent(index, key -> new Known());
        String newId = known.id == null ? id : null;
        String newName = known.name == null ? name : null;
        known.id = known.id == null ? id : known.id;
        known.name = known.name == null ? name : known.name;
        return new ToolCallDelta(index, newId, newName, piece.arguments());
    }

    private int indexOf(@Nullable Integer wireIndex, @Nullable String id, @Nullable String name) {
        if (id != null && byId.containsKey(id)) {
            return byId.get(id);
        }
        Integer mapped = wireIndex == null ? lastIndex() : byWireIndex.get(wireIndex);
        int index = mapped != null && !beginsAnother(mapped, wireIndex, id, name) ? mapped : newIndex(wireIndex);
        if (wireIndex != null) {
            byWireIndex.put(wireIndex, index);
        }
        if (id != null) {
            byId.put(id, index);
        }
        return index;
    }

    private @Nullable Integer lastIndex() {
        return last < 0 ? null : (Integer) last;
    }

    /** A name with another id, or with no number and no id at all, is the first piece of another call. */
    private boolean beginsAnother(int mapped, @Nullable Integer wireIndex, @Nullable String id, @Nullable String name) {
        Known known = calls.get(mapped);
        if (known == null || name == null || known.name == null) {
            return wireIndex == null && id != null && known != null && known.id != null;
        }
        return id == null ? wireIndex == null : known.id != null;
    }

    private int newIndex(@Nullable Integer wireIndex) {
        if (calls.size() >= MOST) {
            throw Malformed.answer("has more than " + MOST + " tool calls");
        }
        boolean free = wireIndex != null && wireIndex < MOST && !calls.containsKey(wireIndex);
        int index = free ? wireIndex : next;
        while (calls.containsKey(index)) {
            index++;
        }
        next = Math.max(next, index + 1);
        return index;
    }

    private static @Nullable String blankToNull(@Nullable String text) {
        return text == null || text.isBlank() ? null : text;
    }
}
