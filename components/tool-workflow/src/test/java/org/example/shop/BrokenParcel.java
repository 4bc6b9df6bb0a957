package org.example.shop;

/** A bean of a user's that cannot be read, and says why with what is nobody's business. */
public final class BrokenParcel {

    public String getName() {
        throw new IllegalStateException("CANARY");
    }
}
