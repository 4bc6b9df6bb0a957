package io.bactrian.store;

import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.util.SecretBytes;
import io.bactrian.core.credential.Secret;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;

/**
 * Where a key comes from. As text a key is either 32 random bytes in base64 ({@code openssl rand -base64 32}) or a Tink
 * keyset in JSON, as it is or in base64, whose keys are all AES-256-GCM with Tink's prefix; its primary key wraps, all
 * enabled ones unwrap.
 */
public sealed interface KeySource {

    /** How messages name it. */
    String setting();

    /**
     * A key given as text, by the environment or a vault: the caller has replaced placeholders such as
     * <code>{{aws:…}}</code>. It cannot be rotated from here, as nothing here can write to where it is kept: it is
     * rotated by giving the new one with the old one behind it, as {@link WithPrevious}.
     *
     * @param setting how messages name it
     * @param text the key as text
     */
    record Value(String setting, Secret text) implements KeySource {}

    /**
     * A key in a file that only its owner may read (0600). Where it is not there it is made, together with an empty
     * embedded database and at no other time.
     *
     * @param property the property that names the file
     * @param path the file
     */
    record KeyFile(String property, Path path) implements KeySource {
        @Override
        public String setting() {
            return property + " (" + path.getFileName() + ")";
        }
    }

    /**
     * A key that is not kept: for databases in memory.
     *
     * @param text the key as text
     */
    record Ephemeral(Secret text) implements KeySource {
        @Override
        public String setting() {
            return "a key that is not kept";
        }
    }

    /**
     * A key in force, and others that were or will be: the first wraps, all unwrap.
     *
     * @param current the one that wraps
     * @param previous the others
     */
    record WithPrevious(KeySource current, List<KeySource> previous) implements KeySource {

        /** Copies the list. */
        public WithPrevious {
            previous = List.copyOf(previous);
        }

        @Override
        public String setting() {
            return current.setting();
        }
    }

    /** A fresh key that is not kept. */
    static KeySource ephemeral() {
        return new Ephemeral(newKey());
    }

    /** A fresh key as text. */
    static Secret newKey() {
        byte[] key = SecretBytes.randomBytes(KeyEncryptionKey.KEY_BYTES).toByteArray(InsecureSecretKeyAccess.get());
        return Secret.of(Base64.getEncoder().encodeToString(key));
    }
}
