package io.bactrian.core.manage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bactrian.core.config.BalancingEntry;
import io.bactrian.core.config.ModelFallback;
import io.bactrian.core.error.FailureClass;
import io.bactrian.core.provider.ProviderId;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BalancingTextTest {

    private static BalancingPlan.Entry entry(String name, int weight) {
        return new BalancingPlan.Entry(name, true, weight);
    }

    private static ModelFallback fallback(String provider, String model, FailureClass... on) {
        return on.length == 0
                ? ModelFallback.of(new ProviderId(provider), model)
                : new ModelFallback(new ProviderId(provider), model, Set.of(on));
    }

    @Test
    void readsCredentialsWithAndWithoutWeights() {
        assertThat(BalancingText.credentials(" a, b:3 ,__inherit__,team blue : 20"))
                .containsExactly(
                        entry("a", 1), entry("b", 3), entry(BalancingEntry.INHERIT, 1), entry("team blue", 20));
    }

    @Test
    void takesForAWeightOnlyDigitsBehindTheLastColon() {
        assertThat(BalancingText.credentials("team:blue, team:blue:2, a:b:, 7, a:-1, a:1.5, https://x:8443/y"))
                .containsExactly(
                        entry("team:blue", 1),
                        entry("team:blue", 2),
                        entry("a:b:", 1),
                        entry("7", 1),
                        entry("a:-1", 1),
                        entry("a:1.5", 1),
                        entry("https://x:8443/y", 1));
    }

    @Test
    void takesWhatStandsInQuotesAsItIs() {
        assertThat(BalancingText.credentials("\"team:1\", \"a, b\":3, \"say \"\"hi\"\"\" : 4, in \"the\" middle"))
                .containsExactly(
                        entry("team:1", 1), entry("a, b", 3), entry("say \"hi\"", 4), entry("in \"the\" middle", 1));
        assertThat(BalancingText.credential("a, b:3")).isEqualTo(entry("a, b", 3));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", " ", ",", "a,", ",a", "a,,b", "\"a", "\"a\"\"", "\"a\"b", "\"a\":x", ":3", "\"\"", "\" \":2"
            })
    void refusesCredentialsThatCannotBeMeant(String list) {
        assertThatThrownBy(() -> BalancingText.credentials(list)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void readsFallbacksWithAndWithoutConditions() {
        assertThat(BalancingText.fallbacks(
                        "anthropic/claude-x, openai/gpt-4o[context_length|rate_limited] ,local/m[ model_not_found ]"))
                .containsExactly(
                        fallback("anthropic", "claude-x"),
                        fallback("openai", "gpt-4o", FailureClass.CONTEXT_LENGTH, FailureClass.RATE_LIMITED),
                        fallback("local", "m", FailureClass.MODEL_NOT_FOUND));
    }

    @ParameterizedTest
    @CsvSource({
        "openrouter/meta-llama/llama-3.1:free, openrouter, meta-llama/llama-3.1:free",
        "openai/ft:gpt-4o@2024#7, openai, ft:gpt-4o@2024#7",
        "openai-compatible/a=b|c, openai-compatible, a=b|c",
        "bedrock/us.anthropic.claude-v1:0, bedrock, us.anthropic.claude-v1:0"
    })
    void endsTheProviderAtTheFirstSlashAndLeavesTheModelAlone(String text, String provider, String model) {
        assertThat(BalancingText.fallbacks(text + ", " + text + "[overloaded]"))
                .containsExactly(fallback(provider, model), fallback(provider, model, FailureClass.OVERLOADED));
    }

    @Test
    void takesAModelInQuotesAsItIs() {
        assertThat(BalancingText.fallbacks("\"openai/odd, [1]\"[rate_limited], \"openai/x \"\"y\"\"[z]\" , a/b"))
                .containsExactly(
                        fallback("openai", "odd, [1]", FailureClass.RATE_LIMITED),
                        fallback("openai", "x \"y\"[z]"),
                        fallback("a", "b"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "openai; PROVIDER/MODEL",
                "/gpt; PROVIDER/MODEL",
                "openai/; PROVIDER/MODEL",
                "OpenAI/gpt; a provider is named",
                "openai/gpt[context_length,rate_limited]; CLASS|CLASS",
                "openai/gpt[context_length; CLASS|CLASS",
                "openai/gpt context_length]; CLASS|CLASS",
                "openai/a[1][rate_limited]; CLASS|CLASS",
                "openai/gpt[]; is no class",
                "openai/gpt[rate_limited|]; is no class",
                "openai/gpt[slow]; 'slow' is no class of failures",
                "openai/gpt[client]; credential_dead",
                "\"openai/gpt\"rate_limited; CLASS|CLASS",
                "openai/gpt,; beside a comma"
            })
    void saysHowAFallbackIsWritten(String list, String message) {
        assertThatThrownBy(() -> BalancingText.fallbacks(list))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    @Test
    void refusesAListThatIsLongerThanAnyThatCouldBeMeant() {
        assertThatThrownBy(() -> BalancingText.credentials("a,".repeat(60_000) + "a"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at most");
    }

    @Test
    void namesTheUsualClassesWhereNoneIsGiven() {
        assertThat(BalancingText.fallback("a/b", List.of()).on()).isEqualTo(FailureClass.USUAL_FALLBACK);
        assertThat(BalancingText.fallback("a/b", List.of("overloaded")).on()).containsExactly(FailureClass.OVERLOADED);
    }
}
