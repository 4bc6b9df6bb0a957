package io.bactrian.core.credential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bactrian.core.error.BadRequestException;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CredentialFormTest {

    private static final CredentialForm FORM = new CredentialForm(List.of(
            field("api_key", FormType.SECRET_INPUT, true, null),
            field("second_key", FormType.SECRET_INPUT, false, null),
            field("base_url", FormType.TEXT_INPUT, true, "https://api.example"),
            new CredentialFormSchema(
                    "auth",
                    "Auth",
                    FormType.SELECT,
                    false,
                    "bearer",
                    List.of(option("bearer"), option("header")),
                    0,
                    List.of(),
                    null),
            new CredentialFormSchema(
                    "auth_header",
                    "Header",
                    FormType.TEXT_INPUT,
                    true,
                    null,
                    List.of(),
                    10,
                    List.of(new CredentialFormSchema.Condition("auth", "header")),
                    null),
            field("stream", FormType.SWITCH, false, null),
            field("size", FormType.TEXT_INPUT, false, null)));

    private static CredentialFormSchema field(String name, FormType type, boolean required, String otherwise) {
        return new CredentialFormSchema(name, name, type, required, otherwise, List.of(), 0, List.of(), null);
    }

    private static CredentialFormSchema.Option option(String value) {
        return new CredentialFormSchema.Option(value, value, List.of());
    }

    private static Credentials given(Object... namesAndValues) {
        Map<String, CredentialValue> values = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            Object value = namesAndValues[i + 1];
            values.put(
                    (String) namesAndValues[i],
                    value instanceof Boolean flag
                            ? new CredentialValue.Flag(flag)
                            : value instanceof Integer number
                                    ? new CredentialValue.Number(BigDecimal.valueOf(number))
                                    : new CredentialValue.Text((String) value));
        }
        return Credentials.of(values);
    }

    @Test
    void hidesSecretsAndFillsDefaultsIn() {
        Credentials checked = FORM.check(given("api_key", "sk-1"));

        assertThat(checked.secret("api_key").map(Secret::reveal)).contains("sk-1");
        assertThat(checked.text("api_key")).as("a secret is not text").isEmpty();
        assertThat(checked.text("base_url")).contains("https://api.example");
        assertThat(checked.text("auth")).contains("bearer");
    }

    @Test
    void explicitFalseAndZeroSurvive() {
        Credentials checked = FORM.check(given("api_key", "sk-1", "stream", false, "size", 0));

        assertThat(checked.find("stream")).contains(new CredentialValue.Flag(false));
        assertThat(checked.find("size")).contains(new CredentialValue.Number(BigDecimal.ZERO));
    }

    @Test
    void namesEveryWrongFieldAtOnce() {
        assertThatThrownBy(() -> FORM.check(
                        given("auth", "header", "auth_header", "longer than ten", "stream", "maybe", "unknown", "x")))
                .isInstanceOf(BadRequestException.class)
                .hasMessageContainingAll(
                        "api_key: required",
                        "auth_header: longer than 10",
                        "stream: true or false",
                        "unknown: not a field");
    }

    @Test
    void refusesAChoiceThatIsNotOffered() {
        assertThatThrownBy(() -> FORM.check(given("api_key", "k", "auth", "basic")))
                .hasMessageContaining("auth: one of [bearer, header]");
    }

    @Test
    void aFieldThatIsNotShownNeitherCountsNorIsStored() {
        Credentials checked = FORM.check(given("api_key", "k", "auth", "bearer", "auth_header", "X"));

        assertThat(checked.names()).doesNotContain("auth_header");
        assertThatThrownBy(() -> FORM.check(given("api_key", "k", "auth", "header")))
                .hasMessageContaining("auth_header: required");
    }

    @Test
    void theMaskKeepsTheStoredSecretAndIsNeverStoredItself() {
        // CRED-12
        Credentials stored = FORM.check(given("api_key", "sk-old", "second_key", "sk-two"));

        Credentials updated = FORM.update(given("api_key", CredentialForm.UNCHANGED, "base_url", "https://b"), stored);

        assertThat(updated.secret("api_key").map(Secret::reveal)).contains("sk-old");
        assertThat(updated.names()).as("a field left out is removed").doesNotContain("second_key");
        assertThatThrownBy(() -> FORM.check(given("api_key", CredentialForm.UNCHANGED)))
                .hasMessageContaining("none is stored");
    }

    @Test
    void showsSecretsAsAMarkerOfFixedWidth() {
        // CRED-11
        String shortSecret =
                FORM.obfuscated(FORM.check(given("api_key", "abc"))).get("api_key");
        String longSecret = FORM.obfuscated(FORM.check(given("api_key", "sk-0123456789abcdefXY")))
                .get("api_key");

        assertThat(shortSecret).isEqualTo("*".repeat(20));
        assertThat(longSecret).isEqualTo("*".repeat(18) + "XY");
    }

    @Test
    void errorsNeverHoldTheValue() {
        assertThatThrownBy(() -> FORM.check(given("api_key", "k", "auth", "canary-99")))
                .message()
                .doesNotContain("canary");
    }
}
