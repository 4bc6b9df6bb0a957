package io.bactrian.server;

import static io.bactrian.server.AdminFixture.MODEL;
import static io.bactrian.server.AdminFixture.MODEL_PATH;
import static io.bactrian.server.AdminFixture.PROVIDER;
import static io.bactrian.server.AdminFixture.tenant;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bactrian.http.RawHttp;
import io.bactrian.testkit.Reply;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The administration of a running server, over HTTP. */
class AdminTest {

    @TempDir
    static Path folder;

    private static AdminFixture fixture;
    private static AdminClient operator;

    @BeforeAll
    static void start() throws Exception {
        fixture = new AdminFixture(folder, "bactrian.http.wrongKeys=100000", "bactrian.http.wrongKeysOfAll=100000");
        operator = fixture.operator;
    }

    @AfterAll
    static void stop() throws Exception {
        fixture.close();
    }

    private static JsonObject json(Object... namesAndValues) {
        JsonObject object = new JsonObject();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            object.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return object;
    }

    /** A tenant with an owner, and the owner's key. */
    private static AdminClient owner(String tenant) throws Exception {
        fixture.addTenant(tenant);
        fixture.addMember(tenant, "owner@" + tenant, "owner");
        return fixture.keyOf(tenant, "owner@" + tenant, "owner", "admin:write", "models", "tools");
    }

    private static String credentials(String tenant) {
        return tenant(tenant) + "/providers/" + PROVIDER;
    }

    @Test
    void keepsTenants() throws Exception {
        AdminClient.Answer created = operator.post("/admin/tenants", json("id", "first", "name", "First Ltd"));
        assertThat(created.status()).isEqualTo(201);
        assertThat(created.header("Location")).contains("/admin/tenants/first");
        assertThat(created.json()).isEqualTo(json("id", "first", "name", "First Ltd", "enabled", true));
        assertThat(operator.post("/admin/tenants", json("id", "first")).status())
                .isEqualTo(400);
        AdminClient.Answer changed = operator.patch(tenant("first"), json("enabled", false));
        assertThat(changed.json()).isEqualTo(json("id", "first", "name", "First Ltd", "enabled", false));
        assertThat(changed.tag()).isEqualTo(operator.get(tenant("first")).tag());
        assertThat(operator.delete(tenant("first")).status()).isEqualTo(204);
        assertThat(operator.get(tenant("first")).status()).isEqualTo(404);
    }

    @Test
    void tellsLongListsAPageAtATime() throws Exception {
        AdminClient owner = owner("paged");
        for (int i = 0; i < 7; i++) {
            fixture.addMember("paged", "member-" + i, "normal");
        }
        List<String> seen = new ArrayList<>();
        String after = "";
        int pages = 0;
        do {
            AdminClient.Answer page = owner.get(tenant("paged") + "/members?limit=3" + after);
            page.data().forEach(one -> seen.add(((JsonObject) one).getString("user")));
            after = page.json().containsKey("next") ? "&after=" + page.json().getString("next") : "";
            pages++;
        } while (!after.isEmpty());
        assertThat(pages).isEqualTo(3);
        assertThat(seen).hasSize(8).doesNotHaveDuplicates().contains("member-0", "member-6", "owner@paged");
        for (String wrong : List.of("limit=0", "limit=201", "limit=x", "limit=1&limit=2", "after=%21", "page=2")) {
            AdminClient.Answer refused = owner.get(tenant("paged") + "/members?" + wrong);
            assertThat(refused.status()).as(wrong).isEqualTo(400);
            assertThat(refused.code()).isEqualTo("invalid_param");
        }
    }

    @Test
    @DisplayName("INNER-14: nobody grants what they do not have, and nobody changes themselves")
    void boundsGrants() throws Exception {
        owner("grants");
        fixture.addMember("grants", "admin@grants", "admin");
        fixture.addMember("grants", "editor@grants", "editor");
        AdminClient admin = fixture.keyOf("grants", "admin@grants", "admin", "admin:write");
        AdminClient editor = fixture.keyOf("grants", "editor@grants", "editor", "admin:write");
        String members = tenant("grants") + "/members";
        String keys = tenant("grants") + "/api-keys";
        assertThat(editor.post(members, json("user", "x", "role", "normal")).status())
                .isEqualTo(403);
        assertThat(admin.post(members, json("user", "x", "role", "owner")).status())
                .isEqualTo(403);
        assertThat(admin.patch(members + "/admin@grants", json("role", "owner")).status())
                .isEqualTo(403);
        assertThat(editor.post(keys, json("name", "k", "user", "editor@grants", "role", "admin"))
                        .status())
                .isEqualTo(403);
        assertThat(editor.post(keys, json("name", "k", "user", "owner@grants")).status())
                .isEqualTo(403);
        assertThat(editor.post(
                                keys,
                                json("name", "k", "user", "editor@grants", "scopes", new JsonArray().add("models")))
                        .status())
                .as("more than it was made for itself")
                .isEqualTo(403);
        AdminClient.Answer own = editor.post(
                keys, json("name", "k", "user", "editor@grants", "scopes", new JsonArray().add("admin:read")));
        assertThat(own.status()).as(own.body()).isEqualTo(201);
        AdminClient reader = operator.as(own.json().getString("key"));
        assertThat(reader.get(members).status()).isEqualTo(200);
        assertThat(reader.delete(
                                keys + "/" + own.json().getJsonObject("api_key").getString("id"))
                        .status())
                .as("made for reading")
                .isEqualTo(403);
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(operator.get(tenant("grants") + "/audit?outcome=access_denied")
                                .body())
                        .contains("editor@grants")
                        .contains("admin@grants"));
    }

    private static String inAMonth() {
        return fixture.installation()
                .clock()
                .instant()
                .plus(Duration.ofDays(30))
                .truncatedTo(ChronoUnit.SECONDS)
                .toString();
    }

    @Test
    void showsAKeyOnceAndWithdrawsItAtOnce() throws Exception {
        AdminClient owner = owner("keys");
        AdminClient.Answer issued =
                owner.post(tenant("keys") + "/api-keys", json("name", "site", "app", "site", "expires_at", inAMonth()));
        assertThat(issued.status()).as(issued.body()).isEqualTo(201);
        assertThat(issued.header("Cache-Control")).contains("no-store");
        String key = issued.json().getString("key");
        String path = issued.header("Location").orElseThrow();
        AdminClient.Answer shown = owner.get(path);
        assertThat(shown.json()).isEqualTo(issued.json().getJsonObject("api_key"));
        assertThat(shown.body() + owner.get(tenant("keys") + "/api-keys").body())
                .doesNotContain(key);
        assertThat(shown.json().getJsonArray("scopes")).containsExactly("models", "tools");
        AdminClient caller = operator.as(key);
        assertThat(caller.get(tenant("keys")).status()).as("made for calls").isEqualTo(403);
        assertThat(caller.get("/none").status()).isEqualTo(404);
        assertThat(owner.delete(path).status()).isEqualTo(204);
        assertThat(caller.get("/none").status()).isEqualTo(401);
        assertThat(owner.get(path).json().containsKey("revoked_at")).isTrue();
        assertThat(owner.delete(path).status()).as("again").isEqualTo(400);
    }

    @Test
    void takesAKeyOfSomebodyWhoIsNoMemberAnyMoreForNone() throws Exception {
        AdminClient owner = owner("leaving");
        fixture.addMember("leaving", "ann", "admin");
        AdminClient ann = fixture.keyOf("leaving", "ann", "admin", "admin:write");
        assertThat(ann.get(tenant("leaving")).status()).isEqualTo(200);
        assertThat(owner.patch(tenant("leaving") + "/members/ann", json("role", "normal"))
                        .status())
                .isEqualTo(200);
        assertThat(ann.get(tenant("leaving") + "/audit").status()).isEqualTo(403);
        assertThat(owner.delete(tenant("leaving") + "/members/ann").status()).isEqualTo(204);
        AdminClient.Answer refused = ann.get(tenant("leaving"));
        assertThat(refused.status()).isEqualTo(401);
        assertThat(refused.body())
                .isEqualTo(operator.as("bac_unknown").get(tenant("leaving")).body());
    }

    @Test
    void keepsProviders() throws Exception {
        AdminClient owner = owner("providers");
        AdminClient.Answer one = owner.get(credentials("providers"));
        assertThat(one.json().getString("preferred")).isEqualTo("none");
        assertThat(one.json().getJsonArray("form").encode())
                .contains("\"base_url\"")
                .contains("secret-input");
        assertThat(owner.get(tenant("providers") + "/providers?limit=200")
                        .data()
                        .encode())
                .contains("\"openai\"")
                .contains("\"local\"");
        AdminClient.Answer changed =
                owner.patch(credentials("providers"), json("enabled", false, "preferred", "custom", "descend", true));
        assertThat(changed.json().getBoolean("enabled")).isFalse();
        assertThat(changed.json().getString("preferred")).isEqualTo("custom");
        assertThat(owner.patch(credentials("providers"), json("descend", false))
                        .json()
                        .getString("preferred"))
                .isEqualTo("custom");
        assertThat(owner.patch(credentials("providers"), json("preferred", "mine"))
                        .status())
                .isEqualTo(400);
        assertThat(owner.get(tenant("providers") + "/providers/none").status()).isEqualTo(404);
        fixture.addCredential(owner, credentials("providers"), "main", "sk-1");
        assertThat(owner.delete(credentials("providers")).status()).isEqualTo(204);
        assertThat(owner.get(credentials("providers")).json().getInteger("credentials"))
                .isZero();
    }

    @Test
    void keepsCredentialsAndHidesTheirSecrets() throws Exception {
        AdminClient owner = owner("secrets");
        String base = credentials("secrets");
        String first = fixture.addCredential(owner, base, "first", "sk-first-000000000000000000");
        String second = fixture.addCredential(owner, base, "second", "sk-second-00000000000000000");
        String path = base + "/credentials/" + first;
        AdminClient.Answer shown = owner.get(path);
        assertThat(shown.json().getBoolean("active")).isTrue();
        assertThat(shown.json().getJsonObject("values").getString("api_key"))
                .startsWith("******")
                .doesNotContain("first");
        assertThat(owner.get(base + "/credentials").data()).hasSize(2);

        AdminClient.Answer kept = owner.patch(
                path,
                json(
                        "name",
                        "renamed",
                        "values",
                        fixture.values("[__HIDDEN__]").put("base_url", fixture.provider.url("/v2"))));
        assertThat(kept.status()).as(kept.body()).isEqualTo(200);
        assertThat(kept.json().getString("name")).isEqualTo("renamed");
        assertThat(kept.json().getLong("version")).isEqualTo(2);
        assertThat(fixture.askedWith("sk-first-000000000000000000")).isFalse();
        assertThat(owner.send("POST", path + "/validate", null).status()).isEqualTo(204);
        assertThat(fixture.askedWith("sk-first-000000000000000000"))
                .as("the secret that was kept")
                .isTrue();

        assertThat(owner.send("POST", base + "/credentials/" + second + "/activate", null)
                        .json()
                        .getBoolean("active"))
                .isTrue();
        assertThat(owner.get(path).json().getBoolean("active")).isFalse();
        AdminClient.Answer rotated = owner.post(
                path + "/rotate", json("values", fixture.values("sk-third-000000000000000000"), "grace_seconds", 60));
        assertThat(rotated.json().containsKey("previous_until")).isTrue();
        assertThat(owner.delete(path).status()).isEqualTo(204);
        assertThat(owner.get(path).status()).isEqualTo(404);
    }

    @Test
    void sharesACredentialWithSomeMembersAlone() throws Exception {
        AdminClient owner = owner("sharing");
        assertThat(owner.post(tenant("sharing") + "/members", json("user", "bob", "role", "normal"))
                        .status())
                .isEqualTo(201);
        String base = credentials("sharing") + "/credentials";
        String path = base + "/"
                + owner.post(base, json("name", "shared", "values", fixture.values("sk-shared-00000000000000")))
                        .json()
                        .getString("id");
        AdminClient.Answer before = owner.get(path);
        assertThat(before.json().getString("visibility")).isEqualTo("all_team_members");

        AdminClient.Answer shared =
                owner.post(path + "/share", json("users", new JsonArray().add("bob"), "visibility", "partial_members"));

        assertThat(shared.status()).as(shared.body()).isEqualTo(200);
        assertThat(shared.json().getJsonArray("users")).containsExactly("bob");
        assertThat(owner.get(path).header("ETag")).isNotEqualTo(before.header("ETag"));
        AdminClient.Answer stranger =
                owner.post(path + "/share", json("users", new JsonArray().add("eve"), "visibility", "partial_members"));
        assertThat(stranger.status()).isEqualTo(400);
        assertThat(stranger.body()).contains("'eve' is no member");
        assertThat(owner.post(path + "/share", json("visibility", "everybody")).body())
                .contains("all_team_members, only_me, partial_members");
    }

    @Test
    void triesCredentialsOutBeforeTheyAreKept() throws Exception {
        AdminClient owner = owner("trying");
        String path = credentials("trying") + "/credentials";
        assertThat(owner.post(path + "/validate", json("values", fixture.values("sk-good")))
                        .status())
                .isEqualTo(204);
        fixture.provider.handle(request -> Reply.json(
                401, "{\"error\":{\"message\":\"Incorrect API key provided\",\"code\":\"invalid_api_key\"}}"));
        try {
            AdminClient.Answer refused = owner.post(path, json("values", fixture.values("sk-bad"), "validate", true));
            assertThat(refused.status()).isEqualTo(502);
            assertThat(refused.code()).isEqualTo("authorization_error");
            assertThat(owner.get(path).data()).isEmpty();
        } finally {
            fixture.answerWell();
        }
    }

    @Test
    @DisplayName("CRED-15: another tenant's path is answered like one that is not there, whoever asks")
    void hidesOtherTenants() throws Exception {
        AdminClient mine = owner("mine");
        AdminClient theirs = owner("theirs");
        String id = fixture.addCredential(theirs, credentials("theirs"), "main", "sk-1");
        for (String path : List.of(
                "",
                "/members",
                "/members/owner@theirs",
                "/api-keys",
                "/audit",
                "/providers/" + PROVIDER + "/credentials/" + id)) {
            AdminClient.Answer foreign = mine.get(tenant("theirs") + path);
            AdminClient.Answer none = mine.get(tenant("not-there") + path);
            assertThat(foreign.status()).as(path).isEqualTo(404);
            assertThat(withoutId(foreign)).isEqualTo(withoutId(none));
        }
        AdminClient.Answer foreignId = mine.get(credentials("mine") + "/credentials/" + id);
        AdminClient.Answer noId = mine.get(credentials("mine") + "/credentials/0000");
        assertThat(foreignId.status()).isEqualTo(404);
        assertThat(withoutId(foreignId)).isEqualTo(withoutId(noId));
        assertThat(withoutId(mine.get(tenant("theirs")))).isEqualTo(withoutId(operator.get(tenant("not-there"))));
    }

    private static String withoutId(AdminClient.Answer answer) {
        return answer.body().replaceAll("req-[0-9a-f-]+", "");
    }

    @Test
    void makesChangesConditional() throws Exception {
        AdminClient owner = owner("tags");
        String path = credentials("tags") + "/credentials/"
                + fixture.addCredential(owner, credentials("tags"), "main", "sk-1");
        AdminClient.Answer read = owner.get(path);
        String tag = read.tag();
        assertThat(tag).startsWith("\"").endsWith("\"");
        AdminClient.Answer same = owner.get(path, "If-None-Match", "\"other\", W/" + tag);
        assertThat(same.status()).isEqualTo(304);
        assertThat(same.body()).isEmpty();
        assertThat(same.tag()).isEqualTo(tag);
        JsonObject change = json("values", fixture.values("sk-2"));
        assertThat(owner.patch(path, change, "If-Match", "\"other\"").status()).isEqualTo(412);
        assertThat(owner.patch(path, change, "If-Match", "W/" + tag).status())
                .as("weak")
                .isEqualTo(412);
        assertThat(owner.patch(path, change, "If-None-Match", "*").status()).isEqualTo(412);
        assertThat(owner.patch(path, change, "If-Match", "no tag").status()).isEqualTo(400);
        assertThat(owner.get(path).tag()).isEqualTo(tag);
        AdminClient.Answer changed = owner.patch(path, change, "If-Match", tag);
        assertThat(changed.status()).isEqualTo(200);
        assertThat(changed.tag()).isNotEqualTo(tag).isEqualTo(owner.get(path).tag());
        assertThat(owner.patch(path, change, "If-Match", tag).code()).isEqualTo("precondition_failed");
        assertThat(owner.patch(path, change, "If-Match", "*").status()).isEqualTo(200);
        assertThat(owner.delete(path, "If-Match", tag).status()).isEqualTo(412);
        assertThat(owner.get(credentials("tags") + "/credentials", "If-None-Match", "*")
                        .status())
                .as("a list has no tag")
                .isEqualTo(400);
    }

    @Test
    @DisplayName("CONC: of many changes on one condition, one is made")
    void makesOneOfManyChangesOnOneCondition() throws Exception {
        AdminClient owner = owner("racing");
        String base = credentials("racing");
        String path = base + "/credentials/" + fixture.addCredential(owner, base, "main", "sk-1");
        String tag = owner.get(path).tag();
        ExecutorService many = Executors.newFixedThreadPool(8);
        List<Callable<Integer>> changes = new ArrayList<>();
        for (int i = 0; i < 24; i++) {
            String secret = "sk-" + i;
            changes.add(() -> owner.patch(path, json("values", fixture.values(secret)), "If-Match", tag)
                    .status());
        }
        List<Integer> statuses = new ArrayList<>();
        for (Future<Integer> change : many.invokeAll(changes)) {
            statuses.add(change.get());
        }
        many.shutdown();
        assertThat(statuses).containsOnly(200, 412).containsOnlyOnce(200);
        assertThat(owner.get(path).json().getLong("version")).isEqualTo(2);
    }

    @Test
    void keepsModelsWhoseNamesHoldSlashesAndColons() throws Exception {
        AdminClient owner = owner("models");
        String model = credentials("models") + "/models/llm/" + MODEL_PATH;
        String id = fixture.addCredential(owner, model, "main", "sk-1");
        AdminClient.Answer shown = owner.get(model);
        assertThat(shown.status()).as(shown.body()).isEqualTo(200);
        assertThat(shown.json().getString("model")).isEqualTo(MODEL);
        assertThat(shown.json().getString("status")).isEqualTo("active");
        assertThat(owner.get(credentials("models") + "/models").data().encode()).contains(MODEL);
        assertThat(owner.patch(model, json("enabled", false)).json().getString("status"))
                .isEqualTo("disabled");
        assertThat(owner.patch(model, json("enabled", true)).json().getString("status"))
                .isEqualTo("active");
        assertThat(owner.get(model + "/credentials/" + id).status()).isEqualTo(200);

        String defaults = tenant("models") + "/default-models";
        assertThat(owner.get(defaults + "/llm").status()).isEqualTo(404);
        assertThat(owner.put(defaults + "/llm", json("provider", PROVIDER, "model", MODEL))
                        .json())
                .isEqualTo(json("type", "llm", "provider", PROVIDER, "model", MODEL));
        assertThat(owner.put(defaults + "/llm", json("provider", PROVIDER, "model", MODEL), "If-None-Match", "*")
                        .status())
                .isEqualTo(412);
        assertThat(owner.get(defaults).data()).hasSize(1);
        assertThat(owner.delete(defaults + "/llm").status()).isEqualTo(204);
        assertThat(owner.delete(model).status()).isEqualTo(204);
        assertThat(owner.get(model + "/credentials").data()).isEmpty();
    }

    @Test
    void spreadsCallsAndShowsHowCredentialsAreDoing() throws Exception {
        AdminClient owner = owner("balanced");
        String base = credentials("balanced");
        String bad = fixture.addCredential(owner, base, "bad", "sk-bad");
        String good = fixture.addCredential(owner, base, "good", "sk-good");
        String balancing = base + "/models/llm/" + MODEL_PATH + "/balancing";
        assertThat(owner.get(balancing).status()).isEqualTo(404);
        JsonObject wanted = json(
                "entries",
                new JsonArray().add(json("credential", "bad")).add(json("credential", good)),
                "fallbacks",
                new JsonArray()
                        .add(json("provider", PROVIDER, "model", "other", "on", new JsonArray().add("overloaded"))));
        AdminClient.Answer set = owner.put(balancing, wanted, "If-None-Match", "*");
        assertThat(set.status()).as(set.body()).isEqualTo(200);
        assertThat(set.json().getString("strategy")).isEqualTo("round_robin");
        assertThat(set.json().getJsonArray("entries").getJsonObject(0).getString("credential"))
                .isEqualTo(bad);
        assertThat(owner.put(
                                balancing,
                                json(
                                        "entries",
                                        new JsonArray()
                                                .add(json("credential", "none"))
                                                .add(json("credential", "good"))))
                        .code())
                .isEqualTo("credential_not_found");
        assertThat(owner.put(balancing, wanted.copy().put("sticky", true), "If-Match", set.tag())
                        .status())
                .isEqualTo(200);
        assertThat(owner.put(balancing, wanted, "If-Match", set.tag()).status()).isEqualTo(412);

        assertThat(owner.put(balancing, wanted).status()).as("not sticky").isEqualTo(200);

        fixture.provider.handle(
                request -> request.header("Authorization").orElse("").contains("bad")
                        ? Reply.json(429, "{\"error\":{\"message\":\"slow down\",\"code\":\"rate_limit_exceeded\"}}")
                                .header("Retry-After", "60")
                        : Reply.sse(
                                "{\"id\":\"c\",\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hi\"}}]}",
                                "{\"id\":\"c\",\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}",
                                "[DONE]"));
        owner.put(tenant("balanced") + "/default-models/llm", json("provider", PROVIDER, "model", MODEL));
        for (int i = 0; i < 3; i++) {
            assertThat(RawHttp.post(
                                    fixture.server.port(),
                                    "/chat",
                                    "hi",
                                    "Content-Type: text/plain",
                                    "Authorization: Bearer " + owner.key())
                            .status())
                    .isEqualTo(200);
        }
        fixture.answerWell();
        JsonObject state = owner.get(balancing + "/state").json();
        assertThat(state.getString("status")).isEqualTo("active");
        JsonObject out = health(state, "bad");
        assertThat(out.getString("credential")).isEqualTo(bad);
        assertThat(out.getLong("requests")).isEqualTo(1);
        assertThat(out.getLong("errors")).isEqualTo(1);
        assertThat(out.getString("last_error")).isEqualTo("rate_limit_error");
        assertThat(out.getJsonObject("cooling").getInstant("until")).isNotNull();
        assertThat(out.getJsonObject("cooling").getString("reason")).isEqualTo("rate_limited");
        JsonObject well = health(state, "good");
        assertThat(well.getLong("requests")).isEqualTo(3);
        assertThat(well.containsKey("cooling")).isFalse();
        assertThat(owner.delete(balancing).status()).isEqualTo(204);
        assertThat(owner.delete(balancing).status()).isEqualTo(404);
    }

    private static JsonObject health(JsonObject state, String name) {
        return state.getJsonArray("credentials").stream()
                .map(JsonObject.class::cast)
                .filter(one -> one.getString("name").equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void reportsUsageAndReadsTheAuditLog() throws Exception {
        AdminClient owner = owner("reports");
        AdminClient.Answer usage = owner.get(tenant("reports") + "/usage?by=day&since=2026-01-01&until=2026-02-01");
        assertThat(usage.status()).as(usage.body()).isEqualTo(200);
        assertThat(usage.json().getString("by")).isEqualTo("day");
        assertThat(usage.json().getJsonArray("sums")).isEmpty();
        for (String wrong : List.of("by=hour", "since=yesterday", "since=2026-02-01&until=2026-01-01", "limit=1000")) {
            assertThat(owner.get(tenant("reports") + "/usage?" + wrong).status())
                    .as(wrong)
                    .isEqualTo(400);
        }
        AdminClient.Answer first = owner.get(tenant("reports") + "/audit?limit=1");
        JsonObject newest = first.data().getJsonObject(0);
        assertThat(newest.getString("tenant")).isEqualTo("reports");
        AdminClient.Answer second = owner.get(
                tenant("reports") + "/audit?limit=1&after=" + first.json().getString("next"));
        assertThat(second.data().getJsonObject(0).getLong("id")).isLessThan(newest.getLong("id"));
        assertThat(owner.get(tenant("reports") + "/audit?action=apikey.create").data())
                .hasSize(1);
        assertThat(owner.get("/admin/audit").status()).isEqualTo(403);
        assertThat(operator.get("/admin/audit?limit=200").status()).isEqualTo(200);
    }

    @Test
    void keepsBudgetsAndLimits() throws Exception {
        AdminClient owner = owner("spending");
        String budgets = tenant("spending") + "/budgets";
        JsonObject month = json("unit", "money", "currency", "EUR", "limit", "12.50", "period", "month");
        AdminClient.Answer set = owner.put(budgets + "/month", month);
        assertThat(set.status()).as(set.body()).isEqualTo(200);
        assertThat(set.json().getJsonObject("origin").getString("set_by")).isEqualTo("tenant");
        JsonObject use = owner.get(budgets).data().getJsonObject(0);
        assertThat(use.getString("used")).isEqualTo("0");
        assertThat(use.getString("left")).isEqualTo("12.5");
        assertThat(use.getInstant("resets_at")).isNotNull();
        assertThat(owner.put(budgets + "/month", month, "If-Match", "\"other\"").status())
                .isEqualTo(412);
        assertThat(owner.put(budgets + "/week", json("unit", "beans", "limit", "1", "period", "week"))
                        .status())
                .isEqualTo(400);
        assertThat(operator.put(budgets + "/theirs", month).status()).isEqualTo(200);
        assertThat(owner.put(budgets + "/theirs", month).status())
                .as("the operator's")
                .isEqualTo(403);
        assertThat(owner.delete(budgets + "/month").status()).isEqualTo(204);
        assertThat(owner.get(budgets + "/month").status()).isEqualTo(404);
        String limits = tenant("spending") + "/limits";
        AdminClient.Answer limit =
                owner.put(limits + "/gentle", json("app", "*", "requests", 100, "concurrent", 5, "per", "1m"));
        assertThat(limit.status()).as(limit.body()).isEqualTo(200);
        assertThat(limit.json().getLong("requests")).isEqualTo(100);
        assertThat(owner.put(limits + "/gentle", json("requests", "100")).status())
                .as("a text where a number belongs")
                .isEqualTo(400);
        assertThat(owner.put(limits + "/none", json()).status()).isEqualTo(400);
        assertThat(owner.get(limits).data()).hasSize(1);
        assertThat(owner.delete(limits + "/gentle").status()).isEqualTo(204);
    }

    @Test
    void decidesOnCallsThatWait() throws Exception {
        AdminClient owner = owner("waiting");
        String id = fixture.approval("waiting");
        String path = tenant("waiting") + "/approvals";
        JsonObject waiting = owner.get(path).data().getJsonObject(0);
        assertThat(waiting.getString("id")).isEqualTo(id);
        assertThat(waiting.getJsonObject("arguments")).isEqualTo(json("url", "https://example.org"));
        assertThat(owner.get(path + "/none").status()).isEqualTo(404);
        AdminClient.Answer approved = owner.send("POST", path + "/" + id + "/approve", null);
        assertThat(approved.status()).as(approved.body()).isEqualTo(200);
        assertThat(approved.json().getString("status")).isEqualTo("approved");
        assertThat(approved.json().getString("decided_by")).contains("owner@waiting");
        assertThat(owner.send("POST", path + "/" + id + "/deny", null).status())
                .as("decided")
                .isEqualTo(400);
        assertThat(owner.get(path).data()).isEmpty();
    }

    @Test
    void refusesWhatIsNotOfItsShapeByName() throws Exception {
        fixture.addTenant("strict");
        String path = tenant("strict") + "/members";
        Map<String, String> wrong = Map.ofEntries(
                Map.entry("{\"user\":\"x\",\"role\":\"normal\",\"secret_role\":1}", "'secret_role'"),
                Map.entry("{\"user\":1,\"role\":\"normal\"}", "'user' has to be a text"),
                Map.entry("{\"user\":\"x\"}", "'role' is missing"),
                Map.entry("{\"user\":\"x\",\"role\":null}", "'role' is null"),
                Map.entry("{\"user\":\"x\",\"role\":\"king\"}", "'role': a role is one of owner"),
                Map.entry("{\"user\":\"\",\"role\":\"normal\"}", "'user'"),
                Map.entry("{\"user\":\"x\",\"user\":\"y\",\"role\":\"normal\"}", "names a field twice"),
                Map.entry("{\"user\":\"x\",\"role\":\"normal\"} x", "no JSON"),
                Map.entry("[]", "an object in JSON"),
                Map.entry("", "an object in JSON"),
                Map.entry("{\"user\":{\"a\":1},\"role\":[]}", "'user' has to be a text"),
                Map.entry("[".repeat(500), "no JSON"));
        for (Map.Entry<String, String> one : wrong.entrySet()) {
            AdminClient.Answer refused = operator.send("POST", path, one.getKey());
            assertThat(refused.status()).as(one.getKey()).isEqualTo(400);
            assertThat(refused.json().getJsonObject("error").getString("message"))
                    .as(one.getKey())
                    .contains(one.getValue());
        }
        assertThat(operator.get(path).data()).isEmpty();
        assertThat(operator.send("GET", path, "{}").status())
                .as("a body where none is taken")
                .isEqualTo(400);
    }

    @Test
    void answersMethodsAndTypesThatItDoesNotTake() throws Exception {
        fixture.addTenant("methods");
        AdminClient.Answer method = operator.send("PUT", tenant("methods") + "/members", "{}");
        assertThat(method.status()).isEqualTo(405);
        assertThat(method.header("Allow")).contains("GET, POST");
        assertThat(method.code()).isEqualTo("method_not_allowed");
        AdminClient.Answer type =
                operator.send("POST", tenant("methods") + "/members", "user=x", "Content-Type", "text/plain");
        assertThat(type.status()).isEqualTo(415);
        assertThat(operator.get(tenant("methods"), "Accept", "text/html").status())
                .isEqualTo(406);
        assertThat(operator.get("/admin/none").status()).isEqualTo(404);
        assertThat(operator.send("POST", tenant("methods") + "/members", "x".repeat(70_000))
                        .status())
                .isEqualTo(413);
    }

    @Test
    void isAskedByNoRoute() {
        Exception answer = fixture.server
                .camelContext()
                .createProducerTemplate()
                .send("bean:bactrianAdministration", exchange -> exchange.getMessage()
                        .setBody("{}"))
                .getException();
        assertThat(answer).hasMessageContaining("the administration is asked over HTTP");
    }
}
