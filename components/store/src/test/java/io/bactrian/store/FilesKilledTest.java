package io.bactrian.store;

import static io.bactrian.testkit.contract.StoreFixture.ACME;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bactrian.core.config.TenantRecord;
import io.bactrian.core.file.FileContent;
import io.bactrian.core.file.FileStore;
import io.bactrian.core.file.NewFile;
import io.bactrian.core.file.StoredFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** CRASH-02: a process that stores files is killed at any moment; each file is there whole or not at all. */
class FilesKilledTest {

    private static final int KILLS = 20;
    private static final int LARGEST = 300_000;
    private static final FileLimits LIMITS = new FileLimits(LARGEST, null);

    @TempDir
    private Path data;

    private static BactrianStore open(Path folder) {
        return BactrianStore.open(StoreSettings.embedded(folder), Clock.systemUTC());
    }

    private static FileStore files(BactrianStore store, Path folder) {
        return store.files(folder.resolve("files"), LIMITS);
    }

    @Test
    @DisplayName(
            "CRASH-02: killed at 20 random moments of storing files, no part of one is ever seen, and none is lost")
    void showsNoPartOfAFileWhenItIsKilled() throws Exception {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        int leftOver = 0;
        Process next = null;
        try (BactrianStore store = open(data)) {
            store.putTenant(new TenantRecord(ACME, "Acme", true));
            FileStore files = files(store, data);
            next = start();
            for (int kill = 0; kill < KILLS; kill++) {
                Process storing = next;
                // gets ready meanwhile: most of the time goes into that
                next = start();
                killWhileItStores(storing, random.nextInt(1, 12), random.nextInt(25));
                leftOver += assertWhole(files, "kill " + kill + " with seed " + seed);
            }
        } finally {
            if (next != null) {
                next.destroyForcibly().waitFor();
            }
        }
        // with a process that was killed between two files every time, this would have shown nothing
        assertThat(leftOver).as("seed %s", seed).isPositive();
    }

    /** Checks what is there, has the rest swept, and says how many were left over. */
    private int assertWhole(FileStore files, String when) throws Exception {
        List<StoredFile> there = all(files);
        Set<String> acknowledged = new TreeSet<>(Files.readAllLines(data.resolve("stored")));
        Set<String> ids = there.stream().map(file -> file.id().value()).collect(Collectors.toCollection(TreeSet::new));
        assertThat(ids)
                .as("%s: what was acknowledged is there. %s", when, log())
                .containsAll(acknowledged);
        for (StoredFile file : there) {
            try (FileContent content = files.open(ACME, file.id(), 0, file.size())) {
                assertThat(sha256(content)).as("%s: %s", when, file).isEqualTo(file.sha256());
            }
        }
        int swept = files.sweep(Clock.systemUTC().instant().plus(Duration.ofHours(2)));
        assertThat(DiskFilesContract.onDisk(data.resolve("files")))
                .extracting(path -> path.getFileName().toString())
                .as(when)
                .containsExactlyInAnyOrderElementsOf(ids);
        assertThat(all(files)).isEqualTo(there);
        return swept;
    }

    private static List<StoredFile> all(FileStore files) {
        List<StoredFile> all = new ArrayList<>();
        StoredFile last = null;
        while (true) {
            List<StoredFile> page = files.list(ACME, null, last, FileStore.LONGEST_PAGE);
            if (page.isEmpty()) {
                return all;
            }
            all.addAll(page);
            last = page.get(page.size() - 1);
        }
    }

    private static String sha256(InputStream content) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content.readAllBytes()));
    }

    private void killWhileItStores(Process process, int files, int millis) throws Exception {
        Path stored = data.resolve("stored");
        long before = Files.exists(stored) ? Files.size(stored) : 0;
        try {
            process.getOutputStream().write('\n');
            process.getOutputStream().flush();
            // a line of 33 bytes for each
            await().atMost(Duration.ofSeconds(60))
                    .pollInterval(Duration.ofMillis(2))
                    .until(() ->
                            !process.isAlive() || Files.exists(stored) && Files.size(stored) >= before + 33L * files);
            // somewhere within the next files
            process.waitFor(millis, TimeUnit.MILLISECONDS);
            assertThat(process.isAlive()).as(log()).isTrue();
        } finally {
            // SIGKILL
            process.destroyForcibly().waitFor();
        }
    }

    private Process start() throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                // lives for a second or two
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                Storing.class.getName(),
                data.toString()));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        data.resolve("other.log").toFile()))
                .start();
    }

    private String log() throws IOException {
        return Files.readString(data.resolve("other.log"));
    }

    /** Once it is told to, stores one file after the other until it is killed, and writes down the id of each that is stored. */
    static final class Storing {

        private Storing() {}

        public static void main(String[] arguments) throws Exception {
            Path folder = Path.of(arguments[0]);
            SplittableRandom random = new SplittableRandom();
            try (BactrianStore store = open(folder)) {
                FileStore files = files(store, folder);
                if (System.in.read() < 0) {
                    return;
                }
                while (true) {
                    byte[] content = new byte[random.nextInt(LARGEST)];
                    random.nextBytes(content);
                    StoredFile file = files.put(ACME, NewFile.of(null, null), content);
                    Files.write(
                            folder.resolve("stored"),
                            (file.id() + "\n").getBytes(java.nio.charset.StandardCharsets.US_ASCII),
                            StandardOpenOption.CREATE,
                            StandardOpenOption.APPEND);
                }
            }
        }
    }
}
