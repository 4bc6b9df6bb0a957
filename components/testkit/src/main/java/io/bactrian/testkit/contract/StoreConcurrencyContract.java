package io.bactrian.testkit.contract;

import static io.bactrian.testkit.contract.StoreFixture.credential;
import static io.bactrian.testkit.contract.StoreFixture.secret;
import static org.assertj.core.api.Assertions.assertThat;

import io.bactrian.core.config.CredentialScope;
import io.bactrian.core.config.ProviderRecord;
import io.bactrian.core.config.StoredCredential;
import io.bactrian.core.config.TenantRecord;
import io.bactrian.core.credential.CredentialId;
import io.bactrian.core.credential.CredentialName;
import io.bactrian.core.error.BadRequestException;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What holds while many threads read and write. */
public interface StoreConcurrencyContract extends StoreFixture {

    @Test
    @DisplayName("Parallel first credentials make one provider row with one active credential")
    default void makesOneProviderOfParallelFirstCredentials() throws InterruptedException {
        addTenants();
        for (CredentialScope scope : List.of(PROVIDER, MODEL)) {
            List<CredentialId> ids =
                    Suites.together(8, i -> () -> store().addCredential(ACME, scope, credential("key " + i, "s-" + i)));

            ProviderRecord record = openai(ACME);
            boolean ofProvider = scope.equals(PROVIDER);
            List<StoredCredential> stored =
                    ofProvider ? record.credentials() : record.models().get(0).credentials();
            CredentialId active = ofProvider
                    ? record.activeCredential()
                    : record.models().get(0).activeCredential();
            assertThat(stored).extracting(StoredCredential::id).containsExactlyInAnyOrderElementsOf(ids);
            assertThat(stored.get(0).id()).isEqualTo(active);
            assertThat(store().providers(ACME)).containsExactly(OPENAI);
            assertThat(record.models()).hasSize(ofProvider ? 0 : 1);
        }
    }

    @Test
    default void letsOneOfManyTakeAName() throws InterruptedException {
        addTenants();

        List<Boolean> added = Suites.together(8, i -> () -> {
            try {
                add(ACME, PROVIDER, "main", "s-" + i);
                return true;
            } catch (BadRequestException taken) {
                return false;
            }
        });

        assertThat(added).containsOnlyOnce(true);
        assertThat(openai(ACME).credentials()).hasSize(1);
    }

    @Test
    default void addsATenantOnceThoughManyAddIt() throws InterruptedException {
        Suites.together(8, i -> () -> {
            store().putTenant(new TenantRecord(ACME, "Acme " + i, true));
            return i;
        });

        assertThat(store().tenants()).hasSize(1);
        assertThat(store().tenant(ACME).orElseThrow().name()).startsWith("Acme ");
    }

    @Test
    @DisplayName("No reader gets the old secret once the write has returned")
    default void givesNoReaderTheOldSecretOnceTheWriteHasReturned() throws InterruptedException {
        addTenants();
        CredentialId id = add(ACME, PROVIDER, "main", "0");
        int writes = 60;
        AtomicInteger written = new AtomicInteger();
        AtomicBoolean done = new AtomicBoolean();

        List<Integer> reads =
                Suites.together(4, i -> () -> i == 0 ? write(id, writes, written, done) : read(written, done));

        assertThat(reads).allMatch(count -> count > 0);
        assertThat(secretOf(ACME, id)).isEqualTo(String.valueOf(writes));
    }

    private int write(CredentialId id, int writes, AtomicInteger written, AtomicBoolean done) {
        try {
            for (int n = 1; n <= writes; n++) {
                store().updateCredential(ACME, PROVIDER, id, 0, new CredentialName("main"), secret(String.valueOf(n)));
                written.set(n);
            }
            return writes;
        } finally {
            done.set(true);
        }
    }

    /** Reads as a cache in front of the store does: what was loaded under a version serves for as long as that holds. */
    private int read(AtomicInteger written, AtomicBoolean done) {
        long cachedVersion = Long.MIN_VALUE;
        int cached = -1;
        int count = 0;
        do {
            int returned = written.get();
            long version = store().version(ACME);
            if (version != cachedVersion) {
                cached = Integer.parseInt(
                        Suites.reveal(openai(ACME).credentials().get(0)));
                cachedVersion = version;
            }
            assertThat(cached).as("read after write %s had returned", returned).isGreaterThanOrEqualTo(returned);
            count++;
        } while (!done.get());
        return count;
    }

    @Test
    default void showsReadersNoHalfOfAChange() throws InterruptedException {
        addTenants();
        add(ACME, PROVIDER, "first", "s-0");
        AtomicBoolean done = new AtomicBoolean();

        Suites.together(3, i -> () -> i == 0 ? replaceTheActive(done) : readWhole(done));

        assertThat(openai(ACME).credentials()).hasSize(1);
    }

    private int replaceTheActive(AtomicBoolean done) {
        try {
            CredentialId old = openai(ACME).credentials().get(0).id();
            for (int n = 1; n <= 30; n++) {
                CredentialId next = add(ACME, PROVIDER, "key " + n, "s-" + n);
                store().activateCredential(ACME, PROVIDER, next);
                store().removeCredential(ACME, PROVIDER, old);
                old = next;
            }
            return 30;
        } finally {
            done.set(true);
        }
    }

    private int readWhole(AtomicBoolean done) {
        int count = 0;
        do {
            ProviderRecord record = openai(ACME);
            assertThat(record.credentials())
                    .extracting(StoredCredential::id)
                    .as("the active credential is one of those there")
                    .contains(record.activeCredential());
            record.credentials()
                    .forEach(stored -> assertThat(Suites.reveal(stored)).startsWith("s-"));
            count++;
        } while (!done.get());
        return count;
    }
}
