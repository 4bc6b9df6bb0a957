package io.bactrian.store;

import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeyStatus;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import com.google.crypto.tink.aead.AesGcmKey;
import com.google.crypto.tink.util.SecretBytes;
import io.bactrian.core.credential.Secret;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.List;

/** Keysets of key-encryption keys made from others, which stay as they are. */
final class Keysets {

    private Keysets() {}

    /** One key, whose id comes from the key: the same key has the same id wherever it is kept. */
    static KeysetHandle of(byte[] key) throws GeneralSecurityException {
        return KeysetHandle.newBuilder()
                .addEntry(KeysetHandle.importKey(key(key)).makePrimary())
                .build();
    }

    private static AesGcmKey key(byte[] key) throws GeneralSecurityException {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        digest.update("bactrian key id\0".getBytes(StandardCharsets.UTF_8));
        int id = ByteBuffer.wrap(digest.digest(key)).getInt();
        return AesGcmKey.builder()
                .setParameters(DataKeys.AES_256_GCM)
                .setKeyBytes(SecretBytes.copyFrom(key, InsecureSecretKeyAccess.get()))
                .setIdRequirement(id)
                .build();
    }

    /** With a fresh key behind the others, which unwraps and does not wrap. */
    static KeysetHandle withNew(KeysetHandle keyset) throws GeneralSecurityException {
        AesGcmKey fresh = fresh();
        while (at(keyset, idOf(fresh)) >= 0) {
            fresh = fresh();
        }
        return KeysetHandle.newBuilder(keyset)
                .addEntry(KeysetHandle.importKey(fresh))
                .build();
    }

    private static AesGcmKey fresh() throws GeneralSecurityException {
        SecretBytes random = SecretBytes.randomBytes(KeyEncryptionKey.KEY_BYTES);
        return key(random.toByteArray(InsecureSecretKeyAccess.get()));
    }

    /** The id of the last key. */
    static String newest(KeysetHandle keyset) {
        return KeyEncryptionKey.hex(keyset.getAt(keyset.size() - 1).getId());
    }

    /** With another of its keys as the one that wraps. */
    static KeysetHandle promoted(KeysetHandle keyset, String id) throws GeneralSecurityException {
        KeysetHandle.Builder changed = KeysetHandle.newBuilder(keyset);
        changed.getAt(at(keyset, id)).makePrimary();
        return changed.build();
    }

    /** Without one of its keys. */
    static KeysetHandle without(KeysetHandle keyset, String id) throws GeneralSecurityException {
        KeysetHandle.Builder changed = KeysetHandle.newBuilder(keyset);
        changed.deleteAt(at(keyset, id));
        return changed.build();
    }

    /** Whether a key of that id is in it and enabled. */
    static boolean holds(KeysetHandle keyset, String id) {
        int at = at(keyset, id);
        return at >= 0 && keyset.getAt(at).getStatus() == KeyStatus.ENABLED;
    }

    private static int at(KeysetHandle keyset, String id) {
        for (int i = 0; i < keyset.size(); i++) {
            if (KeyEncryptionKey.hex(keyset.getAt(i).getId()).equals(id)) {
                return i;
            }
        }
        return -1;
    }

    /**
     * The enabled keys of several; the primary key is that of the first.
     *
     * @throws GeneralSecurityException if two different keys have the same id
     */
    static KeysetHandle united(KeysetHandle first, List<KeysetHandle> others) throws GeneralSecurityException {
        KeysetHandle united = first;
        for (KeysetHandle other : others) {
            for (int i = 0; i < other.size(); i++) {
                united = with(united, other.getAt(i));
            }
        }
        return united;
    }

    private static KeysetHandle with(KeysetHandle keyset, KeysetHandle.Entry entry) throws GeneralSecurityException {
        int known = at(keyset, KeyEncryptionKey.hex(entry.getId()));
        boolean there = known >= 0 && keyset.getAt(known).getKey().equalsKey(entry.getKey());
        if (there || entry.getStatus() != KeyStatus.ENABLED) {
            return keyset;
        }
        // refused by the builder if another key has that id
        return KeysetHandle.newBuilder(keyset)
                .addEntry(KeysetHandle.importKey(entry.getKey()))
                .build();
    }

    private static String idOf(AesGcmKey key) {
        Integer id = key.getIdRequirementOrNull();
        return KeyEncryptionKey.hex(id == null ? 0 : id);
    }

    /** As JSON, which {@link KeyEncryptionKey#parse} reads. */
    static Secret text(KeysetHandle keyset) throws GeneralSecurityException {
        return Secret.of(TinkJsonProtoKeysetFormat.serializeKeyset(
                keyset, KeyEncryptionKey.TINK, InsecureSecretKeyAccess.get()));
    }
}
