package io.bactrian.testkit.contract;

import static io.bactrian.testkit.contract.StoreFixture.refused;
import static io.bactrian.testkit.contract.StoreFixture.secret;
import static org.assertj.core.api.Assertions.assertThat;

import io.bactrian.core.config.CredentialScope;
import io.bactrian.core.config.CredentialUnreadableException;
import io.bactrian.core.config.CustomModelRecord;
import io.bactrian.core.config.NewCredential;
import io.bactrian.core.config.StoredCredential;
import io.bactrian.core.credential.CredentialForm;
import io.bactrian.core.credential.CredentialFormSchema;
import io.bactrian.core.credential.CredentialId;
import io.bactrian.core.credential.CredentialName;
import io.bactrian.core.credential.CredentialValue;
import io.bactrian.core.credential.Credentials;
import io.bactrian.core.credential.FormType;
import io.bactrian.core.credential.Secret;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.InvokeException;
import io.bactrian.core.provider.ModelType;
import io.bactrian.core.tenant.TenantId;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** How named credentials live: added, switched, changed and removed, at provider and at model level. */
public interface CredentialContract extends StoreFixture {

    @Test
    default void makesTheFirstCredentialOfAScopeTheActiveOne() {
        addTenants();
        CredentialId first = add(ACME, PROVIDER, "first", "s-1");
        CredentialId second = add(ACME, PROVIDER, "second", "s-2");
        CredentialId ofModel = add(ACME, MODEL, "first", "s-3");

        assertThat(openai(ACME).configured()).isTrue();
        assertThat(openai(ACME).enabled()).isTrue();
        assertThat(openai(ACME).activeCredential()).isEqualTo(first);
        assertThat(openai(ACME).credentials()).extracting(StoredCredential::id).containsExactly(first, second);
        assertThat(openai(ACME).credentials())
                .extracting(stored -> stored.name().value())
                .containsExactly("first", "second");
        CustomModelRecord model = openai(ACME).models().get(0);
        assertThat(model.model()).isEqualTo("ft:gpt/4o@acme::7 \"x\"");
        assertThat(model.type()).isEqualTo(ModelType.LLM);
        assertThat(model.activeCredential()).isEqualTo(ofModel);
        assertThat(model.credentials()).extracting(StoredCredential::id).containsExactly(ofModel);
    }

    @Test
    default void doesNotConfigureAProviderByAModelsCredential() {
        addTenants();
        add(ACME, MODEL, "main", "s-1");

        assertThat(openai(ACME).configured()).isFalse();
        assertThat(openai(ACME).activeCredential()).isNull();
        assertThat(openai(ACME).credentials()).isEmpty();
    }

    @Test
    default void keepsModelsOfOneNameAndSeveralTypesApart() {
        addTenants();
        CredentialScope rerank = new CredentialScope.OfModel(OPENAI, "ft:gpt/4o@acme::7 \"x\"", ModelType.RERANK);
        CredentialScope upper = new CredentialScope.OfModel(OPENAI, "FT:gpt/4o@acme::7 \"x\"", ModelType.LLM);
        CredentialId llm = add(ACME, MODEL, "main", "s-1");
        CredentialId other = add(ACME, rerank, "main", "s-2");
        CredentialId third = add(ACME, upper, "main", "s-3");

        assertThat(openai(ACME).models())
                .extracting(CustomModelRecord::activeCredential)
                .containsExactlyInAnyOrder(llm, other, third);
        assertThat(secretOf(ACME, llm)).isEqualTo("s-1");
        assertThat(secretOf(ACME, other)).isEqualTo("s-2");
        assertThat(secretOf(ACME, third)).isEqualTo("s-3");
    }

    @Test
    @DisplayName("CACHE-03: two tenants with the same provider and credential names have their own values")
    default void keepsTenantsApart() {
        addTenants();
        CredentialId acme = add(ACME, PROVIDER, "main", "s-acme");
        CredentialId globex = add(GLOBEX, PROVIDER, "main", "s-globex");

        assertThat(acme).isNotEqualTo(globex);
        assertThat(secretOf(ACME, acme)).isEqualTo("s-acme");
        assertThat(secretOf(GLOBEX, globex)).isEqualTo("s-globex");
        assertThat(openai(ACME).credentials()).hasSize(1);
    }

    @Test
    default void givesValuesBackTypedAsTheyWere() throws CredentialUnreadableException {
        addTenants();
        Map<String, CredentialValue> values = new LinkedHashMap<>();
        values.put("z_key", new CredentialValue.Hidden(Secret.of("κλειδί\n\"\\ \u0001 🐫")));
        values.put("off", new CredentialValue.Flag(false));
        values.put("on", new CredentialValue.Flag(true));
        values.put("zero", new CredentialValue.Number(new BigDecimal("0")));
        values.put("exact", new CredentialValue.Number(new BigDecimal("123456789012345678901234567890.1500")));
        values.put("empty", new CredentialValue.Text(""));
        values.put("looks_secret", new CredentialValue.Text("Secret[hidden]"));
        values.put("looks_flag", new CredentialValue.Text("false"));
        Credentials given = Credentials.of(values);
        store().addCredential(ACME, PROVIDER, new NewCredential(new CredentialName("typed"), given, null));
        store().addCredential(ACME, PROVIDER, new NewCredential(new CredentialName("none"), Credentials.NONE, null));

        Credentials opened = openai(ACME).credentials().get(0).open();

        assertThat(opened).isEqualTo(given);
        assertThat(opened.names()).containsExactlyElementsOf(values.keySet());
        assertThat(openai(ACME).credentials().get(1).open()).isEqualTo(Credentials.NONE);
    }

    @Test
    default void refusesANameThatIsTakenInItsScope() {
        addTenants();
        CredentialId first = add(ACME, PROVIDER, "main", "s-1");
        CredentialId second = add(ACME, PROVIDER, "other", "s-2");
        add(ACME, MODEL, "main", "s-3");
        add(ACME, new CredentialScope.OfProvider(LOCAL), "main", "s-4");
        add(GLOBEX, PROVIDER, "main", "s-5");

        assertThat(refused(ErrorCode.INVALID_PARAM, () -> add(ACME, PROVIDER, "main", "canary-secret")))
                .hasMessageContaining("main")
                .hasMessageNotContaining("canary-secret");
        refused(ErrorCode.INVALID_PARAM, () -> add(ACME, MODEL, "main", "s"));
        refused(ErrorCode.INVALID_PARAM, () -> store().updateCredential(
                        ACME, PROVIDER, second, 0, new CredentialName("main"), secret("s")));

        assertThat(openai(ACME).credentials()).extracting(StoredCredential::id).containsExactly(first, second);
        assertThat(secretOf(ACME, second)).isEqualTo("s-2");
        // its own name is not taken
        store().updateCredential(ACME, PROVIDER, first, 0, new CredentialName("main"), secret("s-6"));
        assertThat(secretOf(ACME, first)).isEqualTo("s-6");
    }

    @Test
    default void switchesTheActiveCredential() {
        addTenants();
        CredentialId first = add(ACME, PROVIDER, "first", "s-1");
        CredentialId second = add(ACME, PROVIDER, "second", "s-2");
        CredentialId ofModel = add(ACME, MODEL, "first", "s-3");
        CredentialId otherOfModel = add(ACME, MODEL, "second", "s-4");

        store().activateCredential(ACME, PROVIDER, second);
        store().activateCredential(ACME, MODEL, otherOfModel);
        assertThat(openai(ACME).activeCredential()).isEqualTo(second);
        assertThat(openai(ACME).models().get(0).activeCredential()).isEqualTo(otherOfModel);

        store().activateCredential(ACME, PROVIDER, first);
        store().activateCredential(ACME, PROVIDER, first);
        assertThat(openai(ACME).activeCredential()).isEqualTo(first);
        refused(ErrorCode.CREDENTIAL_NOT_FOUND, () -> store().activateCredential(ACME, PROVIDER, ofModel));
        assertThat(openai(ACME).activeCredential()).isEqualTo(first);
    }

    @Test
    default void leavesNoneActiveWhenTheActiveOneIsRemoved() {
        addTenants();
        CredentialId first = add(ACME, PROVIDER, "first", "s-1");
        CredentialId second = add(ACME, PROVIDER, "second", "s-2");
        CredentialId ofModel = add(ACME, MODEL, "first", "s-3");

        store().removeCredential(ACME, PROVIDER, first);
        store().removeCredential(ACME, MODEL, ofModel);

        assertThat(openai(ACME).configured()).isTrue();
        assertThat(openai(ACME).activeCredential()).isNull();
        assertThat(openai(ACME).credentials()).extracting(StoredCredential::id).containsExactly(second);
        assertThat(openai(ACME).models()).hasSize(1);
        assertThat(openai(ACME).models().get(0).activeCredential()).isNull();

        store().removeCredential(ACME, PROVIDER, second);
        assertThat(openai(ACME).configured()).isTrue();
        assertThat(openai(ACME).credentials()).isEmpty();

        CredentialId third = add(ACME, PROVIDER, "first", "s-4");
        assertThat(openai(ACME).activeCredential()).isEqualTo(third);
    }

    @Test
    default void activatesACredentialAddedWhileNoneIsActive() {
        addTenants();
        CredentialId first = add(ACME, PROVIDER, "first", "s-1");
        add(ACME, PROVIDER, "second", "s-2");
        store().removeCredential(ACME, PROVIDER, first);

        CredentialId third = add(ACME, PROVIDER, "third", "s-3");

        assertThat(openai(ACME).activeCredential()).isEqualTo(third);
    }

    @Test
    default void keepsTheActiveOneWhenAnotherIsRemoved() {
        addTenants();
        CredentialId first = add(ACME, PROVIDER, "first", "s-1");
        CredentialId second = add(ACME, PROVIDER, "second", "s-2");

        store().removeCredential(ACME, PROVIDER, second);

        assertThat(openai(ACME).activeCredential()).isEqualTo(first);
        refused(ErrorCode.CREDENTIAL_NOT_FOUND, () -> store().removeCredential(ACME, PROVIDER, second));
    }

    @Test
    default void countsTheChangesOfACredential() {
        addTenants();
        CredentialId first = add(ACME, PROVIDER, "first", "s-1");
        CredentialId second = add(ACME, PROVIDER, "second", "s-2");
        assertThat(openai(ACME).credentials().get(0).version()).isEqualTo(1);

        store().updateCredential(ACME, PROVIDER, first, 1, new CredentialName("renamed"), secret("s-3"));
        store().updateCredential(ACME, PROVIDER, first, 0, new CredentialName("renamed"), secret("s-4"));

        StoredCredential changed = openai(ACME).credentials().get(0);
        assertThat(changed.id()).isEqualTo(first);
        assertThat(changed.version()).isEqualTo(3);
        assertThat(changed.name()).isEqualTo(new CredentialName("renamed"));
        assertThat(secretOf(ACME, first)).isEqualTo("s-4");
        assertThat(openai(ACME).activeCredential()).isEqualTo(first);
        assertThat(openai(ACME).credentials().get(1).id()).isEqualTo(second);
        assertThat(openai(ACME).credentials().get(1).version()).isEqualTo(1);
    }

    @Test
    default void refusesAnUpdateOfWhatHasChangedSinceItWasRead() {
        addTenants();
        CredentialId first = add(ACME, PROVIDER, "first", "s-1");
        store().updateCredential(ACME, PROVIDER, first, 1, new CredentialName("first"), secret("s-2"));

        refused(ErrorCode.INVALID_PARAM, () -> store().updateCredential(
                        ACME, PROVIDER, first, 1, new CredentialName("first"), secret("s-3")));

        assertThat(secretOf(ACME, first)).isEqualTo("s-2");
        assertThat(openai(ACME).credentials().get(0).version()).isEqualTo(2);
    }

    @Test
    @DisplayName("CRED-15: the id of another tenant's credential gets the answer of an id that never was")
    default void treatsAnotherTenantsCredentialAsNoneAtAll() {
        addTenants();
        CredentialId theirs = add(ACME, PROVIDER, "main", "s-1");
        add(GLOBEX, PROVIDER, "main", "s-2");
        CredentialId never = new CredentialId("00000000-0000-4000-8000-000000000000");

        for (TenantId tenant : List.of(GLOBEX, NOBODY)) {
            sameAnswer(theirs, never, id -> store().updateCredential(
                            tenant, PROVIDER, id, 0, new CredentialName("x"), secret("s")));
            sameAnswer(theirs, never, id -> store().removeCredential(tenant, PROVIDER, id));
            sameAnswer(theirs, never, id -> store().activateCredential(tenant, PROVIDER, id));
            assertThat(store().managedBy(tenant, theirs)).isEqualTo(store().managedBy(tenant, never));
        }
        assertThat(secretOf(ACME, theirs)).isEqualTo("s-1");
        assertThat(openai(ACME).activeCredential()).isEqualTo(theirs);
    }

    private static void sameAnswer(
            CredentialId theirs, CredentialId never, java.util.function.Consumer<CredentialId> action) {
        InvokeException one = refusal(() -> action.accept(theirs));
        InvokeException other = refusal(() -> action.accept(never));
        assertThat(one.code()).isEqualTo(other.code());
        assertThat(one.getClass()).isEqualTo(other.getClass());
        assertThat(one.getMessage().replace(theirs.value(), "ID"))
                .isEqualTo(other.getMessage().replace(never.value(), "ID"));
    }

    private static InvokeException refusal(ThrowingCallable action) {
        InvokeException error = org.assertj.core.api.Assertions.catchThrowableOfType(InvokeException.class, action);
        assertThat(error).as("a refusal").isNotNull();
        return error;
    }

    @Test
    default void refusesACredentialOfAnotherScope() {
        addTenants();
        CredentialId ofProvider = add(ACME, PROVIDER, "main", "s-1");
        CredentialId ofModel = add(ACME, MODEL, "main", "s-2");

        refused(ErrorCode.CREDENTIAL_NOT_FOUND, () -> store().removeCredential(ACME, MODEL, ofProvider));
        refused(ErrorCode.CREDENTIAL_NOT_FOUND, () -> store().removeCredential(ACME, PROVIDER, ofModel));
        refused(ErrorCode.CREDENTIAL_NOT_FOUND, () -> store().activateCredential(
                        ACME, new CredentialScope.OfProvider(LOCAL), ofProvider));
        refused(ErrorCode.CREDENTIAL_NOT_FOUND, () -> store().updateCredential(
                        ACME, MODEL, ofProvider, 0, new CredentialName("x"), secret("s")));

        assertThat(secretOf(ACME, ofProvider)).isEqualTo("s-1");
        assertThat(secretOf(ACME, ofModel)).isEqualTo("s-2");
        assertThat(store().provider(ACME, LOCAL)).isEmpty();
    }

    @Test
    @DisplayName("CRED-12: an update that sends the mask back leaves the stored secret as it is")
    default void keepsASecretThatIsSentBackMasked() throws CredentialUnreadableException {
        addTenants();
        CredentialForm form =
                new CredentialForm(List.of(field("api_key", FormType.SECRET_INPUT), field("org", FormType.TEXT_INPUT)));
        Credentials given = Credentials.of(
                Map.of("api_key", new CredentialValue.Text("s-original"), "org", new CredentialValue.Text("one")));
        CredentialId id = store().addCredential(
                        ACME, PROVIDER, new NewCredential(new CredentialName("main"), form.check(given), null));
        Credentials stored = openai(ACME).credentials().get(0).open();
        Credentials masked = Credentials.of(Map.of(
                "api_key", new CredentialValue.Text(CredentialForm.UNCHANGED), "org", new CredentialValue.Text("two")));

        store().updateCredential(ACME, PROVIDER, id, 1, new CredentialName("main"), form.update(masked, stored));

        assertThat(secretOf(ACME, id)).isEqualTo("s-original");
        assertThat(openai(ACME).credentials().get(0).open().text("org")).contains("two");
    }

    private static CredentialFormSchema field(String variable, FormType type) {
        return new CredentialFormSchema(variable, variable, type, true, null, List.of(), 0, List.of(), null);
    }
}
