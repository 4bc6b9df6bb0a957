package io.bactrian.core.invoke;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.MisconfiguredException;
import io.bactrian.core.model.ModelDialect;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The dialects of an installation by name. */
public final class Dialects implements AutoCloseable {

    private final Map<String, ModelDialect> byName = new TreeMap<>();

    /**
     * @param dialects the dialects
     * @throws MisconfiguredException if two have the same name
     */
    public Dialects(List<? extends ModelDialect> dialects) {
        for (ModelDialect dialect : dialects) {
            ModelDialect other = byName.put(dialect.name(), dialect);
            if (other != null) {
                throw new MisconfiguredException(
                        ErrorCode.MISCONFIGURED,
                        "two dialects are called '" + dialect.name() + "': "
                                + other.getClass().getName() + " and "
                                + dialect.getClass().getName());
            }
        }
    }

    /**
     * The dialect of that name.
     *
     * @throws MisconfiguredException if there is none
     */
    public ModelDialect named(String name) {
        ModelDialect dialect = byName.get(name);
        if (dialect == null) {
            throw new MisconfiguredException(
                    ErrorCode.MISCONFIGURED,
                    "no dialect '" + name + "' is on the class path (there are " + byName.keySet()
                            + "): add the component that brings it, such as bactrian-model-http or bactrian-model-local");
        }
        return dialect;
    }

    /** Whether there is a dialect of that name. */
    public boolean has(String name) {
        return byName.containsKey(name);
    }

    @Override
    public void close() {
        byName.values().forEach(ModelDialect::close);
    }
}
