package io.bactrian.core.credential;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A set of named values that together open one provider or one model. Immutable; prints its names and never a value.
 */
public final class Credentials {

    /** No values: what a provider that asks for nothing gets. */
    public static final Credentials NONE = new Credentials(Map.of());

    private final Map<String, CredentialValue> values;

    private Credentials(Map<String, CredentialValue> values) {
        this.values = values;
    }

    /** The credentials with these values, in this order. */
    public static Credentials of(Map<String, CredentialValue> values) {
        return values.isEmpty() ? NONE : new Credentials(Collections.unmodifiableMap(new LinkedHashMap<>(values)));
    }

    /** The names, in the order given. */
    public Set<String> names() {
        return values.keySet();
    }

    /** The value of that name. */
    public Optional<CredentialValue> find(String name) {
        return Optional.ofNullable(values.get(name));
    }

    /** The secret of that name; empty if there is none or it is not secret. */
    public Optional<Secret> secret(String name) {
        return values.get(name) instanceof CredentialValue.Hidden value
                ? Optional.of(value.secret())
                : Optional.empty();
    }

    /** The text of that name, numbers and flags as text too; empty if there is none or it is secret. */
    public Optional<String> text(String name) {
        CredentialValue value = values.get(name);
        return value == null || value instanceof CredentialValue.Hidden ? Optional.empty() : Optional.of(value.shown());
    }

    /** The flag of that name; {@code otherwise} if there is none. */
    public boolean flag(String name, boolean otherwise) {
        CredentialValue value = values.get(name);
        if (value instanceof CredentialValue.Flag flag) {
            return flag.on();
        }
        return value instanceof CredentialValue.Text text ? Boolean.parseBoolean(text.text()) : otherwise;
    }

    /** All values by name, in the order given. */
    public Map<String, CredentialValue> values() {
        return values;
    }

    /** These credentials with one value put or replaced. */
    public Credentials with(String name, CredentialValue value) {
        Map<String, CredentialValue> changed = new LinkedHashMap<>(values);
        changed.put(name, value);
        return of(changed);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Credentials credentials && values.equals(credentials.values);
    }

    @Override
    public int hashCode() {
        return values.keySet().hashCode();
    }

    @Override
    public String toString() {
        return "Credentials" + values.keySet();
    }
}
