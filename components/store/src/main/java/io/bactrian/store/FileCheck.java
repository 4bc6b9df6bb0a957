package io.bactrian.store;

import io.bactrian.core.error.InvokeException;
import io.bactrian.core.file.FileReference;
import io.bactrian.store.StoreCheck.Level;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/** Whether the content of every file is there, for {@link StoreCheck}. Its bytes are not compared. */
final class FileCheck {

    private static final int BATCH = 500;

    private final FileTable table;
    private final BiConsumer<Level, String> findings;

    private FileCheck(FileTable table, BiConsumer<Level, String> findings) {
        this.table = table;
        this.findings = findings;
    }

    /**
     * Checks.
     *
     * @param database knows of the files
     * @param where the files folder, which need not be there
     * @param findings takes what was found
     */
    static void run(Database database, Path where, BiConsumer<Level, String> findings) {
        FileTable table = new FileTable(database);
        FileCheck check = new FileCheck(table, findings);
        try {
            Optional<FileFolder> folder = FileFolder.existing(where);
            if (folder.isEmpty()) {
                check.withoutFolder();
            } else {
                check.in(folder.get());
            }
        } catch (InvokeException e) {
            findings.accept(Level.PROBLEM, e.getMessage());
        }
    }

    private void withoutFolder() {
        long files = table.countElsewhere("");
        if (files == 0) {
            findings.accept(Level.FINE, "there are no files");
        } else {
            findings.accept(
                    Level.PROBLEM,
                    "there is no files folder, but the database knows of " + files
                            + " files: restore it, or name it in bactrian.files.folder");
        }
    }

    private void in(FileFolder folder) {
        if (!table.hasFolder(folder.id())) {
            findings.accept(
                    Level.PROBLEM,
                    "the files folder belongs to another database: name this one's in bactrian.files.folder");
            return;
        }
        long there = 0;
        long lost = 0;
        FileReference last = null;
        List<FileTable.Head> batch;
        do {
            batch = table.inFolder(folder.id(), last, BATCH);
            for (FileTable.Head head : batch) {
                last = head.file();
                if (folder.has(last.tenant(), last.id(), head.size())) {
                    there++;
                } else {
                    lost++;
                }
            }
        } while (batch.size() == BATCH);
        tell(there, lost, table.countElsewhere(folder.id()));
    }

    private void tell(long there, long lost, long elsewhere) {
        if (lost > 0) {
            findings.accept(
                    Level.PROBLEM,
                    "the content of " + lost
                            + " files is not in the files folder: restore it, or the next sweep forgets them");
        } else {
            findings.accept(Level.FINE, "the content of all " + there + " files is there");
        }
        if (elsewhere > 0) {
            findings.accept(
                    Level.NOTICE,
                    elsewhere + " files are in the files folder of another node: nodes that share a database share one,"
                            + " in bactrian.files.folder");
        }
    }
}
