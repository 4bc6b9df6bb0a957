package io.bactrian.store;

import com.google.crypto.tink.subtle.Hkdf;
import io.bactrian.core.file.SigningKey;
import io.bactrian.core.file.SigningKeys;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The keys of links to files: one for each key-encryption key, made from it by HKDF (RFC 5869), which tells nothing of the
 * key it is made from. So all nodes of a database have the same ones from the start, with nothing to set up, to seal, to
 * share or to restore; the newest signs, those before it verify until they are retired, and a key that was rotated because
 * somebody saw it opens no file either.
 */
final class LinkKeys implements SigningKeys {

    private static final String PURPOSE = "bactrian link to a file, 1";
    private static final String ID_PURPOSE = "bactrian id of a key of links to files, 1";
    private static final int ID_BYTES = 6;

    private final KeyEncryptionKeys keks;
    private volatile @Nullable Made made;

    /**
     * What was made of a key-encryption key.
     *
     * @param from it
     * @param current the id of the key that signs
     * @param keys all of them, by id
     */
    private record Made(KeyEncryptionKey from, String current, Map<String, SigningKey> keys) {}

    LinkKeys(KeyEncryptionKeys keks) {
        this.keks = keks;
    }

    @Override
    public SigningKey current() {
        Made newest = made();
        return Objects.requireNonNull(newest.keys().get(newest.current()));
    }

    @Override
    public Optional<SigningKey> find(String id) {
        return Optional.ofNullable(made().keys().get(id));
    }

    private Made made() {
        // another process may have rotated or retired one
        KeyEncryptionKey kek = keks.refreshed();
        Made known = made;
        if (known != null && known.from() == kek) {
            return known;
        }
        Made fresh = make(kek);
        made = fresh;
        return fresh;
    }

    private static Made make(KeyEncryptionKey kek) {
        Map<String, SigningKey> keys = new LinkedHashMap<>();
        String current = "";
        for (String kekId : kek.ids()) {
            SigningKey key = derive(kek.material(kekId));
            keys.put(key.id(), key);
            current = kekId.equals(kek.id()) ? key.id() : current;
        }
        return new Made(kek, current, Map.copyOf(keys));
    }

    private static SigningKey derive(byte[] material) {
        try {
            byte[] key = hkdf(material, PURPOSE, SigningKey.BYTES);
            return SigningKey.of(HexFormat.of().formatHex(hkdf(material, ID_PURPOSE, ID_BYTES)), key);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("HMAC-SHA256 is part of every Java runtime", e);
        } finally {
            Arrays.fill(material, (byte) 0);
        }
    }

    private static byte[] hkdf(byte[] material, String purpose, int size) throws GeneralSecurityException {
        return Hkdf.computeHkdf("HmacSha256", material, new byte[0], purpose.getBytes(StandardCharsets.UTF_8), size);
    }
}
