package io.bactrian.store;

import io.bactrian.core.file.MemoryUploadNonces;
import io.bactrian.core.file.UploadNonces;
import io.bactrian.testkit.contract.UploadNoncesContract;
import java.time.Duration;

class MemoryUploadNoncesContractTest extends UploadNoncesContract {

    private final TestClock clock = new TestClock(MONDAY);
    private final UploadNonces nonces = new MemoryUploadNonces(clock, MOST);

    @Override
    protected UploadNonces nonces() {
        return nonces;
    }

    @Override
    protected void advance(Duration by) {
        clock.advance(by);
    }
}
