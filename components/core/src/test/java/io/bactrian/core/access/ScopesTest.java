package io.bactrian.core.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.bactrian.core.provider.ProviderId;
import io.bactrian.core.tool.ToolAddress;
import io.bactrian.core.tool.ToolProviderType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScopesTest {

    private static final ProviderId OPENAI = new ProviderId("openai");

    @Test
    void aKeyForCallsDoesNotTouchTheConfiguration() {
        for (Permission permission : Permission.values()) {
            assertThat(Scopes.CALLS.admit(permission)).as(permission.text()).isEqualTo(permission.calls());
        }
    }

    @Test
    void whoeverMayWriteMayRead() {
        Scopes writing = Scopes.of(List.of("admin:write"));

        assertThat(writing.admit(Permission.CREDENTIAL_VIEW)).isTrue();
        assertThat(writing.admit(Permission.CREDENTIAL_MANAGE)).isTrue();
        assertThat(writing.admit(Permission.MODEL_INVOKE)).isFalse();
    }

    @Test
    void whoeverMayReadMayNotWrite() {
        Scopes reading = Scopes.of(List.of("admin:read"));

        for (Permission permission : Permission.values()) {
            assertThat(reading.admit(permission)).as(permission.text()).isEqualTo(permission.reads());
        }
    }

    @Test
    void admitsTheModelsThatAPatternMeans() {
        Scopes scopes = Scopes.of(List.of("models:openai/gpt-4o*"));

        assertThat(scopes.admitModel(OPENAI, "gpt-4o-mini")).isTrue();
        assertThat(scopes.admitModel(OPENAI, "o3")).isFalse();
        assertThat(scopes.admitModel(new ProviderId("anthropic"), "gpt-4o")).isFalse();
        assertThat(scopes.admit(Permission.TOOL_INVOKE)).isFalse();
    }

    @Test
    void admitsToolsByProviderAndByAddress() {
        ToolAddress clock = new ToolAddress(ToolProviderType.BUILTIN, "time", "current_time");

        assertThat(Scopes.of(List.of("tools:time/*")).admitTool(clock)).isTrue();
        assertThat(Scopes.of(List.of("tools:tool-builtin:*")).admitTool(clock)).isTrue();
        assertThat(Scopes.of(List.of("tools:tool-workflow:*")).admitTool(clock)).isFalse();
    }

    @ParameterizedTest
    @DisplayName("INNER-14: no key makes a key that may do what it may not")
    @CsvSource({
        "models,                models:openai/*,        true",
        "models:openai/*,       models:openai/gpt-4o,   true",
        "models:openai/*,       models:openai/gpt-*,    true",
        "models:*,              models,                 true",
        "models:openai/gpt-4o,  models:openai/*,        false",
        "models:openai/*,       models,                 false",
        "models:openai/*,       models:*/gpt-4o,        false",
        "models,                tools,                  false",
        "admin:write,           admin:read,             true",
        "admin:read,            admin:write,            false",
        "admin:write,           models,                 false",
    })
    void coversWhatItHolds(String ours, String theirs, boolean covered) {
        assertThat(Scopes.of(List.of(ours)).cover(Scopes.of(List.of(theirs)))).isEqualTo(covered);
    }

    @Test
    void allCoversEverything() {
        assertThat(Scopes.ALL.cover(Scopes.CALLS)).isTrue();
        assertThat(Scopes.CALLS.cover(Scopes.ALL)).isFalse();
        for (Permission permission : Permission.values()) {
            assertThat(Scopes.ALL.admit(permission)).as(permission.text()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "model",
                "models:",
                "models:gpt-4o",
                "MODELS",
                "admin",
                "admin:*",
                "admin:write:x",
                "tools:\u202Etime/x"
            })
    void refusesWhatIsNoScope(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Scopes.of(List.of(text)))
                .withMessageContaining("models:PROVIDER/MODEL");
    }

    @Test
    void refusesNoneAndTooMany() {
        List<String> many = new ArrayList<>(Collections.nCopies(51, "models"));

        assertThatIllegalArgumentException().isThrownBy(() -> Scopes.of(List.of()));
        assertThatIllegalArgumentException().isThrownBy(() -> Scopes.of(many));
    }

    @Test
    void readsWhatItWrote() {
        Scopes scopes = Scopes.of(List.of("tools", "admin:read", "tools", "models:openai/*"));

        assertThat(scopes.texts()).containsExactly("admin:read", "models:openai/*", "tools");
        assertThat(Scopes.of(scopes.texts())).isEqualTo(scopes).hasSameHashCodeAs(scopes);
    }
}
