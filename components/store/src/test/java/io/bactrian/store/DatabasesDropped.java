package io.bactrian.store;

import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Drops a test's databases once it has ended; it need not ask for that. */
public final class DatabasesDropped implements AfterEachCallback {

    @Override
    public void afterEach(ExtensionContext context) {
        PostgresServer.dropWhatThisTestHadMade();
    }
}
