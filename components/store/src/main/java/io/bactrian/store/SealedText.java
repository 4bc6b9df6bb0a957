package io.bactrian.store;

import com.google.crypto.tink.util.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * An encrypted text as it is in its row, with all it takes to open it.
 *
 * @param subject what messages call it
 * @param bound what it is bound to: by the row that it is in
 * @param keyVersion which data key encrypted it
 * @param key that data key; null if it is gone
 * @param sealed the text, encrypted
 */
record SealedText(
        String subject,
        AssociatedData bound,
        int keyVersion,
        @Nullable DataKey key,
        Bytes sealed) {

    @Override
    public String toString() {
        return "SealedText[" + subject + "]";
    }
}
