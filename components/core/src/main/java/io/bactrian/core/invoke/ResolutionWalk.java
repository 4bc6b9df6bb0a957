package io.bactrian.core.invoke;

import io.bactrian.core.config.BalancingEntry;
import io.bactrian.core.config.CredentialUnreadableException;
import io.bactrian.core.config.CustomModelRecord;
import io.bactrian.core.config.ModelBalancing;
import io.bactrian.core.config.ProviderRecord;
import io.bactrian.core.config.StoredCredential;
import io.bactrian.core.config.SystemProvider;
import io.bactrian.core.credential.CredentialId;
import io.bactrian.core.credential.Credentials;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.provider.AIModelEntity;
import io.bactrian.core.provider.ProviderEntity;
import io.bactrian.core.provider.ProviderType;
import io.bactrian.core.tenant.TenantId;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One walk along the priority chain, for one target. A level that is not configured passes on to the next; one that is
 * configured but cannot be used ends the walk, unless the tenant opted in to descending.
 */
final class ResolutionWalk {

    private static final List<String> QUOTA_ORDER = List.of("paid", "free", "trial");

    private final ProviderConfiguration configuration;
    private final ProviderEntity provider;
    private final ProviderRecord custom;
    private final TenantId tenant;
    private final InvocationTarget.Model target;
    private final Dialects dialects;
    private final boolean quotaEnforced;
    private final CandidateList found;
    private final ResolutionTexts texts;
    private Resolution.@Nullable Refusal refusal;
    private Resolution.@Nullable Refusal lastResort;

    ResolutionWalk(
            ProviderConfiguration configuration,
            InvocationTarget.Model target,
            Dialects dialects,
            boolean quotaEnforced,
            Instant now) {
        this.configuration = configuration;
        this.provider = configuration.provider();
        this.custom = configuration.custom();
        this.tenant = configuration.tenant();
        this.target = target;
        this.dialects = dialects;
        this.quotaEnforced = quotaEnforced;
        this.found = new CandidateList(provider.provider(), now);
        this.texts = new ResolutionTexts(configuration, target);
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
        if (found.isEmpty() && refusal == null) {
            refusal = lastResort != null ? lastResort : notInitialized();
        }
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
                refusal = found.isEmpty()
                        ? refusal(
                                ErrorCode.PROVIDER_NOT_INITIALIZE,
                                "tenant '" + tenant + "' wants to use its own credentials for '" + provider.provider()
                                        + "' and has none: " + texts.howToAdd())
                        : null;
                return;
            }
        } else {
            found.passOver(
                    CredentialSource.CUSTOM_PROVIDER,
                    "the tenant prefers the operator's credentials",
                    texts.row("tenant_preferred_model_providers"));
        }
        operators(false);
        if (refusal == null && (found.isEmpty() || custom.descend())) {
            operators(true);
        }
        if (found.isEmpty()
                && refusal == null
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
            return stop(
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
            return stop(source, ErrorCode.CREDENTIAL_REMOVED, texts.removed(stored), row + ": credential_id is null");
        }
        return take(source, credential.get(), target.model(), null, row);
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

    private void operators(boolean hosted) {
        CredentialSource source = hosted ? CredentialSource.HOSTED : CredentialSource.SYSTEM;
        List<SystemProvider> entries = configuration.system().stream()
                .filter(entry -> entry.hosted() == hosted)
                .sorted(Comparator.comparingInt(ResolutionWalk::quotaRank))
                .toList();
        if (entries.isEmpty()) {
            found.passOver(
                    source,
                    "the operator declares none for this provider",
                    "no entry for " + provider.provider() + " in config/system/*.yaml");
        }
        for (SystemProvider entry : entries) {
            if (!operator(source, entry)) {
                return;
            }
        }
    }

    private static int quotaRank(SystemProvider entry) {
        return entry.quota() == null ? 0 : QUOTA_ORDER.indexOf(entry.quota().type());
    }

    private boolean operator(CredentialSource source, SystemProvider entry) {
        String where = entry.declaredIn() + ": " + entry.credential().name();
        if (!entry.grantedTo(tenant)) {
            return found.passOver(source, "it is not granted to tenant '" + tenant + "'", where);
        }
        if (!entry.allows(target.type(), target.model())) {
            lastResort = refusal(
                    ErrorCode.MODEL_CURRENTLY_NOT_SUPPORT,
                    "the operator's credentials for '" + provider.provider() + "' are not for " + target
                            + ": use one of "
                            + entry.restrictModels().stream()
                                    .map(SystemProvider.RestrictModel::model)
                                    .toList()
                            + ", add a credential of your own (" + texts.howToAdd()
                            + "), or add the model to restrict_models in "
                            + entry.declaredIn());
            return found.passOver(source, "it is not for this model", where + ": restrict_models");
        }
        if (entry.quota() != null && !entry.quota().unlimited() && !quotaEnforced) {
            lastResort = refusal(
                    ErrorCode.QUOTA_NOT_ENFORCED,
                    "the hosted credentials for '" + provider.provider()
                            + "' have a limit, and this version cannot hold tenants to it: set limit: -1 in "
                            + entry.declaredIn() + " to offer them without one");
            return found.passOver(source, "its limit cannot be enforced", where + ": quota.limit");
        }
        String wireModel = entry.restriction(target.type(), target.model())
                .map(SystemProvider.RestrictModel::baseModelName)
                .orElse(target.model());
        return take(source, entry.credential(), wireModel, entry.quota(), where) || custom.descend();
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
            take(CredentialSource.CUSTOM_MODEL, model.get(), target.model(), null, "the option credential=");
            return;
        }
        Optional<StoredCredential> ofProvider = withName(custom.credentials(), name);
        if (ofProvider.isPresent()) {
            take(CredentialSource.CUSTOM_PROVIDER, ofProvider.get(), target.model(), null, "the option credential=");
            return;
        }
        refusal = refusal(
                ErrorCode.CREDENTIAL_NOT_FOUND,
                "tenant '" + tenant + "' has no credential of that name for '" + provider.provider()
                        + "': correct the option credential=, or " + texts.howToAdd());
    }

    private static Optional<StoredCredential> withName(List<StoredCredential> credentials, String name) {
        return credentials.stream()
                .filter(credential -> credential.name().value().equals(name))
                .findFirst();
    }

    /** Opens a credential and makes it a candidate, at a level of its own. Whether the walk goes on. */
    private boolean take(
            CredentialSource source,
            StoredCredential stored,
            String wireModel,
            SystemProvider.@Nullable HostingQuota quota,
            String where) {
        try {
            found.open(source, stored, wireModel, quota, where, 1);
        } catch (CredentialUnreadableException e) {
            return stop(source, ErrorCode.CREDENTIAL_UNREADABLE, texts.unreadable(stored, e), where);
        }
        found.nextLevel();
        return custom.descend();
    }

    private boolean stop(CredentialSource source, ErrorCode code, String message, String lookedAt) {
        if (custom.descend()) {
            lastResort = refusal(code, message);
            return found.passOver(source, message + " (the tenant descends)", lookedAt);
        }
        found.stopAt(source, message, lookedAt);
        if (found.isEmpty()) {
            refusal = refusal(code, message);
        }
        return false;
    }

    private Resolution refused(ErrorCode code, String message) {
        return new Resolution(tenant, target, provider, null, List.of(), found.steps(), refusal(code, message));
    }

    private static Resolution.Refusal refusal(ErrorCode code, String message) {
        return new Resolution.Refusal(code, message);
    }

    private Resolution.Refusal notInitialized() {
        return refusal(
                ErrorCode.PROVIDER_NOT_INITIALIZE,
                "no credential for provider '" + provider.provider() + "' and tenant '" + tenant + "': "
                        + texts.howToAdd() + ", or have the operator grant one in config/system/*.yaml");
    }
}
