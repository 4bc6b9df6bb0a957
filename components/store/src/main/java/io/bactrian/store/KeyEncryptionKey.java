package io.bactrian.store;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.Configuration;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeyStatus;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.RegistryConfiguration;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import com.google.crypto.tink.TinkProtoKeysetFormat;
import com.google.crypto.tink.aead.AeadConfig;
import com.google.crypto.tink.aead.AesGcmKey;
import com.google.crypto.tink.util.SecretBytes;
import io.bactrian.core.credential.Secret;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.MisconfiguredException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** The key that wraps the data keys. It never leaves the process, and the database never sees it. */
final class KeyEncryptionKey {

    /** AES-256. */
    static final int KEY_BYTES = 32;

    /** What Tink may use: authenticated encryption is registered, and nothing else. */
    static final Configuration TINK = tink();

    private static final String REMEDY = "; make a key with: openssl rand -base64 32";

    private final String setting;
    private final KeysetHandle keyset;
    private final Aead aead;
    private final String id;
    private final Set<String> ids;
    private final List<SecretBytes> material;

    private static Configuration tink() {
        try {
            AeadConfig.register();
            return RegistryConfiguration.get();
        } catch (GeneralSecurityException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private KeyEncryptionKey(String setting, KeysetHandle keyset) throws GeneralSecurityException {
        this.setting = setting;
        this.keyset = keyset;
        List<AesGcmKey> keys = new ArrayList<>();
        for (int i = 0; i < keyset.size(); i++) {
            KeysetHandle.Entry entry = keyset.getAt(i);
            if (entry.getStatus() == KeyStatus.ENABLED) {
                keys.add(checked(entry));
            }
        }
        this.aead = keyset.getPrimitive(TINK, Aead.class);
        this.id = hex(keyset.getPrimary().getId());
        Set<String> named = new LinkedHashSet<>();
        keys.forEach(key -> named.add(hex(Objects.requireNonNull(key.getIdRequirementOrNull()))));
        this.ids = Collections.unmodifiableSet(named);
        this.material = keys.stream().map(AesGcmKey::getKeyBytes).toList();
    }

    private AesGcmKey checked(KeysetHandle.Entry entry) {
        boolean right = entry.getKey() instanceof AesGcmKey key
                && key.getParameters().getKeySizeBytes() == KEY_BYTES
                && key.getIdRequirementOrNull() != null;
        if (!right) {
            throw wrong(setting, "holds a key of another kind than AES-256-GCM with Tink's prefix");
        }
        AesGcmKey key = (AesGcmKey) entry.getKey();
        byte[] bytes = key.getKeyBytes().toByteArray(InsecureSecretKeyAccess.get());
        boolean oneByte = true;
        for (byte other : bytes) {
            oneByte &= other == bytes[0];
        }
        if (oneByte) {
            throw wrong(setting, "is one byte over and over, which is no key");
        }
        return key;
    }

    /**
     * Reads a key.
     *
     * @param setting how messages name it
     * @param text the key as {@link KeySource} describes it
     * @throws MisconfiguredException if it is no key, or too short; the message says nothing of its value (CRED-10)
     */
    static KeyEncryptionKey parse(String setting, Secret text) {
        String stripped = text.reveal().strip();
        if (stripped.startsWith("{{")) {
            throw wrong(setting, "is a placeholder that nothing has replaced: add the Camel component of its vault");
        }
        try {
            if (stripped.startsWith("{")) {
                return new KeyEncryptionKey(setting, keyset(stripped));
            }
            byte[] decoded = decode(setting, stripped);
            // the length first: a random key may begin with any byte, a brace too
            if (decoded.length == KEY_BYTES) {
                return new KeyEncryptionKey(setting, Keysets.of(decoded));
            }
            if (decoded.length > 0 && decoded[0] == '{') {
                return new KeyEncryptionKey(setting, keyset(new String(decoded, StandardCharsets.UTF_8)));
            }
            throw wrong(setting, "holds " + decoded.length + " bytes, but a key has " + KEY_BYTES);
        } catch (GeneralSecurityException e) {
            // no cause: a parser's message may quote what it read
            throw wrong(setting, "holds neither 32 bytes in base64 nor a Tink keyset in JSON");
        }
    }

    private static byte[] decode(String setting, String text) {
        try {
            return Base64.getDecoder().decode(text.replace('-', '+').replace('_', '/'));
        } catch (IllegalArgumentException e) {
            throw wrong(setting, "is neither base64 nor a Tink keyset in JSON");
        }
    }

    private static KeysetHandle keyset(String json) throws GeneralSecurityException {
        return TinkJsonProtoKeysetFormat.parseKeyset(json, TINK, InsecureSecretKeyAccess.get());
    }

    /**
     * This key with others behind it, which unwrap only.
     *
     * @throws MisconfiguredException if two different keys have the same id
     */
    KeyEncryptionKey with(List<KeyEncryptionKey> others) {
        try {
            return new KeyEncryptionKey(
                    setting,
                    Keysets.united(
                            keyset,
                            others.stream().map(KeyEncryptionKey::keyset).toList()));
        } catch (GeneralSecurityException e) {
            throw PrivateFiles.wrong(
                    "the keys in " + setting + " and "
                            + String.join(
                                    ", ",
                                    others.stream()
                                            .map(KeyEncryptionKey::setting)
                                            .toList())
                            + " cannot be used together: two different keys have the same id",
                    null);
        }
    }

    /** Its keys. */
    KeysetHandle keyset() {
        return keyset;
    }

    /** How messages name it. */
    String setting() {
        return setting;
    }

    /** The id of the key that wraps. */
    String id() {
        return id;
    }

    /** The ids of all keys that unwrap, the oldest first. */
    Set<String> ids() {
        return ids;
    }

    /** Whether it can unwrap what the key of that id wrapped. */
    boolean knows(String kekId) {
        return ids.contains(kekId);
    }

    /** The bytes of one of its keys, for other keys to be made from, never to be used or kept as they are. */
    byte[] material(String kekId) {
        int place = List.copyOf(ids).indexOf(kekId);
        return material.get(place).toByteArray(InsecureSecretKeyAccess.get());
    }

    /** Whether any key of the two is the same. */
    boolean sharesAKeyWith(KeyEncryptionKey other) {
        // equalsSecretBytes takes as long for a near miss as for a far one
        return material.stream().anyMatch(own -> other.material.stream().anyMatch(own::equalsSecretBytes));
    }

    byte[] wrap(KeysetHandle dataKey, AssociatedData.OfDataKey bound) throws GeneralSecurityException {
        byte[] associated = Objects.requireNonNull(bound, "associated data").encode();
        return TinkProtoKeysetFormat.serializeEncryptedKeyset(dataKey, aead, associated, TINK);
    }

    KeysetHandle unwrap(byte[] wrapped, AssociatedData.OfDataKey bound) throws GeneralSecurityException {
        byte[] associated = Objects.requireNonNull(bound, "associated data").encode();
        return TinkProtoKeysetFormat.parseEncryptedKeyset(wrapped, aead, associated, TINK);
    }

    static String hex(int id) {
        return HexFormat.of().toHexDigits(id);
    }

    static MisconfiguredException wrong(String setting, String what) {
        return new MisconfiguredException(ErrorCode.MISCONFIGURED, "the key in " + setting + " " + what + REMEDY);
    }

    @Override
    public String toString() {
        return "KeyEncryptionKey[" + id + " from " + setting + "]";
    }
}
