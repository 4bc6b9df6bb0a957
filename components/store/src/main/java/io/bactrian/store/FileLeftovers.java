package io.bactrian.store;

import io.bactrian.core.file.FileId;
import io.bactrian.core.tenant.TenantId;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;

/**
 * Looks through a files folder for content that no row knows: what a killed process left half written, or whole and without
 * its row, and what belonged to a removed tenant. What is not named like something of ours is left alone.
 */
final class FileLeftovers {

    private static final int BATCH = 500;

    private final Path root;
    private final Instant before;
    private final BiFunction<TenantId, Set<FileId>, Set<FileId>> present;
    private int removed;

    /**
     * @param root the folder
     * @param before only what was last written before that: what is younger may get its row in a moment
     * @param present tells which of a tenant's files have rows
     */
    FileLeftovers(Path root, Instant before, BiFunction<TenantId, Set<FileId>, Set<FileId>> present) {
        this.root = root;
        this.before = before;
        this.present = present;
    }

    /** Removes them, and says how many they were. */
    int remove() throws IOException {
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(root, FileLeftovers::isFolder)) {
            for (Path folder : folders) {
                Optional<TenantId> tenant = tenant(name(folder));
                if (tenant.isPresent()) {
                    unlessGone(() -> ofTenant(folder, tenant.get()));
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return removed;
    }

    private static boolean isFolder(Path path) {
        return Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
    }

    private static String name(Path path) {
        return String.valueOf(path.getFileName());
    }

    private static Optional<TenantId> tenant(String name) {
        try {
            return Optional.of(new TenantId(name));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private interface Look {
        void run() throws IOException;
    }

    private static void unlessGone(Look look) throws IOException {
        try {
            look.run();
        } catch (NoSuchFileException e) {
            // another node, which sweeps the same folder, was quicker
        }
    }

    private void ofTenant(Path folder, TenantId tenant) throws IOException {
        try (DirectoryStream<Path> shards = Files.newDirectoryStream(folder, FileLeftovers::isFolder)) {
            for (Path shard : shards) {
                if (name(shard).matches("[0-9a-f]{2}")) {
                    unlessGone(() -> ofShard(shard, tenant));
                }
            }
        }
        removeIfEmpty(folder);
    }

    private void ofShard(Path shard, TenantId tenant) throws IOException {
        Map<FileId, Path> old = new HashMap<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(shard)) {
            for (Path file : files) {
                String name = name(file);
                boolean part = name.endsWith(FileFolder.PART);
                Optional<FileId> id =
                        FileId.of(part ? name.substring(0, name.length() - FileFolder.PART.length()) : name);
                if (id.isEmpty() || !isOld(file)) {
                    continue;
                }
                if (part) {
                    discard(file);
                } else {
                    old.put(id.get(), file);
                }
                if (old.size() == BATCH) {
                    removeUnknown(tenant, old);
                }
            }
        }
        removeUnknown(tenant, old);
        removeIfEmpty(shard);
    }

    private boolean isOld(Path file) throws IOException {
        try {
            BasicFileAttributes attributes =
                    Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            return attributes.isRegularFile()
                    && attributes.lastModifiedTime().toInstant().isBefore(before);
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    private void removeUnknown(TenantId tenant, Map<FileId, Path> old) {
        if (old.isEmpty()) {
            return;
        }
        Set<FileId> known = present.apply(tenant, old.keySet());
        old.forEach((id, file) -> {
            if (!known.contains(id)) {
                discard(file);
            }
        });
        old.clear();
    }

    private void discard(Path file) {
        PrivateFiles.discard(file);
        removed++;
    }

    /** Whoever writes into it at that moment makes it again. */
    private static void removeIfEmpty(Path folder) throws IOException {
        try {
            Files.delete(folder);
        } catch (DirectoryNotEmptyException | NoSuchFileException e) {
            // in use, or gone
        }
    }
}
