package io.bactrian.core.rule;

/** A rule that is told from others of its kind and tenant by its name. */
public interface NamedRule {

    /** Its name. */
    String name();
}
