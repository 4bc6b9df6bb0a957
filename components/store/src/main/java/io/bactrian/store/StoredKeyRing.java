package io.bactrian.store;

import com.google.crypto.tink.KeysetHandle;
import io.bactrian.core.access.Actor;
import io.bactrian.core.config.AuditEvent;
import io.bactrian.core.config.AuditLog;
import io.bactrian.core.config.Audited;
import io.bactrian.core.tenant.TenantId;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The keys of a store. */
final class StoredKeyRing implements KeyRing {

    private static final int LARGEST_BATCH = 1_000;
    private static final String OPERATOR = new Actor.Operator().name();

    private final StoreSettings settings;
    private final Database database;
    private final Changes changes;
    private final KeyEncryptionKeys keks;
    private final DataKeys dataKeys;
    private final DataKeyTable table;
    private final List<SealedRows> sealed;
    private final AuditLog audit;
    private final Clock clock;

    StoredKeyRing(
            StoreSettings settings,
            Database database,
            Changes changes,
            KeyEncryptionKeys keks,
            DataKeys dataKeys,
            DataKeyTable table,
            List<SealedRows> sealed,
            AuditLog audit,
            Clock clock) {
        this.settings = settings;
        this.database = database;
        this.changes = changes;
        this.keks = keks;
        this.dataKeys = dataKeys;
        this.table = table;
        this.sealed = List.copyOf(sealed);
        this.audit = audit;
        this.clock = clock;
    }

    @Override
    public boolean inFile() {
        return KeyLoader.file(settings.key()).isPresent();
    }

    @Override
    public Rotation rotateKeyEncryptionKey() {
        return audited(null, "key.rotate", keks.now().setting(), () -> {
            String from = keks.refreshed().id();
            KeysetHandle changed = editor().change(keyset -> {
                KeysetHandle more = Keysets.withNew(keyset);
                return Keysets.promoted(more, Keysets.newest(more));
            });
            keks.refreshed();
            return new Rotation(from, KeyEncryptionKey.hex(changed.getPrimary().getId()));
        });
    }

    @Override
    public String prepareKeyEncryptionKey() {
        return audited(null, "key.prepare", keks.now().setting(), () -> {
            String id = Keysets.newest(editor().change(Keysets::withNew));
            keks.refreshed();
            return id;
        });
    }

    @Override
    public Rotation promoteKeyEncryptionKey(String id) {
        return audited(null, "key.promote", id, () -> {
            String from = keks.refreshed().id();
            if (DataKeyTable.RETIRED.equals(database.answer(table::statuses).get(id))) {
                throw Rows.invalid("key-encryption key " + id + " was retired: it wraps nothing any more");
            }
            editor().change(keyset -> {
                if (!Keysets.holds(keyset, id)) {
                    throw unknown(id);
                }
                return Keysets.promoted(keyset, id);
            });
            keks.refreshed();
            return new Rotation(from, id);
        });
    }

    private KeyFileEditor editor() {
        return KeyLoader.file(settings.key()).map(KeyFileEditor::new).orElseThrow(() -> {
            String setting = keks.now().setting();
            return PrivateFiles.wrong(
                    "the key-encryption key comes from " + setting + ", which cannot be written from here: set "
                            + setting + " to a new key (openssl rand -base64 32) and " + StoreSettings.KEY_PREVIOUS
                            + " to the present one, start the nodes again one after the other, then run"
                            + " ./bactrian key rewrap; with several nodes, first give all of them the new key as "
                            + StoreSettings.KEY_PREVIOUS,
                    null);
        });
    }

    @Override
    public int rotateDataKey(TenantId tenant) {
        return audited(
                tenant,
                "key.rotate",
                "data key",
                () -> changes.change(tenant, () -> table.rotate(tenant).version()));
    }

    @Override
    public Progress rewrap(Consumer<Progress> listener, int batchSize) {
        if (batchSize < 1 || batchSize > LARGEST_BATCH) {
            throw Rows.invalid("a batch has 1 to " + LARGEST_BATCH + " rows");
        }
        return audited(null, "key.rewrap", keks.now().setting(), () -> new Rewrap(
                        database, table, dataKeys, sealed, listener, batchSize)
                .run());
    }

    @Override
    public Status status() {
        KeyEncryptionKey kek = keks.refreshed();
        Map<String, String> statuses = database.answer(table::statuses);
        Map<String, Long> uses = database.answer(table::uses);
        Set<String> ids = new LinkedHashSet<>(statuses.keySet());
        ids.addAll(uses.keySet());
        ids.addAll(kek.ids());
        List<KeyEncryptionKeyStatus> all = new ArrayList<>();
        for (String id : ids) {
            all.add(new KeyEncryptionKeyStatus(
                    id,
                    id.equals(kek.id()),
                    kek.knows(id),
                    DataKeyTable.RETIRED.equals(statuses.get(id)),
                    uses.getOrDefault(id, 0L)));
        }
        long behind = uses.entrySet().stream()
                .filter(use -> !use.getKey().equals(kek.id()))
                .mapToLong(Map.Entry::getValue)
                .sum();
        return new Status(kek.setting(), all, behind, Rewrap.countBehind(sealed));
    }

    @Override
    public List<DataKeyStatus> status(TenantId tenant) {
        return database.read(() -> table.list(tenant).stream()
                .map(row -> new DataKeyStatus(
                        row.key().version(),
                        row.primary(),
                        row.key().kekId(),
                        credentialsOf(tenant, row.key().version())))
                .toList());
    }

    private long credentialsOf(TenantId tenant, int version) {
        return sealed.stream().mapToLong(rows -> rows.countOf(tenant, version)).sum();
    }

    @Override
    public void retire(String keyEncryptionKey) {
        audited(null, "key.retire", keyEncryptionKey, () -> {
            KeyEncryptionKey kek = keks.refreshed();
            if (keyEncryptionKey.equals(kek.id())) {
                throw Rows.invalid("key-encryption key " + keyEncryptionKey
                        + " is the one that wraps: rotate it first with ./bactrian key rotate");
            }
            retireUnlessNeeded(kek, keyEncryptionKey);
            Optional<KeySource.KeyFile> file = KeyLoader.file(settings.key());
            file.ifPresent(from -> new KeyFileEditor(from)
                    .change(keyset -> Keysets.holds(keyset, keyEncryptionKey)
                            ? Keysets.without(keyset, keyEncryptionKey)
                            : keyset));
            keks.refreshed();
            return keyEncryptionKey;
        });
    }

    /** In one transaction that has the key locked: nobody wraps with it between the count and the commit (CRED-09). */
    private void retireUnlessNeeded(KeyEncryptionKey kek, String id) {
        database.write(() -> {
            Map<String, Long> before = table.uses();
            if (!kek.knows(id) && !table.statuses().containsKey(id) && !before.containsKey(id)) {
                throw unknown(id);
            }
            table.locked(id);
            long needed = table.uses().getOrDefault(id, 0L);
            if (needed > 0) {
                throw Rows.invalid("key-encryption key " + id + " cannot be retired: " + needed
                        + (needed == 1 ? " data key needs" : " data keys need")
                        + " it; run ./bactrian key rewrap first");
            }
            table.retire(id);
            return id;
        });
    }

    private RuntimeException unknown(String id) {
        return Rows.invalid("there is no key-encryption key " + id + ": there are "
                + String.join(", ", keks.now().ids()));
    }

    @Override
    public void retire(TenantId tenant, int version) {
        audited(
                tenant,
                "key.retire",
                "data key " + version,
                () -> changes.change(tenant, () -> {
                    sealed.forEach(rows -> rows.forgetExpired(tenant));
                    DataKeyTable.Row row = table.list(tenant).stream()
                            .filter(other -> other.key().version() == version)
                            .findFirst()
                            .orElseThrow(
                                    () -> Rows.invalid("tenant " + tenant + " has no data key of version " + version));
                    if (row.primary()) {
                        throw Rows.invalid("data key " + version + " of tenant " + tenant
                                + " is the one that encrypts: rotate it first with ./bactrian key rotate");
                    }
                    long needed = credentialsOf(tenant, version);
                    if (needed > 0) {
                        throw Rows.invalid(
                                "data key " + version + " of tenant " + tenant + " cannot be retired: " + needed
                                        + (needed == 1 ? " credential needs" : " credentials need")
                                        + " it; run ./bactrian key rewrap first");
                    }
                    table.remove(tenant, version);
                    return version;
                }));
        dataKeys.forget(tenant);
    }

    private <T> T audited(@Nullable TenantId tenant, String action, String subject, Supplier<T> work) {
        return Audited.run(
                audit, outcome -> new AuditEvent(clock.instant(), tenant, OPERATOR, action, subject, outcome), work);
    }
}
