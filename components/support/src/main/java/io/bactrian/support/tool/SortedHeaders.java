package io.bactrian.support.tool;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Comparator;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import org.apache.camel.Message;
import org.jspecify.annotations.Nullable;

/**
 * Headers of names that are known beforehand, in the order in which Camel keeps headers: a message that has none yet takes them
 * all at once, and looks for the place of none. Not thread-safe.
 */
final class SortedHeaders extends AbstractMap<String, Object> implements SortedMap<String, Object> {

    private final String[] names;
    private final @Nullable Object[] values;
    private int size;

    /** @param names the names, sorted without regard to case, and each there once */
    SortedHeaders(String[] names) {
        this.names = names;
        this.values = new @Nullable Object[names.length];
    }

    /** Sets a header that is not set yet, by the place of its name. */
    void set(int name, Object value) {
        values[name] = value;
        size++;
    }

    /** Puts these on a message, in place of those of the same names. */
    void writeTo(Message message) {
        if (message.hasHeaders()) {
            message.getHeaders().putAll(this);
        } else {
            message.setHeaders(this);
        }
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public Comparator<? super String> comparator() {
        return String.CASE_INSENSITIVE_ORDER;
    }

    @Override
    public Set<Map.Entry<String, Object>> entrySet() {
        return new AbstractSet<>() {
            @Override
            public Iterator<Map.Entry<String, Object>> iterator() {
                return new Entries();
            }

            @Override
            public int size() {
                return size;
            }
        };
    }

    /** Is each of its entries, one after the other: whoever copies a map looks at an entry before it asks for the next. */
    private final class Entries implements Iterator<Map.Entry<String, Object>>, Map.Entry<String, Object> {

        private int at = -1;
        private int next;

        @Override
        public boolean hasNext() {
            while (next < values.length && values[next] == null) {
                next++;
            }
            return next < values.length;
        }

        @Override
        public Map.Entry<String, Object> next() {
            if (!hasNext()) {
                throw new NoSuchElementException("there are no more headers");
            }
            at = next++;
            return this;
        }

        @Override
        public String getKey() {
            return names[at];
        }

        @Override
        public Object getValue() {
            return Objects.requireNonNull(values[at]);
        }

        @Override
        public Object setValue(Object value) {
            throw new UnsupportedOperationException("headers are read as a whole");
        }
    }

    @Override
    public String firstKey() {
        return entrySet().iterator().next().getKey();
    }

    @Override
    public String lastKey() {
        String last = null;
        for (Map.Entry<String, Object> entry : entrySet()) {
            last = entry.getKey();
        }
        if (last == null) {
            throw new NoSuchElementException("there are no headers");
        }
        return last;
    }

    @Override
    public SortedMap<String, Object> subMap(String fromKey, String toKey) {
        throw new UnsupportedOperationException("headers are read as a whole");
    }

    @Override
    public SortedMap<String, Object> headMap(String toKey) {
        throw new UnsupportedOperationException("headers are read as a whole");
    }

    @Override
    public SortedMap<String, Object> tailMap(String fromKey) {
        throw new UnsupportedOperationException("headers are read as a whole");
    }
}
