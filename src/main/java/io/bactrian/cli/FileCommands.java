package io.bactrian.cli;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.MisconfiguredException;
import io.bactrian.core.file.FileDisposition;
import io.bactrian.core.file.FileId;
import io.bactrian.core.file.FileStore;
import io.bactrian.core.file.NewUpload;
import io.bactrian.core.file.StoredFile;
import io.bactrian.core.tenant.Caller;
import io.bactrian.core.tenant.Deadline;
import io.bactrian.core.tenant.InvokeSource;
import io.bactrian.core.tenant.RequestId;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tenant.UserId;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code bactrian file}. */
@Command(name = "file", description = "Files of a tenant.", synopsisSubcommandLabel = "COMMAND")
final class FileCommands extends CommandGroup {

    @ParentCommand
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private RootCommand root;

    @Command(
            name = "ticket",
            description = "Makes a ticket: a link by which whoever has it can put one file, once, by PUT or POST.")
    int ticket(
            @Parameters(paramLabel = "NAME", description = "What the file will be called.") String name,
            @Option(
                            names = "--type",
                            paramLabel = "TYPE",
                            required = true,
                            description = "Its media type, such as image/png.")
                    String type,
            @Option(
                            names = "--max-size",
                            paramLabel = "BYTES",
                            defaultValue = "10485760",
                            description = "How large it may be; by default ${DEFAULT-VALUE} bytes.")
                    long maxSize,
            @Option(
                            names = "--valid-for",
                            paramLabel = "TIME",
                            defaultValue = "10m",
                            description =
                                    "How long the ticket can be used, such as 30s or 1h; by default ${DEFAULT-VALUE}, 1h at most.")
                    Duration validFor,
            @Option(
                            names = "--user",
                            paramLabel = "USER",
                            description = "Whose alone the file will be; without, it is everybody's of the tenant.")
                    @Nullable
                    UserId user,
            @Mixin TenantOption option) {
        checkKeysAreKept();
        return root.session.with(installation -> {
            Caller caller = caller(option.in(installation), user, validFor);
            return done(
                    "ticket",
                    installation.fileUrls().uploadTicket(caller, new NewUpload(name, type, maxSize, validFor)));
        });
    }

    @Command(
            name = "link",
            description = "Makes a link by which whoever has it can see or save a file, until the link expires.")
    int link(
            @Parameters(paramLabel = "ID", description = "The file's id, such as a tool or an upload has told it.")
                    FileId file,
            @Option(
                            names = "--valid-for",
                            paramLabel = "TIME",
                            defaultValue = "5m",
                            description =
                                    "How long the link holds, such as 30s or 1h; by default ${DEFAULT-VALUE}, 1h at most.")
                    Duration validFor,
            @Option(names = "--attachment", description = "Has browsers save the file rather than show it.")
                    boolean attachment,
            @Mixin TenantOption option) {
        checkKeysAreKept();
        return root.session.with(installation -> {
            Caller caller = caller(option.in(installation), null, validFor);
            StoredFile found = installation.fileStore().find(caller, file).orElseThrow(FileStore::notFound);
            FileDisposition disposition = attachment ? FileDisposition.ATTACHMENT : FileDisposition.INLINE;
            return done("url", installation.fileUrls().sign(caller, found, disposition, validFor));
        });
    }

    private void checkKeysAreKept() {
        if (root.session.storeSettings().isInMemory()) {
            throw new MisconfiguredException(
                    ErrorCode.MISCONFIGURED,
                    "a server signs with keys that only its database keeps, and this one is in memory:"
                            + " set bactrian.store.url, or leave it out");
        }
    }

    private static Caller caller(TenantId tenant, @Nullable UserId user, Duration validFor) {
        return new Caller(
                tenant,
                user,
                null,
                null,
                InvokeSource.CLI,
                0,
                new RequestId(UUID.randomUUID().toString()),
                Deadline.in(validFor));
    }

    private int done(String what, String link) {
        if (root.json) {
            root.session.printJson(Map.of(what, link));
        } else {
            root.session.print(link);
        }
        return CommandLineTool.DONE;
    }
}
