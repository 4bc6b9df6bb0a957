package io.bactrian.core.json;

/** A truth value of JSON. */
public enum JsonBoolean implements JsonValue {
    TRUE,
    FALSE;

    /** The constant for a Java boolean. */
    public static JsonBoolean of(boolean value) {
        return value ? TRUE : FALSE;
    }

    /** Whether it is true. */
    public boolean value() {
        return this == TRUE;
    }

    @Override
    public Boolean toJava() {
        return value();
    }

    @Override
    public String kind() {
        return "boolean";
    }
}
