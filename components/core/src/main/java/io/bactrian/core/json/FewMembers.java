package io.bactrian.core.json;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The members of a small object, in order, in one array: a third of the memory of a linked hash map, and found sooner. Never
 * changed once it is part of an object.
 */
final class FewMembers extends AbstractMap<String, JsonValue> {

    /** How many are few. */
    static final int MOST = 8;

    // names at even places, their values behind them
    private Object[] members;
    private int size;

    /** @param expected about how many members there will be */
    FewMembers(int expected) {
        members = new Object[2 * Math.max(1, Math.min(MOST, expected))];
    }

    static FewMembers copyOf(Map<String, JsonValue> members) {
        FewMembers copy = new FewMembers(members.size());
        for (Map.Entry<String, JsonValue> member : members.entrySet()) {
            copy.add(member.getKey(), member.getValue());
        }
        return copy;
    }

    /** Puts a member in; false if there are too many already. Only while the object is put together. */
    boolean add(String name, JsonValue value) {
        int at = placeOf(name);
        if (at >= 0) {
            members[at + 1] = value;
            return true;
        }
        if (size == MOST) {
            return false;
        }
        if (2 * size == members.length) {
            members = Arrays.copyOf(members, 2 * Math.min(MOST, 2 * size));
        }
        members[2 * size] = name;
        members[2 * size + 1] = value;
        size++;
        return true;
    }

    private int placeOf(@Nullable Object name) {
        for (int at = 0; at < 2 * size; at += 2) {
            if (members[at].equals(name)) {
                return at;
            }
        }
        return -1;
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public boolean containsKey(@Nullable Object name) {
        return placeOf(name) >= 0;
    }

    @Override
    public @Nullable JsonValue get(@Nullable Object name) {
        int at = placeOf(name);
        return at < 0 ? null : value(at);
    }

    private JsonValue value(int at) {
        return (JsonValue) members[at + 1];
    }

    @Override
    public void forEach(BiConsumer<? super String, ? super JsonValue> action) {
        for (int at = 0; at < 2 * size; at += 2) {
            action.accept((String) members[at], value(at));
        }
    }

    @Override
    public Set<Map.Entry<String, JsonValue>> entrySet() {
        return new AbstractSet<>() {
            @Override
            public Iterator<Map.Entry<String, JsonValue>> iterator() {
                return new Entries();
            }

            @Override
            public int size() {
                return size;
            }
        };
    }

    private final class Entries implements Iterator<Map.Entry<String, JsonValue>> {

        private int at;

        @Override
        public boolean hasNext() {
            return at < 2 * size;
        }

        @Override
        public Map.Entry<String, JsonValue> next() {
            if (!hasNext()) {
                throw new NoSuchElementException("there are no more members");
            }
            Map.Entry<String, JsonValue> entry = Map.entry((String) members[at], value(at));
            at += 2;
            return entry;
        }
    }
}
