package io.bactrian.testkit.contract;

import static io.bactrian.testkit.contract.StoreFixture.refused;
import static org.assertj.core.api.Assertions.assertThat;

import io.bactrian.core.config.MemberRecord;
import io.bactrian.core.config.Page;
import io.bactrian.core.config.PageOf;
import io.bactrian.core.config.TenantRecord;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.InvokeException;
import io.bactrian.core.tenant.Role;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tenant.UserId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** What every store has to see to when members change each other. */
public interface MembershipContract extends StoreFixture {

    private UserId member(String name, Role role) {
        UserId user = new UserId(name);
        store().putMember(ACME, new MemberRecord(user, role));
        return user;
    }

    @Test
    default void addsNobodyTwice() {
        addTenants();
        UserId olga = member("olga", Role.OWNER);

        assertThat(store().addMember(ACME, new MemberRecord(olga, Role.NORMAL))).isFalse();
        assertThat(store().addMember(ACME, new MemberRecord(new UserId("nora"), Role.NORMAL)))
                .isTrue();

        assertThat(store().role(ACME, olga)).contains(Role.OWNER);
        assertThat(store().role(ACME, new UserId("nora"))).contains(Role.NORMAL);
        refused(ErrorCode.TENANT_NOT_FOUND, () -> store().addMember(NOBODY, new MemberRecord(olga, Role.NORMAL)));
    }

    @Test
    default void aTenantManagesItsMembersFromTheFirstOnThatIsAdded() {
        addTenants();
        assertThat(store().managesMembers(ACME)).isFalse();

        store().addMember(ACME, new MemberRecord(new UserId("nora"), Role.NORMAL));

        assertThat(store().managesMembers(ACME)).isTrue();
        assertThat(store().managesMembers(GLOBEX)).isFalse();
    }

    @Test
    default void lettingAnOwnerChangeAndRemoveOthers() {
        addTenants();
        UserId olga = member("olga", Role.OWNER);
        UserId nora = member("nora", Role.NORMAL);
        long before = store().version(ACME);

        store().changeMember(ACME, olga, nora, Role.EDITOR);
        assertThat(store().role(ACME, nora)).contains(Role.EDITOR);
        store().changeMember(ACME, olga, nora, null);
        assertThat(store().role(ACME, nora)).isEmpty();

        assertThat(store().version(ACME)).isGreaterThan(before);
        refused(ErrorCode.INVALID_PARAM, () -> store().changeMember(ACME, olga, nora, Role.EDITOR));
    }

    @Test
    default void refusesChangesByWhoIsNoOwnerAtThatMoment() {
        addTenants();
        UserId olga = member("olga", Role.OWNER);
        UserId ada = member("ada", Role.ADMIN);
        UserId stranger = new UserId("stranger");

        for (UserId by : List.of(ada, stranger)) {
            refused(ErrorCode.ACCESS_DENIED, () -> store().changeMember(ACME, by, olga, Role.NORMAL));
            refused(ErrorCode.ACCESS_DENIED, () -> store().changeMember(ACME, by, olga, null));
            refused(ErrorCode.ACCESS_DENIED, () -> store().handOver(ACME, by, ada));
        }
        // an owner of another tenant is none here
        store().putMember(GLOBEX, new MemberRecord(stranger, Role.OWNER));
        refused(ErrorCode.ACCESS_DENIED, () -> store().handOver(ACME, stranger, ada));

        assertThat(store().role(ACME, olga)).contains(Role.OWNER);
        assertThat(store().role(ACME, ada)).contains(Role.ADMIN);
    }

    @Test
    default void makesWhoHandsOverAnAdmin() {
        addTenants();
        UserId olga = member("olga", Role.OWNER);
        UserId second = member("second", Role.OWNER);
        UserId nora = member("nora", Role.NORMAL);
        store().putMember(GLOBEX, new MemberRecord(olga, Role.OWNER));

        store().handOver(ACME, olga, nora);

        assertThat(store().role(ACME, nora)).contains(Role.OWNER);
        assertThat(store().role(ACME, olga)).contains(Role.ADMIN);
        assertThat(store().role(ACME, second)).contains(Role.ADMIN);
        assertThat(store().role(GLOBEX, olga)).contains(Role.OWNER);
        refused(ErrorCode.INVALID_PARAM, () -> store().handOver(ACME, nora, new UserId("nobody")));
        assertThat(store().role(ACME, nora)).contains(Role.OWNER);
    }

    @Test
    default void letsTheOperatorNameAnyOwner() {
        addTenants();
        UserId olga = member("olga", Role.OWNER);
        UserId fresh = new UserId("fresh");

        store().handOver(ACME, null, fresh);

        assertThat(store().role(ACME, fresh)).contains(Role.OWNER);
        assertThat(store().role(ACME, olga)).contains(Role.ADMIN);
        refused(ErrorCode.TENANT_NOT_FOUND, () -> store().handOver(NOBODY, null, fresh));
    }

    @Test
    default void keepsAnOwnerWhenTwoRemoveEachOther() throws InterruptedException {
        addTenants();
        for (int round = 0; round < 10; round++) {
            UserId one = member("one", Role.OWNER);
            UserId two = member("two", Role.OWNER);
            CountDownLatch go = new CountDownLatch(1);
            List<Thread> threads = List.of(remover(go, one, two), remover(go, two, one));
            threads.forEach(Thread::start);
            go.countDown();
            for (Thread thread : threads) {
                thread.join();
            }

            assertThat(store().members(ACME)).extracting(MemberRecord::role).containsExactly(Role.OWNER);
            store().members(ACME).forEach(member -> store().removeMember(ACME, member.user()));
        }
    }

    private Thread remover(CountDownLatch go, UserId by, UserId user) {
        return new Thread(() -> {
            try {
                go.await();
                store().changeMember(ACME, by, user, null);
            } catch (InvokeException e) {
                // whoever is second is no owner any more, or there is nobody left to remove: what is left tells
                assertThat(e.code()).isIn(ErrorCode.ACCESS_DENIED, ErrorCode.INVALID_PARAM);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    @Test
    default void bringsEveryMemberAndEveryTenantOnExactlyOnePage() {
        addTenants();
        for (int i = 0; i < 5; i++) {
            member("m" + i, Role.NORMAL);
            store().putTenant(new TenantRecord(new TenantId("t" + i), "T", true));
        }

        List<String> users = new ArrayList<>();
        PageOf<MemberRecord> members = store().members(ACME, new Page(null, 2));
        members.items().forEach(member -> users.add(member.user().value()));
        while (members.next() != null) {
            members = store().members(ACME, new Page(members.next(), 2));
            members.items().forEach(member -> users.add(member.user().value()));
        }
        assertThat(users).containsExactly("m0", "m1", "m2", "m3", "m4");

        List<String> ids = new ArrayList<>();
        PageOf<TenantRecord> tenants = store().tenants(new Page(null, 3));
        tenants.items().forEach(tenant -> ids.add(tenant.id().value()));
        while (tenants.next() != null) {
            tenants = store().tenants(new Page(tenants.next(), 3));
            tenants.items().forEach(tenant -> ids.add(tenant.id().value()));
        }
        assertThat(ids).containsExactly("acme", "globex", "t0", "t1", "t2", "t3", "t4");
        assertThat(store().members(NOBODY, Page.FIRST).items()).isEmpty();
    }
}
