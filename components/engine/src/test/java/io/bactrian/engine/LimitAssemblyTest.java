package io.bactrian.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bactrian.core.access.Actor;
import io.bactrian.core.config.TenantRecord;
import io.bactrian.core.error.MisconfiguredException;
import io.bactrian.core.error.RateLimitedException;
import io.bactrian.core.invoke.InvocationTarget;
import io.bactrian.core.manage.NewApiKey;
import io.bactrian.core.model.LlmRequest;
import io.bactrian.core.provider.ModelType;
import io.bactrian.core.provider.ProviderId;
import io.bactrian.core.tenant.ApiKeyId;
import io.bactrian.core.tenant.AppId;
import io.bactrian.core.tenant.CallPath;
import io.bactrian.core.tenant.CallerClaim;
import io.bactrian.core.tenant.Deadline;
import io.bactrian.core.tenant.InvokeSource;
import io.bactrian.core.tenant.RequestId;
import io.bactrian.core.tenant.TenantId;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Limits from settings in a whole installation. */
class LimitAssemblyTest {

    private static final InvocationTarget PARROT =
            InvocationTarget.Model.of(new ProviderId("echo"), "parrot", ModelType.LLM);

    private final Map<String, String> properties = new TreeMap<>();

    @TempDir
    private Path folder;

    @BeforeEach
    void haveACredential() {
        properties.put("bactrian.credentials.main.provider", "echo");
        properties.put("bactrian.credentials.main.api_key", "key-1");
    }

    private Installation open() {
        Installation.Beans echo =
                new Installation.Beans(List.of(new ScriptedDialect()), List.of(), List.of(), List.of(), List.of());
        return Installation.open(new MapSettings(properties, name -> null), echo, Clock.systemUTC());
    }

    private static String key(Installation installation) {
        installation.store().putTenant(new TenantRecord(TenantId.DEFAULT, "Default", true));
        return installation
                .apiKeyManager()
                .issue(new Actor.Operator(), TenantId.DEFAULT, new NewApiKey("test", null, null))
                .record()
                .id();
    }

    private static String ask(Installation installation, String key) {
        CallerClaim claim = new CallerClaim(
                null,
                TenantId.DEFAULT,
                null,
                new AppId("shop"),
                null,
                InvokeSource.HTTP,
                0,
                new RequestId("r"),
                Deadline.in(Duration.ofSeconds(30)),
                CallPath.NONE,
                new ApiKeyId(key));
        return installation
                .modelManager()
                .instance(claim, PARROT)
                .invokeLlm(LlmRequest.ofText("who pays?"))
                .text();
    }

    @Test
    void hasNoLinkWhereThereAreNoLimits() {
        try (Installation installation = open()) {
            assertThat(installation.modelManager().chain().toString()).doesNotContain("RATE");
        }
    }

    @Test
    void keepsEachKeyWithinItsLimit() {
        properties.put("bactrian.limits.house.api-key", "*");
        properties.put("bactrian.limits.house.requests", "2");
        properties.put("bactrian.limits.house.per", "1h");
        try (Installation installation = open()) {
            for (String key : List.of(key(installation), key(installation))) {
                assertThat(ask(installation, key)).isEqualTo("key-1");
                assertThat(ask(installation, key)).isEqualTo("key-1");
                assertThatThrownBy(() -> ask(installation, key))
                        .isInstanceOf(RateLimitedException.class)
                        .hasMessageContaining("'house'")
                        .hasMessageContaining(key);
            }
        }
    }

    @Test
    void keepsLimitsOfThisProcessBesideADatabaseOfItsOwn() {
        properties.put("bactrian.store.enabled", "true");
        properties.put("bactrian.data.folder", folder.toString());
        properties.put("bactrian.limits.house.requests", "1");
        properties.put("bactrian.limits.house.per", "1h");
        try (Installation installation = open()) {
            assertThat(ask(installation, key(installation))).isEqualTo("key-1");
            assertThatThrownBy(() -> ask(installation, key(installation))).isInstanceOf(RateLimitedException.class);
        }
    }

    @Test
    void startsWithNoLimitThatIsWrong() {
        properties.put("bactrian.limits.house.requests", "plenty");

        assertThatThrownBy(this::open)
                .isInstanceOf(MisconfiguredException.class)
                .hasMessageContaining("bactrian.limits.house.requests");
    }
}
