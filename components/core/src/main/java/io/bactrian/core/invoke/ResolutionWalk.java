package io.bactrian.core.invoke;

import io.bactrian.core.config.BalancingEntry;
import io.bactrian.core.config.CredentialUnreadableException;
import io.bactrian.core.config.CustomModelRecord;
import io.bactrian.core.config.ModelBalancing;
import io.bactrian.core.config.ProviderRecord;
import io.bactrian.core.config.StoredCredential;
import io.bactrian.core.credential.CredentialId;
import io.bactrian.core.credential.Credentials;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.provider.AIModelEntity;
import io.bactrian.core.provider.ProviderEntity;
import io.bactrian.core.provider.ProviderType;
import io.bactrian.core.tenant.TenantId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One walk along the priority chain, for one target. A level that is not configured passes on to the next; one that is
 * configured but cannot be used ends the walk, unless the tenant opted in to descending.
 */
final class ResolutionWalk {

    private final Audience audience;
    private final ProviderEntity provider;
    private final ProviderRecord custom;
    private final TenantId tenant;
    private final InvocationTarget.Model target;
    private final Dialects dialects;
    private final CandidateList found;
    private final ResolutionTexts texts;
    private final WalkOutcome outcome;
    private final OperatorLevels operators;

    ResolutionWalk(
            ProviderConfiguration configuration,
            Audience audience,
            InvocationTarget.Model target,
            Dialects dialects,
            boolean quotaEnforced,
            Instant now) {
        this.audience = audience;
        this.provider = configuration.provider();
        this.custom = configuration.custom();
        this.tenant = configuration.tenant();
        this.target = target;
        this.dialects = dialects;
        this.found = new CandidateList(provider.provider(), now);
        this.texts = new ResolutionTexts(configuration, target);
        this.outcome = new WalkOutcome(found, texts, custom.descend());
        this.operators = new OperatorLevels(configuration, target, quotaEnforced, found, texts, outcome);
    }

    Resolution walk() {
        if (!provider.supportedModelTypes().contains(target.type())) {
            return refused(
                    ErrorCode.MODEL_TYPE_UNSUPPORTED,
                    "provider '" + provider.provider() + "' has no models of type " + target.type() + " (it has "
                            + provider.supportedModelTypes() + "): set the option type=");
        }
        if (!custom.modelEnabled(target.type(), target.model())) {
            return refused(
                    ErrorCode.MODEL_DISABLED,
                    target + " is switched off for tenant '" + tenant + "': ./bactrian model enable " + texts.address()
                            + " --type " + target.type() + " --tenant " + tenant);
        }
        Optional<AIModelEntity> declared = declaredModel();
        if (declared.isEmpty()) {
            return refused(
                    ErrorCode.MODEL_NOT_FOUND,
                    "provider '" + provider.provider() + "' has no model '" + target.model() + "' of type "
                            + target.type() + ": it has " + texts.modelNames() + " and lets nobody name others");
        }
        if (target.credential() != null) {
            named(target.credential().value());
        } else {
            descend();
        }
        outcome.end(texts.notInitialized());
        Resolution.Refusal refusal = outcome.refusal();
        AIModelEntity model = refusal == null ? described(declared.get()) : declared.get();
        return new Resolution(
                        tenant,
                        target,
                        provider,
                        model,
                        refusal == null ? found.candidates() : List.of(),
                        found.steps(),
                        refusal)
                .withBalancing(balancing());
    }

    private @Nullable ModelBalancing balancing() {
        return custom.balancing(target.type(), target.model()).orElse(null);
    }

    private Optional<AIModelEntity> declaredModel() {
        return provider.modelOrTemplate(target.type(), target.model())
                .or(() -> custom.model(target.type(), target.model()).isPresent()
                        ? Optional.ofNullable(provider.templates().get(target.type()))
                                .map(template -> template.named(target.model()))
                        : Optional.empty());
    }

    /** What the dialect knows of a model that a user named; declared models are as declared. */
    private AIModelEntity described(AIModelEntity declared) {
        if (provider.model(target.type(), target.model()).isPresent() || !dialects.has(provider.dialect())) {
            return declared;
        }
        return dialects.named(provider.dialect())
                .describe(provider, target.type(), target.model(), found.first().credentials)
                .orElse(declared);
    }

    /** The levels in order. A level that was taken ends the walk, but for tenants that descend. */
    private void descend() {
        boolean customFirst = custom.preferredType() != ProviderType.SYSTEM;
        if (customFirst) {
            boolean goOn = customModel() && customProvider();
            if (!goOn) {
                return;
            }
            if (custom.preferredType() == ProviderType.CUSTOM && !custom.descend()) {
                outcome.end("tenant '" + tenant + "' wants to use its own credentials for '" + provider.provider()
                        + "' and has none: " + texts.howToAdd());
                return;
            }
        } else {
            found.passOver(
                    CredentialSource.CUSTOM_PROVIDER,
                    "the tenant prefers the operator's credentials",
                    texts.row("tenant_preferred_model_providers"));
        }
        operators.walk(false);
        if (!outcome.refused() && (found.isEmpty() || custom.descend())) {
            operators.walk(true);
        }
        if (found.isEmpty()
                && !outcome.refused()
                && provider.providerCredentialSchema().asksForNothing()) {
            found.takeWithoutCredential(provider.providerCredentialSchema().check(Credentials.NONE), target.model());
        }
    }

    private boolean customModel() {
        CredentialSource source = CredentialSource.CUSTOM_MODEL;
        String row = texts.row("provider_models") + " for model '" + target.model() + "', type " + target.type();
        CustomModelRecord model = custom.model(target.type(), target.model()).orElse(null);
        if (model == null) {
            return found.passOver(source, "the tenant has no configuration of this model", "no " + row);
        }
        return level(source, model.activeCredential(), model.credentials(), row);
    }

    private boolean customProvider() {
        CredentialSource source = CredentialSource.CUSTOM_PROVIDER;
        if (!custom.configured()) {
            return found.passOver(
                    source,
                    "the tenant has no configuration of this provider",
                    "no " + texts.row("providers") + ", no property bactrian.credentials.*.provider="
                            + provider.provider());
        }
        return level(source, custom.activeCredential(), custom.credentials(), texts.row("providers"));
    }

    /** One level of the tenant's own. Whether the walk goes on. */
    private boolean level(
            CredentialSource source, @Nullable CredentialId active, List<StoredCredential> stored, String row) {
        if (!custom.enabled()) {
            return outcome.stop(
                    source,
                    ErrorCode.PROVIDER_DISABLED,
                    "tenant '" + tenant + "' has switched its configuration of '" + provider.provider()
                            + "' off: ./bactrian provider enable " + provider.provider() + " --tenant " + tenant,
                    row + ": is_valid is false");
        }
        if (spread(source, active)) {
            return custom.descend();
        }
        Optional<StoredCredential> credential = withId(stored, active);
        if (credential.isEmpty()) {
            return outcome.stop(
                    source,
                    ErrorCode.CREDENTIAL_REMOVED,
                    texts.removed(visible(stored)),
                    row + ": credential_id is null");
        }
        if (!audience.sees(credential.get())) {
            return outcome.stop(
                    source,
                    ErrorCode.CREDENTIAL_POLICY_VIOLATION,
                    texts.notForCaller(visible(stored)),
                    row + ": the visibility of the credential in force");
        }
        return outcome.take(source, credential.get(), target.model(), null, row);
    }

    private List<StoredCredential> visible(List<StoredCredential> stored) {
        return stored.stream().filter(audience::sees).toList();
    }

    private static Optional<StoredCredential> withId(List<StoredCredential> stored, @Nullable CredentialId id) {
        return stored.stream().filter(candidate -> candidate.id().equals(id)).findFirst();
    }

    /**
     * All credentials that calls of the model are spread over; one that is not there or cannot be read does not stop the others.
     * Whether there are any: if there are none, the credential in force is asked for as it is without balancing.
     */
    private boolean spread(CredentialSource source, @Nullable CredentialId active) {
        ModelBalancing balancing = balancing();
        if (balancing == null || !balancing.enabled()) {
            return false;
        }
        String where = texts.balancing();
        int before = found.size();
        for (BalancingEntry entry : balancing.active()) {
            spreadTo(entry, source, entry.credential() == null ? active : entry.credential(), where);
        }
        found.nextLevel();
        return found.size() > before;
    }

    private void spreadTo(BalancingEntry entry, CredentialSource source, @Nullable CredentialId id, String where) {
        Optional<StoredCredential> ofModel =
                custom.model(target.type(), target.model()).flatMap(model -> withId(model.credentials(), id));
        Optional<StoredCredential> stored = ofModel.or(() -> withId(custom.credentials(), id));
        String named = "the entry " + entry.key();
        if (stored.isEmpty()) {
            found.passOver(source, named + " stands for no credential that is there", where);
            return;
        }
        StoredCredential credential = stored.get();
        if (!audience.sees(credential)) {
            found.passOver(source, "an entry stands for a credential that is not for this caller", where);
            return;
        }
        if (found.has(credential.id())) {
            found.passOver(source, named + " is credential '" + credential.name() + "' once more", where);
            return;
        }
        CredentialSource from = ofModel.isPresent() ? CredentialSource.CUSTOM_MODEL : CredentialSource.CUSTOM_PROVIDER;
        try {
            found.open(from, credential, target.model(), null, where, entry.weight());
        } catch (CredentialUnreadableException e) {
            found.passOver(from, texts.unreadable(credential, e), where);
        }
    }

    private void named(String name) {
        List<StoredCredential> ofModel = custom.model(target.type(), target.model())
                .map(CustomModelRecord::credentials)
                .orElse(List.of());
        if (!custom.enabled() && custom.configured()) {
            level(CredentialSource.CUSTOM_PROVIDER, null, List.of(), texts.row("providers"));
            return;
        }
        Optional<StoredCredential> model = withName(ofModel, name);
        if (model.isPresent()) {
            outcome.take(CredentialSource.CUSTOM_MODEL, model.get(), target.model(), null, "the option credential=");
            return;
        }
        Optional<StoredCredential> ofProvider = withName(custom.credentials(), name);
        if (ofProvider.isPresent()) {
            outcome.take(
                    CredentialSource.CUSTOM_PROVIDER, ofProvider.get(), target.model(), null, "the option credential=");
            return;
        }
        outcome.refuse(
                ErrorCode.CREDENTIAL_NOT_FOUND,
                "tenant '" + tenant + "' has no credential of that name for '" + provider.provider()
                        + "': correct the option credential=, or " + texts.howToAdd());
    }

    /** One that is for others is not there (CRED-15). */
    private Optional<StoredCredential> withName(List<StoredCredential> credentials, String name) {
        return credentials.stream()
                .filter(audience::sees)
                .filter(credential -> credential.name().value().equals(name))
                .findFirst();
    }

    private Resolution refused(ErrorCode code, String message) {
        return new Resolution(
                tenant, target, provider, null, List.of(), found.steps(), new Resolution.Refusal(code, message));
    }
}
