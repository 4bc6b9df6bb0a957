package io.bactrian.store;

import io.bactrian.core.config.CredentialScope;
import io.bactrian.core.config.CredentialUnreadableException;
import io.bactrian.core.credential.CredentialId;
import io.bactrian.core.credential.Credentials;
import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.MisconfiguredException;
import io.bactrian.core.tenant.TenantId;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.Arrays;

/** Seals the values of credentials and opens them. A value that does not open is reported and never used. */
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
        byte[] plain = CredentialCodec.encode(values);
        try {
            if (plain.length > LARGEST) {
                throw new BadRequestException(
                        ErrorCode.INVALID_PARAM, "the values of a credential are limited to " + LARGEST + " bytes");
            }
            return keys.unwrap(key).seal(plain, AssociatedData.OfCredential.of(tenant, scope, id, version));
        } catch (CredentialUnreadableException e) {
            throw new MisconfiguredException(ErrorCode.MISCONFIGURED, "nothing can be stored: " + e.reason());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-GCM is part of every Java runtime", e);
        } finally {
            Arrays.fill(plain, (byte) 0);
        }
    }

    Credentials open(SealedCredential stored) throws CredentialUnreadableException {
        try {
            Credentials values = opened(stored);
            unreadable.opened(stored.tenant(), stored.id());
            return values;
        } catch (CredentialUnreadableException e) {
            unreadable.report(stored.tenant(), stored.id(), e.reason());
            throw e;
        }
    }

    private Credentials opened(SealedCredential stored) throws CredentialUnreadableException {
        String subject = "credential " + stored.id() + " of tenant " + stored.tenant();
        // authenticated with its own version, an old row would open: only the newest one may (CRED-03)
        if (stored.version() != stored.newestVersion()) {
            throw new CredentialUnreadableException(
                    subject + " is version " + stored.version() + ", but its newest version is "
                            + stored.newestVersion() + ": an older row was put back; set it again",
                    null);
        }
        DataKey key = stored.key();
        if (key == null) {
            throw new CredentialUnreadableException(
                    subject + " cannot be opened: its data key (version " + stored.keyVersion()
                            + ") is gone; set it again",
                    null);
        }
        byte[] plain = new byte[0];
        try {
            AssociatedData bound =
                    AssociatedData.OfCredential.of(stored.tenant(), stored.scope(), stored.id(), stored.version());
            plain = keys.unwrap(key).open(stored.sealed().toByteArray(), bound);
            return CredentialCodec.decode(plain);
        } catch (GeneralSecurityException | IOException | IllegalArgumentException e) {
            throw new CredentialUnreadableException(
                    subject + " cannot be opened: its row was changed, moved or put back; set it again", e);
        } finally {
            Arrays.fill(plain, (byte) 0);
        }
    }
}
