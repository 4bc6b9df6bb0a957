package io.bactrian.core.error;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bactrian.core.config.TenantRecord;
import io.bactrian.core.credential.CredentialName;
import io.bactrian.core.invoke.InvocationTarget;
import io.bactrian.core.provider.ModelType;
import io.bactrian.core.provider.ProviderId;
import io.bactrian.core.tenant.AppId;
import io.bactrian.core.tenant.RequestId;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tenant.UserId;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SafeTextTest {

    private static final List<Function<String, Object>> NAMES = List.of(
            UserId::new,
            AppId::new,
            RequestId::new,
            CredentialName::new,
            name -> new TenantRecord(TenantId.DEFAULT, name, true),
            name -> InvocationTarget.Model.of(new ProviderId("p"), name, ModelType.LLM));

    @ParameterizedTest
    @ValueSource(strings = {"a\nb", "a\rb", "a\u001b[31mb", "a\u202eb", "a\u2066b", "a\u2028b", "a\u0000b", "a\u0085b"})
    void noNameCanForgeALogLine(String name) {
        // LOG-02
        assertThat(SafeText.showable(name)).isFalse();
        for (Function<String, Object> make : NAMES) {
            assertThatThrownBy(() -> make.apply(name)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void namesOfRealModelsAndPeopleAreFine() {
        for (String name : List.of("gpt-4o", "llama3:8b", "@cf/meta/llama-3", "ft:gpt-4o::id", "Zoë 山田", "a b#c+d")) {
            assertThat(SafeText.showable(name)).isTrue();
            InvocationTarget.Model.of(new ProviderId("p"), name, ModelType.LLM);
        }
    }
}
