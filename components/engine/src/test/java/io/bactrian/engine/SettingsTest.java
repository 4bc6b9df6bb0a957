package io.bactrian.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bactrian.core.error.MisconfiguredException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SettingsTest {

    private static MapSettings settings(Map<String, String> values) {
        return new MapSettings(values, Map.of("KEY", "from the environment")::get);
    }

    @Test
    void dashesAndCamelCaseAreOneSpelling() {
        MapSettings settings = settings(Map.of("bactrian.store.key-file", "a", "bactrian.store.poolSize", "4"));

        assertThat(settings.find("bactrian.store.keyFile")).contains("a");
        assertThat(settings.find("bactrian.store.key-file")).contains("a");
        assertThat(settings.find("bactrian.store.pool-size")).contains("4");
    }

    @Test
    void resolvesPlaceholdersOfTheEnvironmentOfOtherSettingsAndDefaults() {
        MapSettings settings = settings(Map.of("a", "{{env:KEY}}", "b", "<{{a}}>", "c", "{{env:NONE:otherwise}}"));

        assertThat(settings.find("b")).contains("<from the environment>");
        assertThat(settings.find("c")).contains("otherwise");
    }

    @Test
    void refusesWhatCannotBeResolvedInsteadOfTakingItAsItStands() {
        MapSettings settings =
                settings(Map.of("missing", "{{env:NONE}}", "vault", "{{aws:openai#key}}", "circle", "{{circle}}"));

        assertThatThrownBy(() -> settings.find("missing")).hasMessageContaining("{{env:NONE}}");
        assertThatThrownBy(() -> settings.find("vault")).hasMessageContaining("running Camel context");
        assertThatThrownBy(() -> settings.find("circle")).hasMessageContaining("circle");
    }

    @Test
    void aPrefixGivesEverySettingBelowIt() {
        MapSettings settings = settings(Map.of("a.b.c", "1", "a.b.d", "{{a.b.c}}2", "a.bc", "3", "a.c", "4"));

        assertThat(settings.startingWith("a.b.")).containsOnly(Map.entry("a.b.c", "1"), Map.entry("a.b.d", "12"));
    }

    @Test
    void takesWhatTheOperatorLetsOut() {
        assertThat(EgressSettings.client(settings(Map.of(
                                "bactrian.egress.allow", "localhost:11434, 10.1.2.3:8443",
                                "bactrian.egress.deny", "evil.example",
                                "bactrian.egress.own-addresses", "127.0.0.1:8080",
                                "bactrian.egress.max-connections-per-host", "10")))
                        .policy()
                        .toString())
                .contains("localhost", "10.1.2.3", "evil.example");
        for (Map<String, String> wrong : List.of(
                Map.of("bactrian.egress.ports", "0"),
                Map.of("bactrian.egress.proxy", "nowhere"),
                Map.of("bactrian.egress.own-addresses", "8080"),
                Map.of("bactrian.egress.max-connections", "many"))) {
            assertThatThrownBy(() -> EgressSettings.client(settings(wrong)))
                    .isInstanceOf(MisconfiguredException.class)
                    .hasMessageContaining(wrong.keySet().iterator().next());
        }
    }
}
