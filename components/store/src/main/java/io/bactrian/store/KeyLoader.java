package io.bactrian.store;

import io.bactrian.core.credential.Secret;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gets the key-encryption key from where the settings say, and refuses to go on without the right one. */
final class KeyLoader {

    private static final Logger LOG = LoggerFactory.getLogger(KeyLoader.class);

    private KeyLoader() {}

    /** The key, if it is there; null for a file that is not. Wrong ones are refused before anything is made. */
    static @Nullable KeyEncryptionKey find(StoreSettings settings) {
        KeyEncryptionKey kek = load(settings.key());
        List<KeyEncryptionKey> all = new ArrayList<>();
        if (kek != null) {
            all.add(kek);
        }
        for (KeySource source : settings.otherKeys()) {
            KeyEncryptionKey other = load(source);
            if (other == null) {
                throw KeyEncryptionKey.wrong(source.setting(), "is not there");
            }
            refuseShared(all, other);
            all.add(other);
        }
        return kek;
    }

    /** One key for two purposes lets a value of the one be passed off as one of the other (CRED-10). */
    private static void refuseShared(List<KeyEncryptionKey> all, KeyEncryptionKey other) {
        for (KeyEncryptionKey key : all) {
            if (key.sharesAKeyWith(other)) {
                throw PrivateFiles.wrong(
                        key.setting() + " and " + other.setting() + " hold the same key: each purpose needs its own",
                        null);
            }
        }
    }

    private static @Nullable KeyEncryptionKey load(KeySource source) {
        if (source instanceof KeySource.Value value) {
            return KeyEncryptionKey.parse(value.setting(), value.text());
        }
        if (source instanceof KeySource.Ephemeral ephemeral) {
            return KeyEncryptionKey.parse(ephemeral.setting(), ephemeral.text());
        }
        if (source instanceof KeySource.WithPrevious several) {
            return withPrevious(several);
        }
        KeySource.KeyFile file = (KeySource.KeyFile) source;
        if (!Files.exists(file.path())) {
            return null;
        }
        String text = PrivateFiles.read(file.path(), file.setting()).strip();
        if (text.isEmpty()) {
            throw KeyEncryptionKey.wrong(file.setting(), "is empty");
        }
        return KeyEncryptionKey.parse(file.setting(), Secret.of(text));
    }

    private static @Nullable KeyEncryptionKey withPrevious(KeySource.WithPrevious several) {
        KeyEncryptionKey current = load(several.current());
        if (current == null) {
            return null;
        }
        List<KeyEncryptionKey> previous = new ArrayList<>();
        for (KeySource source : several.previous()) {
            KeyEncryptionKey key = load(source);
            if (key == null) {
                throw KeyEncryptionKey.wrong(source.setting(), "is not there");
            }
            previous.add(key);
        }
        return current.with(previous);
    }

    /** The file that holds the key that wraps; empty if that is given as text. */
    static Optional<KeySource.KeyFile> file(KeySource source) {
        if (source instanceof KeySource.WithPrevious several) {
            return file(several.current());
        }
        return source instanceof KeySource.KeyFile file ? Optional.of(file) : Optional.empty();
    }

    /** Makes the key file of an empty database. The caller holds the lock of the data folder. */
    static KeyEncryptionKey make(KeySource source, boolean emptyAndOurs) {
        KeySource.KeyFile file = file(source).orElseThrow();
        if (!emptyAndOurs) {
            throw PrivateFiles.wrong(
                    "the key-encryption key is missing, and the database has data that only it opens: restore the file"
                            + " that " + file.setting() + " names, or set the environment variable "
                            + StoreSettings.DEFAULT_KEY_VARIABLE,
                    null);
        }
        Path folder = Objects.requireNonNull(file.path().toAbsolutePath().getParent());
        PrivateFiles.makeFolder(folder);
        Secret key = KeySource.newKey();
        PrivateFiles.create(file.path(), key.reveal() + "\n", file.setting());
        return KeyEncryptionKey.parse(file.setting(), key);
    }

    /** Refuses a key that has wrapped none of a database's data keys, if it has any. */
    static void refuseForeign(KeyEncryptionKey kek, List<String> kekIds) {
        if (!kekIds.isEmpty() && kekIds.stream().noneMatch(kek::knows)) {
            throw PrivateFiles.wrong(
                    "the key in " + kek.setting() + " is not the one this database was written with: it is " + kek.id()
                            + ", and the database needs " + String.join(", ", kekIds) + "; restore that one",
                    null);
        }
        List<String> missing = kekIds.stream().filter(id -> !kek.knows(id)).toList();
        if (!missing.isEmpty()) {
            LOG.error(
                    "data keys that {} wrapped do not open, nor do the credentials below them: {} does not hold it;"
                            + " ./bactrian key status says how many they are; give it as {} until"
                            + " ./bactrian key rewrap is through",
                    missing,
                    kek.setting(),
                    StoreSettings.KEY_PREVIOUS);
        }
    }
}
