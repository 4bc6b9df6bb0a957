package io.bactrian.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bactrian.core.error.BadRequestException;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DynamicUrisTest {

    @ParameterizedTest
    @CsvSource({
        "tool:echo, echo",
        "tool:demo/echo?stream=true, demo/echo",
        "tool:a b#c%41, a b#cA",
        "tool:ünï/çødé, ünï/çødé",
        "tool://echo, echo"
    })
    void thePathIsDecoded(String uri, String path) {
        assertThat(DynamicUris.path(uri)).isEqualTo(path);
    }

    @Test
    void theQueryIsAllThatFollowsTheFirstQuestionMark() {
        assertThat(DynamicUris.query("tool:echo")).isEmpty();
        assertThat(DynamicUris.query("tool:echo?a=1&b=what?")).isEqualTo("a=1&b=what?");
    }

    @ParameterizedTest
    @DisplayName("HDR-07: what the route did not write is refused")
    @ValueSource(strings = {"tool:${header.x}", "tool:${header.x}?stream=true", "tool:${header.x}?stream=${header.y}"})
    void refusesOptionsThatTheExpressionBrought(String written) {
        assertThatThrownBy(
                        () -> DynamicUris.refuseSmuggled("tool", Set.of("stream", "tenant", "a secret value"), written))
                .isInstanceOf(BadRequestException.class)
                .hasMessageContaining("tenant")
                .hasMessageNotContaining("secret");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"tool:x?tenant=${header.y}", "tool:x?${header.options}", "tool:x?stream=true&${header.options}"})
    void takesOptionsThatTheRoutesAuthorHasWrittenOrLetIn(String written) {
        assertThatCode(() -> DynamicUris.refuseSmuggled("tool", Set.of("tenant"), written))
                .doesNotThrowAnyException();
    }
}
