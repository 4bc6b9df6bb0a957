package io.bactrian.core.file;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The keys of links: one signs, and those before it still verify what they signed, until they are retired. */
public interface SigningKeys {

    /** The key that signs. */
    SigningKey current();

    /** The key of that id, if links signed with it are valid. */
    Optional<SigningKey> find(String id);

    /**
     * Keys that stay as they are.
     *
     * @param current the one that signs
     * @param older those that verify only
     * @throws IllegalArgumentException if two have the same id
     */
    static SigningKeys of(SigningKey current, SigningKey... older) {
        Map<String, SigningKey> keys = new LinkedHashMap<>();
        keys.put(current.id(), current);
        Arrays.stream(older).forEach(key -> keys.put(key.id(), key));
        if (keys.size() != older.length + 1) {
            throw new IllegalArgumentException("two signing keys have the same id");
        }
        Map<String, SigningKey> fixed = Map.copyOf(keys);
        return new SigningKeys() {
            @Override
            public SigningKey current() {
                return current;
            }

            @Override
            public Optional<SigningKey> find(String id) {
                return Optional.ofNullable(fixed.get(id));
            }
        };
    }
}
