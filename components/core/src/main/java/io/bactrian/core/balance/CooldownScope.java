package io.bactrian.core.balance;

import java.util.Locale;

/** What is out. */
public enum CooldownScope {
    /** A credential, for all the models it opens. */
    CREDENTIAL,
    /** One model as one credential reaches it. */
    DEPLOYMENT;

    /** The value as written. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
