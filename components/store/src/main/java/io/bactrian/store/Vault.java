package io.bactrian.store;

import com.google.crypto.tink.util.Bytes;
import io.bactrian.core.config.CredentialScope;
import io.bactrian.core.config.CredentialUnreadableException;
import io.bactrian.core.credential.CredentialId;
import io.bactrian.core.credential.Credentials;
import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.InvokeException;
import io.bactrian.core.error.MisconfiguredException;
import io.bactrian.core.tenant.TenantId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Seals values and opens them. One that does not open is never used, and one of a credential is reported. */
final class Vault {

    private static final int LARGEST = 512 * 1024;

    private final DataKeys keys;
    private final UnreadableCredentials unreadable;

    Vault(DataKeys keys, UnreadableCredentials unreadable) {
        this.keys = keys;
        this.unreadable = unreadable;
    }

    byte[] seal(
            DataKey key, TenantId tenant, CredentialScope scope, CredentialId id, long version, Credentials values) {
        return seal(key, AssociatedData.OfCredential.of(tenant, scope, id, version), values);
    }

    byte[] seal(DataKey key, AssociatedData bound, Credentials values) {
        byte[] plain = CredentialCodec.encode(values);
        if (plain.length > LARGEST) {
            Arrays.fill(plain, (byte) 0);
            throw new BadRequestException(
                    ErrorCode.INVALID_PARAM, "the values of a credential are limited to " + LARGEST + " bytes");
        }
        return sealed(key, bound, plain);
    }

    byte[] seal(DataKey key, AssociatedData bound, String text) {
        return sealed(key, bound, text.getBytes(StandardCharsets.UTF_8));
    }

    private byte[] sealed(DataKey key, AssociatedData bound, byte[] plain) {
        try {
            return keys.unwrap(key).seal(plain, bound);
        } catch (CredentialUnreadableException e) {
            throw new MisconfiguredException(ErrorCode.MISCONFIGURED, "nothing can be stored: " + e.reason());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-GCM is part of every Java runtime", e);
        } finally {
            Arrays.fill(plain, (byte) 0);
        }
    }

    /** A text; nobody is told if it does not open. */
    String open(SealedText stored) throws CredentialUnreadableException {
        byte[] plain = plain(stored.subject(), stored.key(), stored.keyVersion(), stored.bound(), stored.sealed());
        try {
            return new String(plain, StandardCharsets.UTF_8);
        } finally {
            Arrays.fill(plain, (byte) 0);
        }
    }

    Credentials open(SealedCredential stored) throws CredentialUnreadableException {
        return open(stored, Optional::empty);
    }

    /**
     * The values.
     *
     * @param again reads the row anew: what was read before keys were rotated may be closed by keys that have gone since,
     *     while the row itself opens (CRED-07)
     */
    Credentials open(SealedCredential stored, Supplier<Optional<SealedCredential>> again)
            throws CredentialUnreadableException {
        try {
            return told(stored, opened(stored));
        } catch (CredentialUnreadableException e) {
            Optional<SealedCredential> fresh = read(again).filter(row -> !row.equals(stored));
            if (fresh.isPresent()) {
                return openFresh(fresh.get());
            }
            unreadable.report(stored.tenant(), stored.id(), stored.until() != null, e.reason());
            throw e;
        }
    }

    private Credentials openFresh(SealedCredential stored) throws CredentialUnreadableException {
        try {
            return told(stored, opened(stored));
        } catch (CredentialUnreadableException e) {
            unreadable.report(stored.tenant(), stored.id(), stored.until() != null, e.reason());
            throw e;
        }
    }

    private Credentials told(SealedCredential stored, Credentials values) {
        unreadable.opened(stored.tenant(), stored.id(), stored.until() != null);
        return values;
    }

    private static Optional<SealedCredential> read(Supplier<Optional<SealedCredential>> again) {
        try {
            return again.get();
        } catch (InvokeException e) {
            // why the value does not open says more than that the database is away too
            return Optional.empty();
        }
    }

    /**
     * The values encrypted by another data key, bound as before.
     *
     * @throws CredentialUnreadableException if they do not open, which is told of
     */
    byte[] reseal(SealedCredential stored, DataKey to) throws CredentialUnreadableException {
        byte[] plain = new byte[0];
        try {
            plain = plain(stored);
            return keys.unwrap(to).seal(plain, stored.bound());
        } catch (CredentialUnreadableException e) {
            unreadable.report(stored.tenant(), stored.id(), stored.until() != null, e.reason());
            throw e;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-GCM is part of every Java runtime", e);
        } finally {
            Arrays.fill(plain, (byte) 0);
        }
    }

    /** The values, and nobody is told if they do not open. */
    Credentials opened(SealedCredential stored) throws CredentialUnreadableException {
        byte[] plain = plain(stored);
        try {
            return CredentialCodec.decode(plain);
        } catch (IOException | IllegalArgumentException e) {
            throw changed(subject(stored), e);
        } finally {
            Arrays.fill(plain, (byte) 0);
        }
    }

    private byte[] plain(SealedCredential stored) throws CredentialUnreadableException {
        String subject = subject(stored);
        // authenticated with its own version, an old row would open: only the newest one may (CRED-03)
        if (stored.version() != stored.newestVersion()) {
            throw new CredentialUnreadableException(
                    subject + " is version " + stored.version() + ", but its newest version is "
                            + stored.newestVersion() + ": an older row was put back; set it again",
                    null);
        }
        return plain(subject, stored.key(), stored.keyVersion(), stored.bound(), stored.sealed());
    }

    private byte[] plain(String subject, @Nullable DataKey key, int keyVersion, AssociatedData bound, Bytes sealed)
            throws CredentialUnreadableException {
        if (key == null) {
            throw new CredentialUnreadableException(
                    subject + " cannot be opened: its data key (version " + keyVersion + ") is gone; set it again",
                    null);
        }
        try {
            return keys.unwrap(key).open(sealed.toByteArray(), bound);
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw changed(subject, e);
        }
    }

    private static String subject(SealedCredential stored) {
        String credential = "credential " + stored.id() + " of tenant " + stored.tenant();
        return stored.until() == null ? credential : "the values before the rotation of " + credential;
    }

    private static CredentialUnreadableException changed(String subject, Exception cause) {
        return new CredentialUnreadableException(
                subject + " cannot be opened: its row was changed, moved or put back; set it again", cause);
    }
}
