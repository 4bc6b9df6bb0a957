package io.bactrian.store;

import io.bactrian.core.file.FileStore;
import io.bactrian.core.file.MemoryFiles;
import io.bactrian.testkit.contract.FileStoreContract;
import java.security.SecureRandom;
import java.time.Duration;

class MemoryFilesContractTest extends FileStoreContract {

    private final TestClock clock = new TestClock(MONDAY);
    private final FileStore files = new MemoryFiles(clock, new SecureRandom(), MAX_SIZE, 100 * MAX_SIZE, null);

    @Override
    protected FileStore files() {
        return files;
    }

    @Override
    protected void advance(Duration by) {
        clock.advance(by);
    }
}
