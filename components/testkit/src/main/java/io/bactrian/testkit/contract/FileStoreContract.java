package io.bactrian.testkit.contract;

import static io.bactrian.testkit.contract.StoreFixture.ACME;
import static io.bactrian.testkit.contract.StoreFixture.GLOBEX;
import static io.bactrian.testkit.contract.StoreFixture.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.UnavailableException;
import io.bactrian.core.file.ConversationId;
import io.bactrian.core.file.FileContent;
import io.bactrian.core.file.FileId;
import io.bactrian.core.file.FileStore;
import io.bactrian.core.file.NewFile;
import io.bactrian.core.file.StoredFile;
import io.bactrian.core.tenant.Caller;
import io.bactrian.core.tenant.Deadline;
import io.bactrian.core.tenant.InvokeSource;
import io.bactrian.core.tenant.RequestId;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tenant.UserId;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * What every file store has to do. A subclass gives an empty one before each test, whose largest file has
 * {@link #MAX_SIZE} bytes and which keeps files without end unless told otherwise; it has the tenants {@code acme} and
 * {@code globex}.
 */
public abstract class FileStoreContract {

    /** The largest file. */
    protected static final int MAX_SIZE = 200_000;

    /** When a test begins, to the microsecond: finer parts need not be kept. */
    protected static final Instant MONDAY = Instant.parse("2026-03-02T10:11:12.123456Z");

    private static final UserId ANN = new UserId("ann");
    private static final UserId BOB = new UserId("bob");
    private static final byte[] PNG = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n', 0, 0, 0, 13};

    /** For subclasses. */
    protected FileStoreContract() {}

    /** The store under test. The same one through the whole of a test. */
    protected abstract FileStore files();

    /** Sets the store's clock forward, which stands at {@link #MONDAY} when a test begins. */
    protected abstract void advance(Duration by);

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] pattern(int size) {
        byte[] bytes = new byte[size];
        for (int i = 0; i < size; i++) {
            bytes[i] = (byte) (i * 31 + i / 251);
        }
        return bytes;
    }

    private static Caller caller(TenantId tenant, @Nullable UserId user) {
        return new Caller(
                tenant,
                user,
                null,
                null,
                InvokeSource.ROUTE,
                0,
                new RequestId("r"),
                Deadline.in(Duration.ofMinutes(1)));
    }

    private StoredFile put(TenantId tenant, String text) {
        return files().put(tenant, NewFile.of("note.txt", "text/plain"), bytes(text));
    }

    private StoredFile owned(UserId owner, String text) {
        return files().put(ACME, new NewFile(owner, null, "note.txt", "text/plain", null), bytes(text));
    }

    private byte[] content(StoredFile file) {
        return part(file, 0, file.size());
    }

    private byte[] part(StoredFile file, long from, long length) {
        try (FileContent content = files().open(file.tenant(), file.id(), from, length)) {
            assertThat(content.file()).isEqualTo(file);
            assertThat(content.from()).isEqualTo(from);
            byte[] read = content.readAllBytes();
            assertThat(content.length()).isEqualTo(read.length);
            return read;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void givesBackWhatWasStored() {
        ConversationId conversation = new ConversationId("c-1");
        byte[] content = bytes("hello");

        StoredFile file = files().put(
                        ACME,
                        new NewFile(ANN, conversation, "greeting.md", "text/markdown; charset=UTF-8", null),
                        content);

        assertThat(file.tenant()).isEqualTo(ACME);
        assertThat(file.owner()).isEqualTo(ANN);
        assertThat(file.conversation()).isEqualTo(conversation);
        assertThat(file.name()).isEqualTo("greeting.md");
        assertThat(file.mimeType()).isEqualTo("text/markdown");
        assertThat(file.size()).isEqualTo(5);
        assertThat(file.sha256()).isEqualTo("2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824");
        assertThat(file.createdAt()).isEqualTo(MONDAY);
        assertThat(file.expiresAt()).isNull();
        assertThat(files().find(ACME, file.id())).contains(file);
        assertThat(content(file)).isEqualTo(content);
    }

    @Test
    void storesAFileOfEverySizeUpToTheLimit() {
        for (int size : new int[] {0, 1, 4_095, 4_096, 4_097, 65_536, 65_537, MAX_SIZE}) {
            StoredFile file = files().put(ACME, NewFile.of("x.bin", null), pattern(size));

            assertThat(file.size()).isEqualTo(size);
            assertThat(content(file)).as("%s bytes", size).isEqualTo(pattern(size));
        }
    }

    @Test
    void storesWhatComesInDrops() {
        byte[] content = pattern(10_000);
        InputStream drops = new ByteArrayInputStream(content) {
            @Override
            public synchronized int read(byte[] buffer, int offset, int length) {
                return super.read(buffer, offset, Math.min(length, 7));
            }
        };

        assertThat(content(files().put(ACME, NewFile.of("x.bin", null), drops))).isEqualTo(content);
    }

    @Test
    void opensAPartOfAFile() {
        StoredFile file = put(ACME, "0123456789");

        assertThat(part(file, 0, 1)).isEqualTo(bytes("0"));
        assertThat(part(file, 3, 4)).isEqualTo(bytes("3456"));
        assertThat(part(file, 8, Long.MAX_VALUE)).isEqualTo(bytes("89"));
        assertThat(part(file, 10, 5)).isEmpty();
        assertThat(part(file, 4, 0)).isEmpty();
        refused(ErrorCode.INVALID_PARAM, () -> files().open(ACME, file.id(), 11, 1));
        refused(ErrorCode.INVALID_PARAM, () -> files().open(ACME, file.id(), -1, 1));
        refused(ErrorCode.INVALID_PARAM, () -> files().open(ACME, file.id(), 0, -1));
    }

    @Test
    void keepsTwoFilesOfOneContentApart() {
        StoredFile one = put(ACME, "same");
        StoredFile other = put(ACME, "same");

        assertThat(one.id()).isNotEqualTo(other.id());
        files().remove(ACME, one.id());
        assertThat(content(other)).isEqualTo(bytes("same"));
    }

    @Test
    @DisplayName("SIGN-04: the id of another tenant's file finds nothing")
    void findsNoFileOfAnotherTenant() {
        StoredFile file = put(ACME, "ours");

        assertThat(files().find(GLOBEX, file.id())).isEmpty();
        refused(ErrorCode.FILE_NOT_FOUND, () -> files().open(GLOBEX, file.id(), 0, 1));
        assertThat(files().remove(GLOBEX, file.id())).isFalse();
        assertThat(files().list(GLOBEX, null, null, 10)).isEmpty();
        assertThat(content(file)).isEqualTo(bytes("ours"));
    }

    @Test
    @DisplayName("SIGN-10: a user's file is for that user and for the tenant's own routes, and not there for others")
    void keepsAUsersFileFromTheTenantsOtherUsers() throws IOException {
        StoredFile anns = owned(ANN, "private");
        StoredFile everybodys = put(ACME, "for all");

        for (Caller allowed : List.of(caller(ACME, ANN), caller(ACME, null))) {
            assertThat(files().find(allowed, anns.id())).contains(anns);
            try (FileContent content = files().open(allowed, anns.id())) {
                assertThat(content.readAllBytes()).isEqualTo(bytes("private"));
            }
            assertThat(files().list(allowed, null, 10)).containsExactlyInAnyOrder(anns, everybodys);
        }
        for (Caller other : List.of(caller(ACME, BOB), caller(GLOBEX, ANN), caller(GLOBEX, null))) {
            assertThat(files().find(other, anns.id())).isEmpty();
            String refusal = refused(ErrorCode.FILE_NOT_FOUND, () -> files().open(other, anns.id()))
                    .getMessage();
            assertThat(refusal)
                    .isEqualTo(refused(ErrorCode.FILE_NOT_FOUND, () -> files().open(other, new FileId("0".repeat(32))))
                            .getMessage());
            assertThat(files().remove(other, anns.id())).isFalse();
        }
        assertThat(files().list(caller(ACME, BOB), null, 10)).containsExactly(everybodys);
        assertThat(files().remove(caller(ACME, ANN), anns.id())).isTrue();
        assertThat(files().find(ACME, anns.id())).isEmpty();
    }

    @Test
    void refusesAFileBeyondTheLimitAndKeepsNothingOfIt() {
        InputStream endless = new InputStream() {
            @Override
            public int read() {
                return 'x';
            }
        };

        assertThat(refused(ErrorCode.REQUEST_TOO_LARGE, () -> files().put(ACME, NewFile.of(null, null), endless)))
                .hasMessageContaining("bactrian.files.max-size")
                .hasMessageContaining(Integer.toString(MAX_SIZE));
        refused(ErrorCode.REQUEST_TOO_LARGE, () -> files().put(ACME, NewFile.of(null, null), pattern(MAX_SIZE + 1)));
        assertThat(files().list(ACME, null, null, 10)).isEmpty();
    }

    @Test
    void keepsNothingOfContentThatBreaksOff() {
        InputStream broken = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("CANARY: the connection went");
            }
        };
        InputStream refusing = new InputStream() {
            @Override
            public int read() {
                throw new UnavailableException(ErrorCode.TIMEOUT_IDLE, "nothing came");
            }
        };

        assertThat(refused(ErrorCode.STREAM_TRUNCATED, () -> files().put(
                                ACME, NewFile.of(null, null), after(pattern(70_000), broken))))
                .hasMessageContaining("70000 bytes")
                .hasMessageNotContaining("CANARY");
        // an error of ours comes out as it is
        refused(ErrorCode.TIMEOUT_IDLE, () -> files().put(ACME, NewFile.of(null, null), after(pattern(9), refusing)));
        assertThat(files().list(ACME, null, null, 10)).isEmpty();
    }

    private static InputStream after(byte[] first, InputStream then) {
        return new SequenceInputStream(new ByteArrayInputStream(first), then);
    }

    @Test
    void doesNotCloseTheContent() {
        List<String> closed = new ArrayList<>();
        InputStream content = new ByteArrayInputStream(bytes("x")) {
            @Override
            public void close() {
                closed.add("closed");
            }
        };

        files().put(ACME, NewFile.of(null, null), content);

        assertThat(closed).isEmpty();
    }

    @Test
    void removesAFileAtOnce() {
        StoredFile file = put(ACME, "x");

        assertThat(files().remove(ACME, file.id())).isTrue();

        assertThat(files().find(ACME, file.id())).isEmpty();
        refused(ErrorCode.FILE_NOT_FOUND, () -> files().open(ACME, file.id(), 0, 1));
        assertThat(files().list(ACME, null, null, 10)).isEmpty();
        assertThat(files().remove(ACME, file.id())).isFalse();
    }

    @Test
    void goesOnReadingAFileThatIsRemovedMeanwhile() throws IOException {
        StoredFile file = files().put(ACME, NewFile.of("x.bin", null), pattern(MAX_SIZE));

        try (FileContent content = files().open(ACME, file.id(), 0, file.size())) {
            assertThat(content.readNBytes(10)).hasSize(10);
            files().remove(ACME, file.id());
            assertThat(content.readAllBytes()).hasSize(MAX_SIZE - 10);
        }
    }

    @Test
    void removesTheFilesOfAConversationAndNoOthers() {
        ConversationId one = new ConversationId("one");
        NewFile inOne = NewFile.of("x.txt", null).in(one);
        StoredFile first = files().put(ACME, inOne, bytes("1"));
        StoredFile second = files().put(ACME, inOne, bytes("2"));
        StoredFile other = files().put(ACME, NewFile.of("x.txt", null).in(new ConversationId("other")), bytes("3"));
        StoredFile none = put(ACME, "4");
        StoredFile theirs = files().put(GLOBEX, inOne, bytes("5"));

        assertThat(files().removeConversation(ACME, one)).isEqualTo(2);

        assertThat(files().find(ACME, first.id())).isEmpty();
        assertThat(files().find(ACME, second.id())).isEmpty();
        assertThat(content(other)).isEqualTo(bytes("3"));
        assertThat(content(none)).isEqualTo(bytes("4"));
        assertThat(content(theirs)).isEqualTo(bytes("5"));
        assertThat(files().removeConversation(ACME, one)).isZero();
    }

    @Test
    void forgetsAFileWhenItsTimeIsUp() {
        StoredFile file = files().put(ACME, NewFile.of("x.txt", null).keptFor(Duration.ofMinutes(10)), bytes("x"));
        StoredFile kept = put(ACME, "y");
        assertThat(file.expiresAt()).isEqualTo(MONDAY.plusSeconds(600));
        advance(Duration.ofMinutes(9));
        assertThat(files().find(ACME, file.id())).isPresent();

        advance(Duration.ofMinutes(1));

        assertThat(files().find(ACME, file.id())).isEmpty();
        refused(ErrorCode.FILE_NOT_FOUND, () -> files().open(ACME, file.id(), 0, 1));
        assertThat(files().list(ACME, null, null, 10)).containsExactly(kept);
        assertThat(files().remove(ACME, file.id())).isFalse();
    }

    @Test
    void sweepsWhatHasExpiredAndNothingElse() {
        files().put(ACME, NewFile.of("x.txt", null).keptFor(Duration.ofMinutes(10)), bytes("x"));
        files().put(GLOBEX, NewFile.of("x.txt", null).keptFor(Duration.ofMinutes(10)), bytes("x"));
        StoredFile later = files().put(ACME, NewFile.of("x.txt", null).keptFor(Duration.ofHours(3)), bytes("later"));
        StoredFile kept = put(ACME, "kept");

        assertThat(files().sweep(MONDAY)).isZero();
        assertThat(files().sweep(MONDAY.plus(Duration.ofMinutes(10)))).isEqualTo(2);
        assertThat(files().sweep(MONDAY.plus(Duration.ofMinutes(10)))).isZero();

        assertThat(content(later)).isEqualTo(bytes("later"));
        assertThat(content(kept)).isEqualTo(bytes("kept"));
    }

    @Test
    void refusesAFileThatIsToBeKeptForNoTime() {
        refused(ErrorCode.INVALID_PARAM, () -> NewFile.of(null, null).keptFor(Duration.ZERO));
        refused(ErrorCode.INVALID_PARAM, () -> NewFile.of(null, null).keptFor(Duration.ofSeconds(-1)));
        refused(ErrorCode.INVALID_PARAM, () -> NewFile.of(null, null).keptFor(Duration.ofSeconds(Long.MAX_VALUE)));
    }

    @Test
    void listsFilesNewestFirstPageByPage() {
        List<StoredFile> all = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            all.add(0, put(ACME, "file " + i));
            // three of them at the same moment
            advance(i < 3 ? Duration.ZERO : Duration.ofSeconds(1));
        }
        put(GLOBEX, "theirs");

        List<StoredFile> paged = new ArrayList<>();
        StoredFile last = null;
        for (int pages = 0; pages < 4; pages++) {
            List<StoredFile> page = files().list(ACME, null, last, 2);
            paged.addAll(page);
            last = page.get(page.size() - 1);
        }

        assertThat(files().list(ACME, null, last, 2)).isEmpty();
        assertThat(paged).containsExactlyInAnyOrderElementsOf(all);
        assertThat(paged.subList(0, 3)).isEqualTo(all.subList(0, 3));
        assertThat(files().list(ACME, null, null, FileStore.LONGEST_PAGE)).isEqualTo(paged);
        refused(ErrorCode.INVALID_PARAM, () -> files().list(ACME, null, null, 0));
        refused(ErrorCode.INVALID_PARAM, () -> files().list(ACME, null, null, FileStore.LONGEST_PAGE + 1));
    }

    @Test
    void listsWhatAUserMayHavePageByPage() {
        for (int i = 0; i < 6; i++) {
            owned(i % 2 == 0 ? ANN : BOB, "file " + i);
            advance(Duration.ofSeconds(1));
        }
        StoredFile everybodys = put(ACME, "for all");

        List<StoredFile> first = files().list(caller(ACME, ANN), null, 2);
        List<StoredFile> rest = files().list(caller(ACME, ANN), first.get(1), 10);

        assertThat(first.get(0)).isEqualTo(everybodys);
        assertThat(first.get(1).owner()).isEqualTo(ANN);
        assertThat(rest).hasSize(2).allMatch(file -> ANN.equals(file.owner()));
    }

    @Test
    @DisplayName(
            "SIGN-06: what could break a header or a path in a name is made harmless, and the content is untouched")
    void makesNamesHarmless() {
        for (String name : List.of(
                "../../etc/passwd",
                "..\\..\\windows\\win.ini",
                "a\r\nSet-Cookie: x=1",
                "invoice\u202egnp.exe",
                "\u0000",
                "..",
                "x".repeat(5_000),
                "\ud83d\ude00".repeat(1_000),
                "\ud83d",
                "'; DROP TABLE tool_files; --",
                "")) {
            StoredFile file = files().put(ACME, NewFile.of(name, "text/plain"), bytes("x"));

            assertThat(file.name())
                    .as(name)
                    .isNotBlank()
                    .hasSizeLessThanOrEqualTo(255)
                    .doesNotContain("/", "\\", "\r", "\n", "\u0000", "\u202e", "..");
            assertThat(files().find(ACME, file.id())).contains(file);
            assertThat(content(file)).isEqualTo(bytes("x"));
        }
    }

    @Test
    void tellsTheKindOfAFileThatNobodyNamed() {
        for (String general : new String[] {null, "application/octet-stream", "no type", ""}) {
            StoredFile file = files().put(ACME, NewFile.of(null, general), PNG);

            assertThat(file.mimeType()).as("%s", general).isEqualTo("image/png");
            assertThat(file.extension()).isEqualTo(".png");
            assertThat(file.name()).isEqualTo(file.id() + ".png");
        }
    }

    @Test
    void storesAndReadsUnderManyThreads() throws InterruptedException {
        Set<FileId> ids = new HashSet<>(Suites.together(8, thread -> () -> {
            FileId last = null;
            for (int i = 0; i < 10; i++) {
                byte[] content = pattern(thread * 1_000 + i);
                StoredFile file = files().put(thread % 2 == 0 ? ACME : GLOBEX, NewFile.of("x.bin", null), content);
                assertThat(content(file)).isEqualTo(content);
                if (i % 3 == 0) {
                    assertThat(files().remove(file.tenant(), file.id())).isTrue();
                }
                last = file.id();
            }
            return last;
        }));

        assertThat(ids).hasSize(8);
        assertThat(files().list(ACME, null, null, 1_000)).hasSize(4 * 6);
        assertThat(files().list(GLOBEX, null, null, 1_000)).hasSize(4 * 6);
    }

    @Test
    void refusesWhatNeverWasAFile() {
        FileId unknown = new FileId("0123456789abcdef".repeat(2));

        assertThat(files().find(ACME, unknown)).isEmpty();
        assertThat(files().remove(ACME, unknown)).isFalse();
        refused(ErrorCode.FILE_NOT_FOUND, () -> files().open(ACME, unknown, 0, 1));
        for (String wrong :
                List.of("", "x", "..", "0".repeat(31), "0".repeat(33), "A".repeat(32), "../" + "0".repeat(29))) {
            assertThat(FileId.of(wrong)).as(wrong).isEmpty();
            assertThatThrownBy(() -> new FileId(wrong)).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
