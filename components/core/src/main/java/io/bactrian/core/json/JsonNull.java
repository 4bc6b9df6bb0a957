package io.bactrian.core.json;

import org.jspecify.annotations.Nullable;

/** The null of JSON: a member that is there and says nothing, unlike one that is not there. */
public enum JsonNull implements JsonValue {
    NULL;

    @Override
    public @Nullable Object toJava() {
        return null;
    }

    @Override
    public String kind() {
        return "null";
    }
}
