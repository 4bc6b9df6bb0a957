package io.bactrian.core.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bactrian.core.tenant.TenantId;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is particular to files in memory; what all stores do is in their contract. */
class MemoryFilesTest {

    private static final TenantId ACME = new TenantId("acme");
    private static final TenantId GLOBEX = new TenantId("globex");
    private static final Clock CLOCK = Clock.fixed(Instant.EPOCH, ZoneOffset.UTC);

    private static MemoryFiles files(long maxSize, long maxTotal) {
        return new MemoryFiles(CLOCK, new SecureRandom(), maxSize, maxTotal, Duration.ofDays(1));
    }

    @Test
    void letsTheOldestGoWhereANewOneNeedsTheRoom() {
        MemoryFiles files = files(100, 300);
        List<StoredFile> stored = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            stored.add(files.put(i % 2 == 0 ? ACME : GLOBEX, NewFile.of(null, null), new byte[i == 3 ? 50 : 100]));
        }

        assertThat(files.find(ACME, stored.get(0).id())).isEmpty();
        assertThat(stored.subList(1, 4)).allSatisfy(file -> assertThat(files.find(file.tenant(), file.id()))
                .contains(file));
        // there is room for one more of that size
        files.put(ACME, NewFile.of(null, null), new byte[50]);
        assertThat(files.find(GLOBEX, stored.get(1).id())).isPresent();
    }

    @Test
    void makesRoomWhenFilesAreRemoved() {
        MemoryFiles files = files(100, 200);
        StoredFile first = files.put(ACME, NewFile.of(null, null), new byte[100]);
        StoredFile second = files.put(ACME, NewFile.of(null, null), new byte[100]);
        files.remove(ACME, second.id());

        files.put(ACME, NewFile.of(null, null), new byte[100]);

        assertThat(files.find(ACME, first.id())).isPresent();
    }

    @Test
    void keepsFilesForAsLongAsItIsTold() {
        MemoryFiles files = files(100, 200);

        assertThat(files.put(ACME, NewFile.of(null, null), new byte[1]).expiresAt())
                .isEqualTo(Instant.EPOCH.plus(Duration.ofDays(1)));
    }

    @Test
    void refusesRoomForLessThanOneFile() {
        assertThatThrownBy(() -> files(0, 10)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> files(11, 10)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> files(1L << 31, 1L << 40)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void tellsContentThatIsTooShortFromItsEnd() throws IOException {
        StoredFile file = files(100, 200).put(ACME, NewFile.of(null, null), new byte[10]);
        FileContent content = new FileContent(file, 0, 10, new ByteArrayInputStream(new byte[7]));

        assertThat(content.readNBytes(7)).hasSize(7);
        assertThatThrownBy(content::read).isInstanceOf(IOException.class).hasMessageContaining("shorter");
        FileContent part = new FileContent(file, 0, 3, new ByteArrayInputStream(new byte[7]));
        assertThat(part.available()).isEqualTo(3);
        assertThat(part.readAllBytes()).hasSize(3);
        assertThat(part.read()).isEqualTo(-1);
    }
}
