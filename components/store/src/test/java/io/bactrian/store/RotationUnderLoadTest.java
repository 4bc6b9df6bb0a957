package io.bactrian.store;

import static io.bactrian.testkit.contract.StoreFixture.MODEL;
import static io.bactrian.testkit.contract.StoreFixture.OPENAI;
import static io.bactrian.testkit.contract.StoreFixture.PROVIDER;
import static io.bactrian.testkit.contract.StoreFixture.credential;
import static io.bactrian.testkit.contract.StoreFixture.secret;
import static org.assertj.core.api.Assertions.assertThat;

import io.bactrian.core.config.CredentialScope;
import io.bactrian.core.config.CredentialUnreadableException;
import io.bactrian.core.config.StoredCredential;
import io.bactrian.core.config.TenantRecord;
import io.bactrian.core.credential.CredentialId;
import io.bactrian.core.credential.CredentialName;
import io.bactrian.core.tenant.TenantId;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** CRED-07: keys of both layers are rotated, rewrapped and retired while 64 threads of two processes read and write. */
class RotationUnderLoadTest extends KeyFixture {

    private static final int THREADS = 64;
    private static final int TENANTS = 6;
    private static final int ROUNDS = 2;

    private final List<CredentialId> ofProviders = new ArrayList<>();
    private final List<CredentialId> ofModels = new ArrayList<>();
    private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    private final CountDownLatch over = new CountDownLatch(1);
    private final AtomicInteger reads = new AtomicInteger();
    private final AtomicInteger writes = new AtomicInteger();

    private static TenantId tenant(int i) {
        return new TenantId("tenant-" + i % TENANTS);
    }

    private void fill() {
        for (int i = 0; i < TENANTS; i++) {
            store.putTenant(new TenantRecord(tenant(i), "T", true));
            ofProviders.add(store.addCredential(tenant(i), PROVIDER, credential("main", value(i, 0))));
            ofModels.add(store.addCredential(tenant(i), MODEL, credential("main", value(i, 0))));
        }
    }

    /** Says whose it is, so that nobody's value is taken for another's. */
    private static String value(int tenant, int n) {
        return "s-" + tenant % TENANTS + "-" + n;
    }

    /** What was read, to be opened at once and once more when keys have come and gone. */
    private record Read(int tenant, List<StoredCredential> credentials) {

        void open() throws CredentialUnreadableException {
            for (StoredCredential stored : credentials) {
                assertThat(valueOf(stored)).startsWith("s-" + tenant % TENANTS + "-");
            }
        }
    }

    private Read read(BactrianStore of, int tenant) throws CredentialUnreadableException {
        Read read = new Read(tenant, all(of.provider(tenant(tenant), OPENAI).orElseThrow()));
        assertThat(read.credentials()).hasSize(2);
        // every other one is opened for the first time when it is old
        if (reads.incrementAndGet() % 2 == 0) {
            read.open();
        }
        return read;
    }

    private void write(BactrianStore of, int i, int n) {
        CredentialScope scope = n % 2 == 0 ? PROVIDER : MODEL;
        CredentialId id = (n % 2 == 0 ? ofProviders : ofModels).get(i % TENANTS);
        if (n % 3 == 0) {
            of.rotateCredential(tenant(i), scope, id, secret(value(i, n)), Duration.ofHours(1));
        } else {
            of.updateCredential(tenant(i), scope, id, 0, new CredentialName("main"), secret(value(i, n)));
        }
        writes.incrementAndGet();
    }

    private void work(BactrianStore of, int thread) {
        try {
            Deque<Read> kept = new ArrayDeque<>();
            for (int n = 0; !over.await(1, TimeUnit.MILLISECONDS); n++) {
                if (thread % 4 == 0) {
                    write(of, thread + n, n);
                } else {
                    kept.add(read(of, thread + n));
                }
                if (kept.size() > 40) {
                    kept.remove().open();
                }
            }
            for (Read read : kept) {
                read.open();
            }
        } catch (Throwable e) {
            failures.add(e);
        }
    }

    @Test
    @DisplayName("CRED-07: 64 threads read and write through rotations of all keys without one failure")
    void rotatesWithoutAFailedReadOrWrite() throws Exception {
        fill();
        StoreSettings large = settings.withPoolSize(40);
        List<BactrianStore> nodes = List.of(open(large), open(large));
        ExecutorService pool = Executors.newFixedThreadPool(THREADS);
        try {
            for (int i = 0; i < THREADS; i++) {
                int thread = i;
                pool.submit(() -> work(nodes.get(thread / 2 % 2), thread));
            }
            for (int round = 0; round < ROUNDS && failures.isEmpty(); round++) {
                rotateAll(nodes.get(round % 2));
            }
            assertThat(failures).isEmpty();
        } finally {
            over.countDown();
            pool.shutdown();
            assertThat(pool.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
        }

        assertThat(failures).isEmpty();
        assertThat(reads.get()).isGreaterThan(THREADS);
        assertThat(writes.get()).isGreaterThan(THREADS / 4);
        assertThat(rewrap(store).complete()).isTrue();
        assertThat(kekIds()).containsExactly(primary(store));
        for (int i = 0; i < TENANTS; i++) {
            assertThat(store.keys().status(tenant(i)))
                    .containsExactly(new KeyRing.DataKeyStatus(ROUNDS + 1, true, primary(store), 2));
            assertThat(secrets(store, tenant(i), OPENAI)).hasSize(2);
        }
        for (BactrianStore node : nodes) {
            assertThat(node.unreadableCount()).isZero();
        }
    }

    private void rotateAll(BactrianStore node) {
        String old = node.keys().rotateKeyEncryptionKey().from();
        List<Integer> newest = new ArrayList<>();
        for (int i = 0; i < TENANTS; i++) {
            newest.add(node.keys().rotateDataKey(tenant(i)));
        }
        KeyRing.Progress progress = node.keys().rewrap(told -> {}, 5);
        assertThat(progress.complete())
                .as("what is written meanwhile is on the newest keys: %s", progress)
                .isTrue();
        node.keys().retire(old);
        for (int i = 0; i < TENANTS; i++) {
            node.keys().retire(tenant(i), newest.get(i) - 1);
        }
    }
}
