package io.bactrian.store;

import io.bactrian.core.tenant.TenantId;
import java.util.List;
import java.util.function.Consumer;

/**
 * The keys that credentials are encrypted with, in two layers, and their rotation while everything goes on. A
 * <em>key-encryption key</em> wraps the <em>data keys</em>; it is outside the database and known by its id. Each tenant
 * has data keys of its own, which encrypt its credentials; they are known by tenant and version. In both layers the
 * primary key encrypts, and all others that are enabled decrypt only: rotating makes a new primary, {@link #rewrap} brings
 * what the older ones encrypted to it, and when nothing needs an older one any more it can be retired.
 *
 * <p>Every change is taken down in the audit log. Errors: {@link io.bactrian.core.error.BadRequestException} with
 * {@code invalid_param} for what is refused, {@link io.bactrian.core.error.MisconfiguredException} for a key that cannot
 * be changed from here, {@link io.bactrian.core.error.UnavailableException} with {@code store_unavailable}.
 */
public interface KeyRing {

    /**
     * A rotation of the key-encryption key.
     *
     * @param from the id of the key that wrapped until now
     * @param to the id of the key that wraps from now on
     */
    record Rotation(String from, String to) {}

    /**
     * How far a rewrap has come.
     *
     * @param dataKeysDone data keys wrapped anew
     * @param dataKeysLeft data keys that the primary key-encryption key has not wrapped yet
     * @param credentialsDone credentials encrypted anew, those of tools and what waits for approval among them
     * @param credentialsLeft of the same, those that an older data key encrypts
     * @param unreadable how many of those left do not open: they stay as they are, and keep their keys from being retired
     */
    record Progress(long dataKeysDone, long dataKeysLeft, long credentialsDone, long credentialsLeft, long unreadable) {

        /** Whether no older key is needed any more. */
        public boolean complete() {
            return dataKeysLeft == 0 && credentialsLeft == 0;
        }
    }

    /**
     * The keys of the installation.
     *
     * @param setting where the key-encryption key comes from
     * @param keyEncryptionKeys all that are held or were ever used, the oldest first
     * @param dataKeysLeft data keys that the primary key-encryption key has not wrapped yet
     * @param credentialsLeft credentials that an older data key encrypts
     */
    record Status(
            String setting, List<KeyEncryptionKeyStatus> keyEncryptionKeys, long dataKeysLeft, long credentialsLeft) {
        /** Copies the list. */
        public Status {
            keyEncryptionKeys = List.copyOf(keyEncryptionKeys);
        }
    }

    /**
     * A key-encryption key.
     *
     * @param id its id
     * @param primary whether it wraps
     * @param held whether this process has it; one that is needed and not held opens nothing
     * @param retired whether it was retired
     * @param dataKeys how many data keys it has wrapped
     */
    record KeyEncryptionKeyStatus(String id, boolean primary, boolean held, boolean retired, long dataKeys) {}

    /**
     * A tenant's data key.
     *
     * @param version its version
     * @param primary whether it encrypts
     * @param keyEncryptionKey the id of the key that wrapped it
     * @param credentials how many credentials it encrypts, the previous values of rotated ones included
     */
    record DataKeyStatus(int version, boolean primary, String keyEncryptionKey, long credentials) {}

    /** Whether the key-encryption key is in a file, so that it can be changed from here. */
    boolean inFile();

    /**
     * Makes a new key-encryption key, which wraps from now on. The key file is replaced as a whole; processes that have it
     * open find the new key when they first need it.
     *
     * @throws io.bactrian.core.error.MisconfiguredException if the key is not in a file: it says what to set instead
     */
    Rotation rotateKeyEncryptionKey();

    /**
     * Adds a new key-encryption key to the key file that unwraps and does not wrap yet: for several machines with copies of
     * one file, which have to know a key before any of them wraps with it.
     *
     * @return its id
     */
    String prepareKeyEncryptionKey();

    /** Has a key that is in the key file wrap from now on. */
    Rotation promoteKeyEncryptionKey(String id);

    /**
     * Makes a new data key for a tenant, which encrypts what is written from now on.
     *
     * @return its version
     * @throws io.bactrian.core.error.BadRequestException with {@code tenant_not_found}
     */
    int rotateDataKey(TenantId tenant);

    /**
     * Brings all data keys to the primary key-encryption key, and all credentials and approvals to their tenant's primary
     * data key, in small transactions, while others read and write. What was done stays done when it is broken off; the
     * next run goes on with what is left. Several may run at the same time.
     *
     * @param listener is told after each transaction
     * @param batchSize rows per transaction: 1 to 1000
     * @return how far it has come, counted anew at the end: what others wrote meanwhile may be left
     */
    Progress rewrap(Consumer<Progress> listener, int batchSize);

    /** The key-encryption keys, and how much is left to rewrap. */
    Status status();

    /** A tenant's data keys, the oldest first; none if it has no credentials. */
    List<DataKeyStatus> status(TenantId tenant);

    /**
     * Retires a key-encryption key: it wraps nothing any more, and goes from the key file. Copies of the database from
     * before the last rewrap need it still.
     *
     * @throws io.bactrian.core.error.BadRequestException if it is the primary one, or data keys need it: it says how many
     */
    void retire(String keyEncryptionKey);

    /**
     * Destroys a data key of a tenant.
     *
     * @throws io.bactrian.core.error.BadRequestException if it is the primary one, or credentials need it: it says how many
     */
    void retire(TenantId tenant, int version);
}
