package io.bactrian.cli;

import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.store.BactrianStore;
import io.bactrian.store.KeyRing;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code bactrian key}. */
@Command(
        name = "key",
        description = {
            "The keys that stored credentials are encrypted with. Everything goes on while they are rotated.",
            "A key-encryption key, kept outside the database, wraps the data keys; each tenant has data keys of its own."
        },
        synopsisSubcommandLabel = "COMMAND")
final class KeyCommands extends CommandGroup {

    private static final String REWRAP_NEXT = "; next: ./bactrian key rewrap";

    @ParentCommand
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private RootCommand root;

    @Command(
            name = "status",
            description = "Lists the key-encryption keys and what is left to rewrap, or a tenant's data keys.")
    int status(
            @Option(
                            names = {"-t", "--tenant"},
                            paramLabel = "TENANT",
                            description = "The tenant whose data keys are listed.")
                    @Nullable
                    TenantId tenant) {
        return root.session.withStore(
                store -> tenant == null ? print(store.keys().status()) : print(store, known(store, tenant)));
    }

    private int print(KeyRing.Status status) {
        if (root.json) {
            Map<String, Object> shown = new LinkedHashMap<>();
            shown.put("setting", status.setting());
            shown.put(
                    "key_encryption_keys",
                    status.keyEncryptionKeys().stream().map(KeyCommands::shown).toList());
            shown.put("data_keys_left", status.dataKeysLeft());
            shown.put("credentials_left", status.credentialsLeft());
            root.session.printJson(shown);
            return CommandLineTool.DONE;
        }
        Table table = new Table("key-encryption key", "wraps", "held", "retired", "data keys");
        status.keyEncryptionKeys()
                .forEach(key -> table.row(key.id(), key.primary(), key.held(), key.retired(), key.dataKeys()));
        table.print(root.session, false);
        root.session.print("from " + status.setting());
        boolean left = status.dataKeysLeft() + status.credentialsLeft() > 0;
        root.session.print(
                left
                        ? status.dataKeysLeft() + " data keys and " + status.credentialsLeft()
                                + " credentials need an older key: ./bactrian key rewrap"
                        : "nothing needs an older key");
        return CommandLineTool.DONE;
    }

    private static Map<String, Object> shown(KeyRing.KeyEncryptionKeyStatus key) {
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("id", key.id());
        shown.put("primary", key.primary());
        shown.put("held", key.held());
        shown.put("retired", key.retired());
        shown.put("data_keys", key.dataKeys());
        return shown;
    }

    private int print(BactrianStore store, TenantId tenant) {
        Table table = new Table("version", "primary", "key_encryption_key", "credentials");
        store.keys()
                .status(tenant)
                .forEach(key -> table.row(key.version(), key.primary(), key.keyEncryptionKey(), key.credentials()));
        return table.print(root.session, root.json);
    }

    @Command(
            name = "rotate",
            description = {
                "Makes a new key, which encrypts from now on; older ones still decrypt.",
                "Without options: the key-encryption key, if it is in a file. Processes that have the file open find the new",
                "one by themselves; machines with copies of it need key prepare and key promote."
            })
    int rotate(
            @Option(
                            names = {"-t", "--tenant"},
                            paramLabel = "TENANT",
                            description = "Rotates the data key of this tenant instead.")
                    @Nullable
                    TenantId tenant,
            @Option(names = "--all-tenants", description = "Rotates the data keys of all tenants instead.")
                    boolean allTenants,
            @Option(
                            names = "--shared-file",
                            description = "With a database server: all nodes read the same key file, not copies of it.")
                    boolean sharedFile) {
        if (tenant != null && allTenants) {
            throw usage("--tenant or --all-tenants, not both");
        }
        boolean ofTheInstallation = tenant == null && !allTenants;
        boolean server = root.session.storeSettings().login() != null;
        return root.session.withStore(store -> {
            if (ofTheInstallation && server && !sharedFile && store.keys().inFile()) {
                // nodes with a copy of the old file could not open what is wrapped from now on
                throw new BadRequestException(
                        ErrorCode.INVALID_PARAM,
                        "other nodes may have copies of the key file: add the key to it with ./bactrian key prepare, copy the"
                                + " file to all of them, then ./bactrian key promote; or say with --shared-file that all of them"
                                + " read this one");
            }
            if (ofTheInstallation) {
                KeyRing.Rotation rotation = store.keys().rotateKeyEncryptionKey();
                return done(root, "key", rotation.to(), "wraps now, instead of " + rotation.from() + REWRAP_NEXT);
            }
            List<TenantId> tenants = tenant != null
                    ? List.of(known(store, tenant))
                    : store.tenants().stream().map(record -> record.id()).toList();
            Table table = new Table("tenant", "version");
            try {
                tenants.forEach(one -> table.row(one, store.keys().rotateDataKey(one)));
            } finally {
                // also if one fails: those before it have been rotated
                table.print(root.session, root.json);
            }
            return CommandLineTool.DONE;
        });
    }

    @Command(
            name = "prepare",
            description = {
                "Adds a new key-encryption key to the key file that does not wrap yet.",
                "For copies of one file on several machines: copy it to all of them, then promote the key."
            })
    int prepare() {
        return root.session.withStore(
                store -> done(root, "key", store.keys().prepareKeyEncryptionKey(), "is in the key file"));
    }

    @Command(name = "promote", description = "Has a key-encryption key of the key file wrap from now on.")
    int promote(@Parameters(paramLabel = "KEY", description = "Its id, as key status shows it.") String id) {
        return root.session.withStore(store -> {
            KeyRing.Rotation rotation = store.keys().promoteKeyEncryptionKey(id);
            return done(root, "key", rotation.to(), "wraps now, instead of " + rotation.from() + REWRAP_NEXT);
        });
    }

    @Command(
            name = "rewrap",
            description = {
                "Brings data keys and credentials to the newest keys, in small transactions, while calls go on.",
                "Broken off at any moment, the next run goes on with what is left. Ends with 1 if something is left."
            })
    int rewrap(
            @Option(
                            names = "--batch",
                            paramLabel = "ROWS",
                            defaultValue = "100",
                            description = "Rows per transaction, 1 to 1000; by default ${DEFAULT-VALUE}.")
                    int batch) {
        return root.session.withStore(store -> {
            PrintWriter progress = root.session.terminal().err();
            KeyRing.Progress end = store.keys().rewrap(now -> progress.println(told(now)), batch);
            if (root.json) {
                root.session.printJson(shown(end));
            } else {
                root.session.print(told(end));
            }
            if (end.unreadable() > 0) {
                progress.println(end.unreadable() + " credentials do not open and stay as they are: see"
                        + " ./bactrian store check, and enter them anew with ./bactrian credential update");
            }
            return end.complete() ? CommandLineTool.DONE : CommandLineTool.FAILED;
        });
    }

    private static String told(KeyRing.Progress progress) {
        return "data keys: " + progress.dataKeysDone() + " done, " + progress.dataKeysLeft() + " left; credentials: "
                + progress.credentialsDone() + " done, " + progress.credentialsLeft() + " left";
    }

    private static Map<String, Object> shown(KeyRing.Progress progress) {
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("data_keys_done", progress.dataKeysDone());
        shown.put("data_keys_left", progress.dataKeysLeft());
        shown.put("credentials_done", progress.credentialsDone());
        shown.put("credentials_left", progress.credentialsLeft());
        shown.put("unreadable", progress.unreadable());
        return shown;
    }

    @Command(
            name = "retire",
            description = {
                "Withdraws a key that nothing needs any more; refused while something does.",
                "Backups from before the last rewrap still need it: keep a copy of the key with them."
            })
    int retire(
            @Parameters(
                            paramLabel = "KEY",
                            description = "The id of a key-encryption key, or with --tenant the version of a data key.")
                    String key,
            @Option(
                            names = {"-t", "--tenant"},
                            paramLabel = "TENANT",
                            description = "The tenant whose data key it is.")
                    @Nullable
                    TenantId tenant) {
        if (tenant != null && !key.matches("[0-9]{1,9}")) {
            throw usage("the version of a data key is a number: see ./bactrian key status --tenant " + tenant);
        }
        return root.session.withStore(store -> {
            if (tenant == null) {
                store.keys().retire(key);
            } else {
                store.keys().retire(known(store, tenant), Integer.parseInt(key));
            }
            return done(root, "key", key, "retired");
        });
    }

    private static TenantId known(BactrianStore store, TenantId tenant) {
        if (store.tenant(tenant).isEmpty()) {
            throw new BadRequestException(
                    ErrorCode.TENANT_NOT_FOUND,
                    "there is no tenant '" + tenant + "' in the database: see ./bactrian tenant list");
        }
        return tenant;
    }
}
