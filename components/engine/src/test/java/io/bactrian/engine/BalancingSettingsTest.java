package io.bactrian.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.bactrian.core.access.Actor;
import io.bactrian.core.config.BalancingEntry;
import io.bactrian.core.config.BalancingStrategy;
import io.bactrian.core.config.ModelBalancing;
import io.bactrian.core.config.ModelFallback;
import io.bactrian.core.config.ProviderRecord;
import io.bactrian.core.config.StoredCredential;
import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.FailureClass;
import io.bactrian.core.error.InvokeException;
import io.bactrian.core.error.MisconfiguredException;
import io.bactrian.core.manage.BalancingPlan;
import io.bactrian.core.provider.ModelType;
import io.bactrian.core.tenant.TenantId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How calls are spread, as properties and files of workspaces say it. */
class BalancingSettingsTest {

    private static final TenantId ACME = new TenantId("acme");
    private static final String MINE = "bactrian.balancing.mine.";

    private final Map<String, String> properties = new HashMap<>();

    @TempDir
    Path folder;

    private Installation open() {
        Installation.Beans echo =
                new Installation.Beans(List.of(new ScriptedDialect()), List.of(), List.of(), List.of(), List.of());
        return Installation.open(new MapSettings(properties, name -> null), echo, Clock.systemUTC());
    }

    private void credentials(String... names) {
        for (String name : names) {
            properties.put("bactrian.credentials." + name + ".provider", "echo");
            properties.put("bactrian.credentials." + name + ".api_key", "key of " + name);
        }
    }

    private void withStore() {
        properties.put("bactrian.store.enabled", "true");
        properties.put("bactrian.data.folder", folder.resolve("data").toString());
    }

    private void workspace(String text) throws IOException {
        Path file = folder.resolve("config").resolve("workspaces").resolve("acme.yaml");
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        properties.put("bactrian.config.folder", folder.resolve("config").toString());
    }

    private static ProviderRecord echo(Installation installation, TenantId tenant) {
        return installation
                .configuration()
                .provider(tenant, ScriptedDialect.ECHO)
                .orElseThrow();
    }

    private static Optional<ModelBalancing> parrot(Installation installation, TenantId tenant) {
        return echo(installation, tenant).balancing(ModelType.LLM, "parrot");
    }

    /** The names of the credentials that entries refer to. */
    private static List<String> names(ProviderRecord record, ModelBalancing balancing) {
        return balancing.entries().stream()
                .map(entry -> record.credentials().stream()
                        .filter(credential -> credential.id().equals(entry.credential()))
                        .map(StoredCredential::name)
                        .map(Object::toString)
                        .findFirst()
                        .orElse(entry.key()))
                .toList();
    }

    @Test
    void readsBalancingFromProperties() {
        credentials("a", "b.with.dots");
        properties.put(MINE + "model", "echo/parrot");
        properties.put(MINE + "credentials", "a, b.with.dots:3, __inherit__");
        properties.put(MINE + "sticky", "true");
        properties.put(MINE + "fallbacks", "echo/macaw/x:1@2#3, echo/big[context_length|rate_limited]");

        try (Installation installation = open()) {
            ModelBalancing set = parrot(installation, TenantId.DEFAULT).orElseThrow();
            assertThat(names(echo(installation, TenantId.DEFAULT), set))
                    .containsExactly("a", "b.with.dots", BalancingEntry.INHERIT);
            assertThat(set.entries()).extracting(BalancingEntry::weight).containsExactly(1, 3, 1);
            assertThat(set.strategy()).isEqualTo(BalancingStrategy.WEIGHTED);
            assertThat(set.enabled()).isTrue();
            assertThat(set.sticky()).isTrue();
            assertThat(set.fallbacks())
                    .containsExactly(
                            ModelFallback.of(ScriptedDialect.ECHO, "macaw/x:1@2#3"),
                            new ModelFallback(
                                    ScriptedDialect.ECHO,
                                    "big",
                                    Set.of(FailureClass.CONTEXT_LENGTH, FailureClass.RATE_LIMITED)));
        }
    }

    @Test
    void leavesBalancingOffWhereOnlyFallbacksAreNamed() {
        properties.put(MINE + "model", "echo/parrot");
        properties.put(MINE + "fallbacks", "echo/macaw");
        properties.put(MINE + "credentials", " ");

        try (Installation installation = open()) {
            ModelBalancing set = parrot(installation, TenantId.DEFAULT).orElseThrow();
            assertThat(set.enabled()).isFalse();
            assertThat(set.strategy()).isEqualTo(BalancingStrategy.ROUND_ROBIN);
            assertThat(set.fallbacks()).hasSize(1);
        }
    }

    @Test
    void readsBalancingOfOtherTenantsAndSwitchedOff() {
        credentials("a", "b");
        properties.put("bactrian.credentials.a.tenant", "acme");
        properties.put("bactrian.credentials.b.tenant", "acme");
        properties.put(MINE + "tenant", "acme");
        properties.put(MINE + "model", "echo/parrot");
        properties.put(MINE + "credentials", "b,a");
        properties.put(MINE + "enabled", "false");
        properties.put(MINE + "strategy", "power_of_two");

        try (Installation installation = open()) {
            ModelBalancing set = parrot(installation, ACME).orElseThrow();
            assertThat(set.enabled()).isFalse();
            assertThat(set.strategy()).isEqualTo(BalancingStrategy.POWER_OF_TWO);
            assertThat(names(echo(installation, ACME), set)).containsExactly("b", "a");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "model; parrot; bactrian.balancing.mine.model: 'parrot': a model is written PROVIDER/MODEL",
                "model; ; bactrian.balancing.mine.model: set it",
                "model; ecco/parrot; there is no provider 'ecco', there are [",
                "type; wings; bactrian.balancing.mine.type: has to be one of [llm",
                "credentials; a; bactrian.balancing.mine.*: calls of echo/parrot can be spread over 2",
                "credentials; a,,b; bactrian.balancing.mine.credentials: something is missing beside a comma",
                "credentials; a,bb; there is no credential 'bb' that opens echo/parrot (llm), there are a, b",
                "credentials; a:0,b; credential 'a' has weight 0: a weight is from 1 to 1000",
                "credentials; a:x,b; there is no credential 'a:x'",
                "strategy; fastest; bactrian.balancing.mine.strategy: has to be one of [round_robin, weighted",
                "sticky; yes; bactrian.balancing.mine.sticky: has to be true or false",
                "enabled; on; bactrian.balancing.mine.enabled: has to be true or false",
                "fallbacks; echo/parrot; echo/parrot cannot be its own fallback",
                "fallbacks; macaw; bactrian.balancing.mine.fallbacks: 'macaw': a model is written",
                "fallbacks; echo/macaw[slow]; bactrian.balancing.mine.fallbacks: 'slow' is no class of failures",
                "tenant; Not A Tenant; bactrian.balancing.mine.tenant: ",
                "credential; a; bactrian.balancing.mine.credential: there is no such setting, known here are [credentials,"
            })
    void namesTheSettingThatIsWrong(String field, String value, String message) {
        credentials("a", "b");
        properties.put(MINE + "model", "echo/parrot");
        properties.put(MINE + "credentials", "a,b");
        properties.put(MINE + field, value == null ? "" : value);

        assertThatThrownBy(this::open)
                .isInstanceOf(MisconfiguredException.class)
                .hasMessageContaining("bactrian.balancing.mine.")
                .hasMessageContaining(message);
    }

    @Test
    void tellsAllThatIsWrongAtOnce() {
        credentials("a", "b");
        properties.put("bactrian.credentials.bad.provider", "ecco");
        properties.put("bactrian.balancing.model", "echo/parrot");
        properties.put("bactrian.balancing.one.model", "echo/parrot");
        properties.put("bactrian.balancing.one.credentials", "a,b");
        properties.put("bactrian.balancing.two.model", "echo/parrot");
        properties.put("bactrian.balancing.two.credentials", "b,a");
        properties.put("bactrian.balancing.three.model", "echo/macaw");

        assertThatThrownBy(this::open)
                .isInstanceOf(MisconfiguredException.class)
                .hasMessageContainingAll(
                        "bactrian.credentials.bad.*: there is no provider 'ecco'",
                        "bactrian.balancing.model: has to be bactrian.balancing.NAME.FIELD",
                        "bactrian.balancing.two.model: is in bactrian.balancing.one.model too",
                        "bactrian.balancing.three.credentials: set it, or fallbacks");
    }

    private static final String WORKSPACE = """
            credentials:
              - {provider: echo, name: one, values: {api_key: k1}}
              - {provider: echo, name: two, values: {api_key: k2}}
              - {provider: echo, name: "odd:1", values: {api_key: k3}}
            """;

    private static final String BALANCED = WORKSPACE + """
            balancing:
              - model: echo/parrot
                credentials:
                  - two:5
                  - '"odd:1"'
                  - {name: one, weight: 2, enabled: false}
                  - __inherit__
                sticky: true
                fallbacks:
                  - echo/macaw/x:1
                  - echo/big[context_length]
                  - {model: echo/bigger, on: [context_length, overloaded]}
              - {model: echo/mute, fallbacks: [echo/macaw]}
            """;

    @Test
    void readsBalancingFromAWorkspace() throws IOException {
        workspace(BALANCED);

        try (Installation installation = open()) {
            ModelBalancing set = parrot(installation, ACME).orElseThrow();
            assertThat(names(echo(installation, ACME), set))
                    .containsExactly("two", "odd:1", "one", BalancingEntry.INHERIT);
            assertThat(set.entries()).extracting(BalancingEntry::weight).containsExactly(5, 1, 2, 1);
            assertThat(set.entries()).extracting(BalancingEntry::enabled).containsExactly(true, true, false, true);
            assertThat(set.strategy()).isEqualTo(BalancingStrategy.WEIGHTED);
            assertThat(set.sticky()).isTrue();
            assertThat(set.fallbacks())
                    .containsExactly(
                            ModelFallback.of(ScriptedDialect.ECHO, "macaw/x:1"),
                            new ModelFallback(ScriptedDialect.ECHO, "big", Set.of(FailureClass.CONTEXT_LENGTH)),
                            new ModelFallback(
                                    ScriptedDialect.ECHO,
                                    "bigger",
                                    Set.of(FailureClass.CONTEXT_LENGTH, FailureClass.OVERLOADED)));
            assertThat(echo(installation, ACME)
                            .balancing(ModelType.LLM, "mute")
                            .orElseThrow()
                            .enabled())
                    .isFalse();
        }
    }

    @Test
    void appliesBalancingOnceAndTakesBackWhatIsNoLongerDeclared() throws IOException {
        withStore();
        workspace(BALANCED);
        long version;
        int audited;
        try (Installation installation = open()) {
            assertThat(echo(installation, ACME).balancing()).hasSize(2);
            version = installation.store().version(ACME);
            audited = installation.audit().latest(1000).size();
        }
        try (Installation installation = open()) {
            installation.store().refresh(ACME);
            assertThat(installation.store().version(ACME)).isEqualTo(version);
            assertThat(installation.audit().latest(1000)).hasSize(audited);
            BalancingPlan byHand = new BalancingPlan(
                    "by-hand",
                    ModelType.LLM,
                    true,
                    BalancingStrategy.ROUND_ROBIN,
                    false,
                    List.of(BalancingPlan.Entry.of("one"), BalancingPlan.Entry.of("two")),
                    List.of());
            installation.balancingManager().set(new Actor.Operator(), ACME, ScriptedDialect.ECHO, byHand);
            installation
                    .balancingManager()
                    .switchOff(new Actor.Operator(), ACME, ScriptedDialect.ECHO, "parrot", ModelType.LLM);
        }
        workspace(WORKSPACE.replaceFirst("(?m)^.*name: one.*\n", "") + """
                balancing:
                  - {model: echo/parrot, credentials: [two, "__inherit__"]}
                """);
        try (Installation installation = open()) {
            ProviderRecord record = echo(installation, ACME);
            assertThat(record.balancing()).hasSize(2);
            ModelBalancing parrot = parrot(installation, ACME).orElseThrow();
            assertThat(names(record, parrot)).containsExactly("two", BalancingEntry.INHERIT);
            assertThat(parrot.enabled()).isTrue();
            assertThat(names(record, record.balancing(ModelType.LLM, "by-hand").orElseThrow()))
                    .as("made by hand, of a credential that is left and one that has gone")
                    .containsExactly("two");
        }
    }

    @Test
    void namesTheLinesThatAreWrongBeforeAnythingIsApplied() throws IOException {
        withStore();
        workspace("""
                balancing:
                  - {model: parrot, credentials: [a, b]}
                  - {model: echo/parrot, credentials: [a]}
                  - {model: echo/parrot, strategy: fastest, credentials: [a, b]}
                  - {model: ecco/parrot, fallbacks: [echo/macaw]}
                  - {model: echo/mute, credentials: [{name: a, weight: 1.5}, {weight: 2}], stcky: true}
                  - {model: echo/macaw, fallbacks: [{model: echo/parrot, on: [slow]}, nonsense]}
                """);

        assertThatThrownBy(this::open)
                .isInstanceOf(MisconfiguredException.class)
                .hasMessageContainingAll(
                        "workspaces/acme.yaml:2: balancing[0].model",
                        "acme.yaml:3: balancing[1]: calls of echo/parrot can be spread over 2",
                        "acme.yaml:4: balancing[2].model: is there twice",
                        "acme.yaml:4: balancing[2].strategy: has to be one of",
                        "acme.yaml:5: balancing[3]: there is no provider 'ecco'",
                        "balancing[4].credentials[0].weight: has to be a whole number",
                        "balancing[4].credentials[1].name: is required",
                        "balancing[4].stcky: unknown name; known here are credentials, enabled",
                        "balancing[5].fallbacks[0].model: 'slow' is no class of failures",
                        "balancing[5].fallbacks[1]: 'nonsense': a model is written PROVIDER/MODEL");
    }

    @Test
    void namesTheFileWhoseCredentialIsNotThere() throws IOException {
        workspace(WORKSPACE + """
                balancing:
                  - {model: echo/parrot, credentials: [one, three]}
                """);

        InvokeException error = catchThrowableOfType(BadRequestException.class, this::open);

        assertThat(error.code()).isEqualTo(ErrorCode.CREDENTIAL_NOT_FOUND);
        assertThat(error)
                .hasMessageContainingAll("workspaces/acme.yaml: balancing of echo/parrot", "'three'", "one, two");
    }
}
