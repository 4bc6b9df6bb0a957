package io.bactrian.store;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.InvokeException;
import io.bactrian.core.error.UnavailableException;
import io.bactrian.core.file.ConversationId;
import io.bactrian.core.file.FileContent;
import io.bactrian.core.file.FileId;
import io.bactrian.core.file.FileIntake;
import io.bactrian.core.file.FileReference;
import io.bactrian.core.file.FileStore;
import io.bactrian.core.file.NewFile;
import io.bactrian.core.file.StoredFile;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tenant.UserId;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Files whose content is in a folder and about which a database knows. The content is on the disk before the row is written,
 * and the row is gone before the content is: whenever a process is killed, a file is there whole or not at all, and what is
 * left over is swept (CRASH-02). A row without its content counts as not there.
 */
final class DiskFiles implements FileStore {

    private static final Logger LOG = LoggerFactory.getLogger(DiskFiles.class);

    private final FileTable table;
    private final FileFolder folder;
    private final FileLimits limits;
    private final SecureRandom random;
    private final Clock clock;
    private final AtomicReference<@Nullable Instant> lastWarning = new AtomicReference<>();

    private DiskFiles(FileTable table, FileFolder folder, FileLimits limits, SecureRandom random, Clock clock) {
        this.table = table;
        this.folder = folder;
        this.limits = limits;
        this.random = random;
        this.clock = clock;
    }

    /**
     * Opens the files of a database.
     *
     * @throws io.bactrian.core.error.MisconfiguredException if the folder is another database's, or cannot be used
     */
    static DiskFiles open(Database database, Path where, FileLimits limits, SecureRandom random, Clock clock) {
        FileTable table = new FileTable(database);
        FileFolder folder = FileFolder.open(where, () -> {
            // known before it is written down: who is killed in between begins anew
            FileId fresh = FileId.random(random);
            table.addFolder(fresh.value(), clock.instant());
            return fresh;
        });
        if (!table.hasFolder(folder.id())) {
            // the sweep would remove all of another database's content, of which this one has no rows
            throw PrivateFiles.wrong(
                    "the files folder belongs to another database: give this one a folder of its own in"
                            + " bactrian.files.folder; if that database is gone, delete folder.id in the folder, and what"
                            + " is in it will be removed",
                    null);
        }
        return new DiskFiles(table, folder, limits, random, clock);
    }

    @Override
    public long maxSize() {
        return limits.maxSize();
    }

    @Override
    public StoredFile put(TenantId tenant, NewFile file, InputStream content) {
        table.requireTenant(tenant);
        FileId id = FileId.random(random);
        FileIntake intake = new FileIntake(content, limits.maxSize());
        folder.write(tenant, id, intake);
        StoredFile stored = intake.finished(id, tenant, file, clock.instant(), limits.retention());
        try {
            table.add(stored, folder.id());
            return stored;
        } catch (InvokeException e) {
            // if the row may be there after all, the content has to be: the sweep removes it if it is not
            if (e.code() != ErrorCode.STORE_OUTCOME_UNKNOWN) {
                folder.remove(new FileReference(tenant, id));
            }
            throw e;
        }
    }

    @Override
    public Optional<StoredFile> find(TenantId tenant, FileId id) {
        Instant now = clock.instant();
        return table.find(tenant, id)
                .filter(row -> row.file().presentAt(now))
                .filter(this::isWhole)
                .map(FileTable.Row::file);
    }

    private boolean isWhole(FileTable.Row row) {
        StoredFile file = row.file();
        if (!row.folder().equals(folder.id())) {
            throw new UnavailableException(
                    ErrorCode.STORE_UNAVAILABLE,
                    "file " + file.id()
                            + " is in the files folder of another node: give all nodes one folder, on a file"
                            + " system that they share, in bactrian.files.folder");
        }
        boolean whole = folder.has(file.tenant(), file.id(), file.size());
        if (!whole) {
            warn(file);
        }
        return whole;
    }

    /** Once a minute: one lost file may be asked for over and over. */
    private void warn(StoredFile lost) {
        Instant now = clock.instant();
        Instant last = lastWarning.get();
        boolean told = last != null && Duration.between(last, now).toSeconds() < 60;
        if (!told && lastWarning.compareAndSet(last, now)) {
            LOG.warn(
                    "the content of file {} of tenant {} is not in the files folder: restore it; ./bactrian store check"
                            + " tells of how many that is so",
                    lost.id(),
                    lost.tenant());
        }
    }

    @Override
    public FileContent open(TenantId tenant, FileId id, long from, long length) {
        StoredFile file = find(tenant, id).orElseThrow(FileStore::notFound);
        long part = file.part(from, length);
        try {
            return new FileContent(file, from, part, folder.read(tenant, id, from));
        } catch (NoSuchFileException e) {
            // removed at this moment
            throw FileStore.notFound();
        }
    }

    @Override
    public boolean remove(TenantId tenant, FileId id) {
        Instant now = clock.instant();
        boolean there =
                table.find(tenant, id).filter(row -> row.file().presentAt(now)).isPresent();
        return removed(new FileReference(tenant, id)) && there;
    }

    private boolean removed(FileReference file) {
        boolean removed = table.remove(file);
        folder.remove(file);
        return removed;
    }

    @Override
    public int removeConversation(TenantId tenant, ConversationId conversation) {
        List<FileId> removed = table.removeConversation(tenant, conversation);
        removed.forEach(id -> folder.remove(new FileReference(tenant, id)));
        return removed.size();
    }

    @Override
    public List<StoredFile> list(TenantId tenant, @Nullable UserId visibleTo, @Nullable StoredFile after, int most) {
        FileStore.checkPage(most);
        return table.page(tenant, visibleTo, after, most, clock.instant());
    }

    @Override
    public int sweep(Instant now) {
        return new FileSweep(table, folder).run(now);
    }
}
