package io.bactrian.store;

import com.google.crypto.tink.Aead;
import java.security.GeneralSecurityException;
import java.util.Objects;

/** Authenticated encryption that takes associated data as its own type only. Thread-safe. */
final class BoundAead {

    private final Aead aead;

    BoundAead(Aead aead) {
        this.aead = aead;
    }

    byte[] seal(byte[] plain, AssociatedData bound) throws GeneralSecurityException {
        return aead.encrypt(plain, encoded(bound));
    }

    /** @throws GeneralSecurityException whatever is wrong with the value: it says no more than that it does not open */
    byte[] open(byte[] sealed, AssociatedData bound) throws GeneralSecurityException {
        return aead.decrypt(sealed, encoded(bound));
    }

    /** Tink takes no associated data and empty associated data for the same: a forgotten one would bind nothing (CRED-06). */
    private static byte[] encoded(AssociatedData bound) {
        return Objects.requireNonNull(bound, "associated data").encode();
    }
}
