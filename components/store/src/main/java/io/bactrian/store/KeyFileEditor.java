package io.bactrian.store;

import com.google.crypto.tink.KeysetHandle;
import io.bactrian.core.credential.Secret;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Objects;

/** Changes the keys in a key file: one process at a time, and whoever reads it meanwhile finds a whole keyset. */
final class KeyFileEditor {

    private final KeySource.KeyFile file;

    /** A change of a keyset. */
    @FunctionalInterface
    interface Change {
        KeysetHandle of(KeysetHandle keyset) throws GeneralSecurityException;
    }

    KeyFileEditor(KeySource.KeyFile file) {
        this.file = file;
    }

    /** The keys as they are in the file now. */
    KeysetHandle keyset() {
        String text = PrivateFiles.read(file.path(), file.setting()).strip();
        if (text.isEmpty()) {
            throw KeyEncryptionKey.wrong(file.setting(), "is empty");
        }
        return KeyEncryptionKey.parse(file.setting(), Secret.of(text)).keyset();
    }

    /** Changes the keys; what is in the file when this returns outlives the machine's power. */
    KeysetHandle change(Change change) {
        Path path = file.path().toAbsolutePath();
        Path lock = path.resolveSibling(Objects.requireNonNull(path.getFileName()) + ".lock");
        return FolderLock.holding(
                lock,
                file.setting() + ": the folder of the key file cannot be written to, so the key cannot be changed"
                        + " here; change the file where it comes from, with the present key in "
                        + StoreSettings.KEY_PREVIOUS,
                () -> written(path, change));
    }

    private KeysetHandle written(Path path, Change change) {
        try {
            KeysetHandle keyset = keyset();
            KeysetHandle changed = change.of(keyset);
            if (changed != keyset) {
                PrivateFiles.replace(path, Keysets.text(changed).reveal() + "\n", file.setting());
            }
            return changed;
        } catch (GeneralSecurityException e) {
            // no cause: Tink's message may quote what it could not write
            throw PrivateFiles.wrong(file.setting() + ": the keys in the file cannot be changed", null);
        }
    }
}
