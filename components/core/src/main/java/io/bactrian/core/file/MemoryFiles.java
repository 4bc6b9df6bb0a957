package io.bactrian.core.file;

import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tenant.UserId;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Files that live in memory and are gone with the process: for whoever uses the library without a data folder. They take
 * only so much room: where a new one needs it, the oldest go.
 */
public final class MemoryFiles implements FileStore {

    private static final Logger LOG = LoggerFactory.getLogger(MemoryFiles.class);
    private static final int CHUNK = 16 * 1_024;
    private static final Comparator<StoredFile> NEWEST_FIRST = Comparator.comparing(StoredFile::createdAt)
            .thenComparing(file -> file.id().value())
            .reversed();

    private final Clock clock;
    private final SecureRandom random;
    private final long maxSize;
    private final long maxTotal;
    private final @Nullable Duration retention;
    private final ReentrantLock lock = new ReentrantLock();
    // the oldest first
    private final Map<FileReference, Kept> files = new LinkedHashMap<>();
    private long total;
    private @Nullable Instant lastWarning;

    private record Kept(StoredFile file, byte[] content) {}

    /**
     * @param clock tells when files are stored and which have expired
     * @param random makes ids
     * @param maxSize the largest file, in bytes
     * @param maxTotal how much room all files take at most, in bytes; not less than the largest file
     * @param retention how long files are kept that do not say so; null for as long as there is room
     */
    public MemoryFiles(Clock clock, SecureRandom random, long maxSize, long maxTotal, @Nullable Duration retention) {
        if (maxSize < 1 || maxSize > Integer.MAX_VALUE - CHUNK || maxTotal < maxSize) {
            throw new IllegalArgumentException("files in memory have up to 2 GiB each, and room for one at least");
        }
        this.clock = clock;
        this.random = random;
        this.maxSize = maxSize;
        this.maxTotal = maxTotal;
        this.retention = retention;
    }

    @Override
    public long maxSize() {
        return maxSize;
    }

    @Override
    public StoredFile put(TenantId tenant, NewFile file, InputStream content) {
        FileIntake intake = new FileIntake(content, maxSize);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        byte[] buffer = new byte[CHUNK];
        for (int got = intake.read(buffer); got >= 0; got = intake.read(buffer)) {
            bytes.write(buffer, 0, got);
        }
        StoredFile stored = intake.finished(FileId.random(random), tenant, file, clock.instant(), retention);
        keep(new Kept(stored, bytes.toByteArray()));
        return stored;
    }

    private void keep(Kept kept) {
        lock.lock();
        try {
            removeIf(old -> !old.presentAt(kept.file().createdAt()));
            makeRoom(kept);
            files.put(reference(kept.file()), kept);
            total += kept.file().size();
        } finally {
            lock.unlock();
        }
    }

    private void makeRoom(Kept kept) {
        Iterator<Kept> oldest = files.values().iterator();
        while (total + kept.file().size() > maxTotal && oldest.hasNext()) {
            total -= oldest.next().file().size();
            oldest.remove();
            warn(kept.file().createdAt());
        }
    }

    private void warn(Instant now) {
        if (lastWarning == null || Duration.between(lastWarning, now).toSeconds() >= 60) {
            lastWarning = now;
            LOG.warn(
                    "files in memory take more than {} bytes: the oldest go; keep them on a disk with"
                            + " bactrian.store.enabled=true",
                    maxTotal);
        }
    }

    private static FileReference reference(StoredFile file) {
        return new FileReference(file.tenant(), file.id());
    }

    @Override
    public Optional<StoredFile> find(TenantId tenant, FileId id) {
        return kept(tenant, id).map(Kept::file);
    }

    private Optional<Kept> kept(TenantId tenant, FileId id) {
        Instant now = clock.instant();
        lock.lock();
        try {
            return Optional.ofNullable(files.get(new FileReference(tenant, id)))
                    .filter(kept -> kept.file().presentAt(now));
        } finally {
            lock.unlock();
        }
    }

    @Override
    public FileContent open(TenantId tenant, FileId id, long from, long length) {
        Kept kept = kept(tenant, id).orElseThrow(FileStore::notFound);
        long part = kept.file().part(from, length);
        InputStream bytes = new ByteArrayInputStream(kept.content(), (int) from, (int) part);
        return new FileContent(kept.file(), from, part, bytes);
    }

    @Override
    public boolean remove(TenantId tenant, FileId id) {
        Instant now = clock.instant();
        lock.lock();
        try {
            Kept removed = files.remove(new FileReference(tenant, id));
            if (removed == null) {
                return false;
            }
            total -= removed.file().size();
            return removed.file().presentAt(now);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public int removeConversation(TenantId tenant, ConversationId conversation) {
        return removeIf(file -> file.tenant().equals(tenant) && conversation.equals(file.conversation()));
    }

    @Override
    public List<StoredFile> list(TenantId tenant, @Nullable UserId visibleTo, @Nullable StoredFile after, int most) {
        FileStore.checkPage(most);
        Instant now = clock.instant();
        return snapshot().stream()
                .filter(file -> file.tenant().equals(tenant) && file.isFor(visibleTo) && file.presentAt(now))
                .filter(file -> after == null || NEWEST_FIRST.compare(after, file) < 0)
                .sorted(NEWEST_FIRST)
                .limit(most)
                .toList();
    }

    private List<StoredFile> snapshot() {
        lock.lock();
        try {
            return files.values().stream().map(Kept::file).toList();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public int sweep(Instant now) {
        return removeIf(file -> !file.presentAt(now));
    }

    private int removeIf(Predicate<StoredFile> which) {
        int removed = 0;
        lock.lock();
        try {
            for (Iterator<Kept> each = files.values().iterator(); each.hasNext(); ) {
                StoredFile file = each.next().file();
                if (which.test(file)) {
                    each.remove();
                    total -= file.size();
                    removed++;
                }
            }
        } finally {
            lock.unlock();
        }
        return removed;
    }
}
