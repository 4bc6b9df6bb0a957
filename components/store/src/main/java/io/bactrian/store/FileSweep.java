package io.bactrian.store;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.ErrorDetails;
import io.bactrian.core.error.UnavailableException;
import io.bactrian.core.file.FileReference;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes files that have expired, content without a row, and rows without content. Any number of nodes may do so at the
 * same time.
 */
final class FileSweep {

    private static final Logger LOG = LoggerFactory.getLogger(FileSweep.class);

    /** For how long nothing was written to what is taken for left over: much longer than it takes to write a row. */
    private static final Duration GRACE = Duration.ofHours(1);

    private static final int BATCH = 500;

    private final FileTable table;
    private final FileFolder folder;

    FileSweep(FileTable table, FileFolder folder) {
        this.table = table;
        this.folder = folder;
    }

    /** Does so, and says how many files have gone. */
    int run(Instant now) {
        int expired = expired(now);
        if (!folder.isThere()) {
            // all rows would seem to have lost their content
            throw new UnavailableException(
                    ErrorCode.STORE_UNAVAILABLE,
                    "the files folder has gone away, or another is in its place: nothing of it is swept; check what is"
                            + " mounted there");
        }
        int leftovers = leftovers(now.minus(GRACE));
        int lost = lost();
        if (expired + leftovers + lost > 0) {
            LOG.info(
                    "swept files: {} expired, {} left over without a row, {} without their content",
                    expired,
                    leftovers,
                    lost);
        }
        return expired + leftovers + lost;
    }

    private int expired(Instant now) {
        int removed = 0;
        while (true) {
            List<FileReference> batch = table.expired(now, BATCH);
            for (FileReference file : batch) {
                removed += table.remove(file) ? 1 : 0;
                folder.remove(file);
            }
            if (batch.size() < BATCH) {
                return removed;
            }
        }
    }

    private int leftovers(Instant before) {
        try {
            return new FileLeftovers(folder.root(), before, table::present).remove();
        } catch (IOException e) {
            throw new UnavailableException(
                    ErrorCode.STORE_UNAVAILABLE,
                    "the files folder cannot be swept: check its disk, and its owner",
                    ErrorDetails.NONE,
                    e);
        }
    }

    private int lost() {
        int removed = 0;
        FileReference last = null;
        while (true) {
            List<FileTable.Head> batch = table.inFolder(folder.id(), last, BATCH);
            for (FileTable.Head head : batch) {
                FileReference file = head.file();
                // the mark last: content that is not there because the folder is not has not gone
                boolean lost = !folder.has(file.tenant(), file.id(), head.size()) && folder.isThere();
                removed += lost && table.remove(file) ? 1 : 0;
                last = file;
            }
            if (batch.size() < BATCH) {
                return removed;
            }
        }
    }
}
