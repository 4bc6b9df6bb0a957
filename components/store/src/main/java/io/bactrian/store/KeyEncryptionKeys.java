package io.bactrian.store;

import io.bactrian.core.error.MisconfiguredException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The key-encryption key as its source gives it: a key file that another process has replaced is read anew when a key is
 * met that is not known, and before anything new is wrapped. No restart, and no timer (CRED-07).
 */
final class KeyEncryptionKeys {

    private static final Logger LOG = LoggerFactory.getLogger(KeyEncryptionKeys.class);

    private final @Nullable StoreSettings settings;
    private final ReentrantLock reading = new ReentrantLock();
    private volatile Held held;
    private @Nullable List<String> toldOf;

    /**
     * A key and the files it was read from.
     *
     * @param key the key
     * @param files what tells one state of the files from the next; null if that was not looked at
     */
    private record Held(KeyEncryptionKey key, @Nullable List<String> files) {}

    /** A key that stays as it is. */
    KeyEncryptionKeys(KeyEncryptionKey fixed) {
        this.settings = null;
        this.held = new Held(fixed, null);
    }

    /**
     * The key of a store.
     *
     * @param settings where it comes from
     * @param loaded what was read there
     */
    KeyEncryptionKeys(StoreSettings settings, KeyEncryptionKey loaded) {
        this.settings = settings;
        this.held = new Held(loaded, null);
    }

    /** The key as it was read last. */
    KeyEncryptionKey now() {
        return held.key();
    }

    /** The key as its source gives it now; as it was read last if what is there now is no key. */
    KeyEncryptionKey refreshed() {
        StoreSettings from = settings;
        if (from == null) {
            return held.key();
        }
        reading.lock();
        try {
            // looked at first: what changes while it is read is read again
            List<String> files = states(from.key());
            if (!files.equals(held.files())) {
                read(from, files);
            }
            return held.key();
        } finally {
            reading.unlock();
        }
    }

    private void read(StoreSettings from, List<String> files) {
        try {
            KeyEncryptionKey read = KeyLoader.find(from);
            if (read != null) {
                held = new Held(read, files);
                return;
            }
            tell(files, "it is not there");
        } catch (MisconfiguredException e) {
            tell(files, String.valueOf(e.getMessage()));
        }
    }

    /** Once for each state of the files. */
    private void tell(List<String> files, String reason) {
        if (!files.equals(toldOf)) {
            toldOf = files;
            LOG.warn(
                    "the key-encryption key was changed to what cannot be used; the one read before serves: {}",
                    reason);
        }
    }

    private static List<String> states(KeySource source) {
        List<String> states = new ArrayList<>();
        if (source instanceof KeySource.WithPrevious several) {
            states.addAll(states(several.current()));
            several.previous().forEach(previous -> states.addAll(states(previous)));
        } else if (source instanceof KeySource.KeyFile file) {
            states.add(state(file.path()));
        }
        return states;
    }

    private static String state(Path file) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return Objects.toString(attributes.fileKey()) + " " + attributes.lastModifiedTime() + " "
                    + attributes.size();
        } catch (IOException e) {
            return "not there";
        }
    }
}
