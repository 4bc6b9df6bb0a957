package io.bactrian.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.bactrian.core.tenant.AppId;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tenant.UserId;
import io.bactrian.core.tool.Approval;
import io.bactrian.core.tool.ApprovalStore;
import io.bactrian.server.TestHome;
import io.bactrian.store.BactrianStore;
import io.bactrian.store.StoreSettings;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code approval}, as the operator types it, for calls that a server has taken down. */
class ApprovalCommandsTest {

    private static final TenantId ACME = new TenantId("acme");

    @TempDir
    Path folder;

    private TestHome home;
    private final Instant now = Clock.systemUTC().instant().truncatedTo(ChronoUnit.MICROS);

    @BeforeEach
    void install() throws Exception {
        home = new TestHome(folder);
        home.done("tenant", "add", "acme");
    }

    /** As a server does that shares the database. */
    private <T> T server(Function<ApprovalStore, T> work) {
        try (BactrianStore store =
                BactrianStore.open(StoreSettings.embedded(home.home().data()), Clock.systemUTC())) {
            return work.apply(store.approvals());
        }
    }

    private Approval wanted(String id, String arguments) {
        return new Approval(
                id,
                ACME,
                new UserId("ann"),
                new AppId("shop"),
                "tool-builtin:mail/send",
                arguments,
                "call-1",
                Approval.Status.PENDING,
                now,
                now.plus(Duration.ofHours(1)),
                null,
                null);
    }

    private void asked(String id, String arguments) {
        server(approvals -> approvals.request(wanted(id, arguments)));
    }

    @Test
    void listsWhatWaits() {
        assertThat(new JsonArray(home.done("approval", "list", "--tenant", "acme", "--json")))
                .isEmpty();
        asked("a1", "{\"to\":\"bob\",\"text\":\"" + "x".repeat(200) + "\"}");
        asked("a2", "{}");

        String listed = home.done("approval", "list", "--tenant", "acme");
        assertThat(listed).contains("a1", "a2", "tool-builtin:mail/send", "ann", "shop", "{\"to\":\"bob\"", "…");
        assertThat(listed).doesNotContain("x".repeat(100));
        JsonObject first = new JsonArray(home.done("approval", "list", "--tenant", "acme", "--json")).getJsonObject(0);
        assertThat(first.getJsonObject("arguments").getString("text")).hasSize(200);
        assertThat(first.getString("status")).isEqualTo("pending");
        assertThat(new JsonArray(home.done("approval", "list", "--tenant", "acme", "--most", "1", "--json")))
                .hasSize(1);
        assertThat(home.done("approval", "list")).as("of another tenant").doesNotContain("a1");
    }

    @Test
    void letsACallBeMadeOnce() {
        asked("a1", "{\"to\":\"bob\"}");

        assertThat(home.done("approval", "approve", "a1", "--tenant", "acme"))
                .contains("approval 'a1' given for one call of tool-builtin:mail/send");

        assertThat(home.done("approval", "show", "a1", "--tenant", "acme"))
                .contains("approved", "operator", "{\"to\":\"bob\"}", "call-1");
        boolean first = server(approvals -> approvals.use(ACME, "a1", now));
        boolean second = server(approvals -> approvals.use(ACME, "a1", now));
        assertThat(first).isTrue();
        assertThat(second).isFalse();
        JsonObject used = new JsonObject(home.done("approval", "show", "a1", "--tenant", "acme", "--json"));
        assertThat(used.getString("status")).isEqualTo("used");
        assertThat(used.getString("decided_by")).isEqualTo("operator");
        assertThat(home.done("approval", "list", "--tenant", "acme")).doesNotContain("a1");
    }

    @Test
    void refusesACallForGood() {
        asked("a1", "{}");

        assertThat(home.done("approval", "deny", "a1", "--tenant", "acme")).contains("denied");

        TestHome.Ran again = home.command("approval", "approve", "a1", "--tenant", "acme");
        assertThat(again.code()).isEqualTo(1);
        assertThat(again.err()).startsWith("invalid_param: ").contains("approval a1 is denied already");
        assertThat(server(approvals -> approvals.request(wanted("a2", "{}"))).status())
                .isEqualTo(Approval.Status.DENIED);
    }

    @Test
    @DisplayName("CRED-15: another tenant's approval and one that never was get the same answer")
    void knowsNoApprovalOfAnotherTenant() {
        asked("a1", "{}");

        for (String command : new String[] {"show", "approve", "deny"}) {
            TestHome.Ran theirs = home.command("approval", command, "a1", "--tenant", "default");
            TestHome.Ran never = home.command("approval", command, "a9", "--tenant", "default");
            assertThat(theirs.code()).isEqualTo(1);
            assertThat(theirs).isEqualTo(never);
            assertThat(theirs.err()).contains("./bactrian approval list --tenant default");
        }
    }

    @Test
    @DisplayName("LOG-02: what hides in the arguments of a call is shown to whoever decides")
    void hidesNothingFromWhoeverDecides() {
        asked("a1", "{\"to\":\"eve\u202e\u200bbob\",\"note\":\"Gr\u00fc\u00dfe\"}");

        for (String command : new String[] {"list", "show"}) {
            String[] arguments = command.equals("list")
                    ? new String[] {"approval", "list", "--tenant", "acme"}
                    : new String[] {"approval", "show", "a1", "--tenant", "acme"};
            assertThat(home.done(arguments))
                    .contains("eve\\u202e\\u200bbob", "Gr\u00fc\u00dfe")
                    .doesNotContain("\u202e", "\u200b");
        }
    }

    @Test
    void endsWithTwoWhenItIsCalledWrong() {
        for (String command :
                new String[] {"approval", "approval approve", "approval list --most 0", "approval show"}) {
            TestHome.Ran ran = home.command(command.split(" "));
            assertThat(ran.code()).as(command).isEqualTo(2);
            assertThat(ran.err()).startsWith("usage: ");
        }
    }
}
