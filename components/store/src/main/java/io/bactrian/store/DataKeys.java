package io.bactrian.store;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.aead.AesGcmKey;
import com.google.crypto.tink.aead.AesGcmParameters;
import com.google.crypto.tink.subtle.Hkdf;
import com.google.crypto.tink.util.Bytes;
import io.bactrian.core.config.CredentialUnreadableException;
import io.bactrian.core.tenant.TenantId;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HexFormat;

/** Makes data keys and unwraps them. Unwrapped ones are kept ready, by the row they came from: a changed row is another. */
final class DataKeys {

    /** What data keys are, and the form in which raw key-encryption keys are used. */
    static final AesGcmParameters AES_256_GCM = aes256Gcm();

    private static final int KEPT_READY = 10_000;
    private static final int FINGERPRINT_BYTES = 32;

    private final KeyEncryptionKeys keks;
    private final LruCache<DataKey, BoundAead> ready = new LruCache<>(KEPT_READY);

    DataKeys(KeyEncryptionKey kek) {
        this(new KeyEncryptionKeys(kek));
    }

    DataKeys(KeyEncryptionKeys keks) {
        this.keks = keks;
    }

    private static AesGcmParameters aes256Gcm() {
        try {
            return AesGcmParameters.builder()
                    .setKeySizeBytes(KeyEncryptionKey.KEY_BYTES)
                    .setIvSizeBytes(12)
                    .setTagSizeBytes(16)
                    .setVariant(AesGcmParameters.Variant.TINK)
                    .build();
        } catch (GeneralSecurityException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** A new key for a tenant, wrapped. */
    DataKey make(TenantId tenant, int version) {
        return make(tenant, version, keks.now());
    }

    /** A new key for a tenant, wrapped by that key. */
    DataKey make(TenantId tenant, int version, KeyEncryptionKey kek) {
        try {
            return wrapped(tenant, version, 1, KeysetHandle.generateNew(AES_256_GCM, KeyEncryptionKey.TINK), kek);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-GCM is part of every Java runtime", e);
        }
    }

    /** The same key, wrapped by another. */
    DataKey rewrapped(DataKey key, KeyEncryptionKey to) throws CredentialUnreadableException {
        KeysetHandle keyset = keyset(key);
        try {
            return wrapped(key.tenant(), key.version(), key.rowVersion() + 1, keyset, to);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-GCM is part of every Java runtime", e);
        }
    }

    private static DataKey wrapped(
            TenantId tenant, int version, long rowVersion, KeysetHandle keyset, KeyEncryptionKey kek)
            throws GeneralSecurityException {
        byte[] wrapped = kek.wrap(keyset, new AssociatedData.OfDataKey(tenant.value(), version, rowVersion));
        return new DataKey(tenant, version, kek.id(), rowVersion, Bytes.copyFrom(wrapped));
    }

    /** The key ready to use. */
    BoundAead unwrap(DataKey key) throws CredentialUnreadableException {
        BoundAead cached = ready.get(key);
        if (cached != null) {
            return cached;
        }
        KeysetHandle keyset = keyset(key);
        try {
            BoundAead unwrapped = new BoundAead(keyset.getPrimitive(KeyEncryptionKey.TINK, Aead.class));
            ready.put(key, unwrapped);
            return unwrapped;
        } catch (GeneralSecurityException e) {
            throw unopened(key, e);
        }
    }

    /**
     * Says which call it is without saying what it is made with: the same for the same call, and told apart from others only
     * by who has the data key (HKDF, RFC 5869). 64 hexadecimal digits.
     */
    String fingerprint(DataKey key, AssociatedData.OfCall call) throws CredentialUnreadableException {
        KeysetHandle keyset = keyset(key);
        byte[] material = new byte[0];
        try {
            material =
                    ((AesGcmKey) keyset.getPrimary().getKey()).getKeyBytes().toByteArray(InsecureSecretKeyAccess.get());
            return HexFormat.of()
                    .formatHex(Hkdf.computeHkdf("HmacSha256", material, new byte[0], call.encode(), FINGERPRINT_BYTES));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("HMAC-SHA256 is part of every Java runtime", e);
        } finally {
            Arrays.fill(material, (byte) 0);
        }
    }

    private KeysetHandle keyset(DataKey key) throws CredentialUnreadableException {
        KeyEncryptionKey kek = keks.now();
        if (!kek.knows(key.kekId())) {
            // another process may have rotated it since
            kek = keks.refreshed();
        }
        if (!kek.knows(key.kekId())) {
            throw new CredentialUnreadableException(
                    "the data key of tenant " + key.tenant() + " was wrapped by key-encryption key " + key.kekId()
                            + ", which " + kek.setting() + " does not hold (it holds " + kek.id() + ")",
                    null);
        }
        try {
            return kek.unwrap(key.wrapped().toByteArray(), key.bound());
        } catch (GeneralSecurityException e) {
            throw unopened(key, e);
        }
    }

    private static CredentialUnreadableException unopened(DataKey key, GeneralSecurityException cause) {
        return new CredentialUnreadableException(
                "the data key of tenant " + key.tenant() + " does not open with key-encryption key " + key.kekId()
                        + ": its row in data_keys was changed or moved",
                cause);
    }

    /** Forgets a tenant's keys. */
    void forget(TenantId tenant) {
        ready.removeIf(key -> key.tenant().equals(tenant));
    }
}
