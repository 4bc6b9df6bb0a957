package io.bactrian.store;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a statement that is not about one tenant. The rules for all statements: each stands in a class whose name ends in
 * {@code Statements}, one for each group of tables; values are bound, never written in; each names the tenant for every
 * table it touches, and one that cannot bears this mark and says why (the tests read the classes and hold them to that).
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.FIELD)
@interface AcrossTenants {
    /** Why. */
    String value();
}
