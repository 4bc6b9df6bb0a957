package io.bactrian.core.manage;

import io.bactrian.core.config.BalancingEntry;
import io.bactrian.core.config.BalancingStrategy;
import io.bactrian.core.config.ConfigurationSource;
import io.bactrian.core.config.CredentialScope;
import io.bactrian.core.config.CustomModelRecord;
import io.bactrian.core.config.ModelBalancing;
import io.bactrian.core.config.ModelFallback;
import io.bactrian.core.config.ProviderRecord;
import io.bactrian.core.config.StoredCredential;
import io.bactrian.core.credential.CredentialId;
import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.provider.AIModelEntity;
import io.bactrian.core.provider.ModelType;
import io.bactrian.core.provider.ProviderCatalog;
import io.bactrian.core.provider.ProviderEntity;
import io.bactrian.core.provider.ProviderId;
import io.bactrian.core.tenant.TenantId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Makes of a plan what can be set: its credentials found, its models known, or an error that says what to do. */
public final class BalancingRules {

    /** It takes two to spread calls. */
    private static final int FEWEST_ACTIVE = 2;

    private static final int MOST_NAMED = 20;
    private static final int LONGEST_SHOWN = 30;

    private final ConfigurationSource source;
    private final ProviderCatalog catalog;

    /**
     * @param source where credentials are looked for
     * @param catalog knows the models
     */
    public BalancingRules(ConfigurationSource source, ProviderCatalog catalog) {
        this.source = source;
        this.catalog = catalog;
    }

    /**
     * What a plan comes to.
     *
     * @throws BadRequestException with {@code provider_not_found}, {@code model_not_found} or
     *     {@code model_type_unsupported} (of the model itself or of a fallback), {@code credential_not_found}, or {@code invalid_param}
     */
    public ModelBalancing resolve(TenantId tenant, ProviderId provider, BalancingPlan plan) {
        check(catalog, provider, plan);
        List<BalancingEntry> entries = entries(tenant, provider, plan);
        try {
            return new ModelBalancing(
                    plan.model(),
                    plan.type(),
                    plan.enabled(),
                    plan.strategy(),
                    plan.sticky(),
                    entries,
                    plan.fallbacks());
        } catch (IllegalArgumentException e) {
            throw invalid(String.valueOf(e.getMessage()));
        }
    }

    /**
     * Checks all of a plan that can be checked without knowing the tenant's credentials.
     *
     * @throws BadRequestException as {@link #resolve} does, but not with {@code credential_not_found}
     */
    public static void check(ProviderCatalog catalog, ProviderId provider, BalancingPlan plan) {
        requireModel(catalog, provider, plan.model(), plan.type());
        requireStrategy(plan);
        plan.entries().forEach(BalancingRules::requireWeight);
        requireEnough(provider, plan);
        plan.fallbacks().forEach(fallback -> requireFallback(catalog, provider, plan, fallback));
    }

    private static void requireModel(ProviderCatalog catalog, ProviderId provider, String model, ModelType type) {
        ProviderEntity entity = catalog.find(provider)
                .orElseThrow(() -> new BadRequestException(
                        ErrorCode.PROVIDER_NOT_FOUND,
                        "there is no provider '" + provider + "', there are "
                                + catalog.all().stream()
                                        .map(ProviderEntity::provider)
                                        .toList() + "; others are declared in config/providers"));
        if (entity.model(type, model).isPresent()) {
            return;
        }
        for (AIModelEntity other : entity.models()) {
            if (other.model().equals(model)) {
                // a provider that lets users name models would take it for another one of that name
                throw new BadRequestException(
                        ErrorCode.MODEL_TYPE_UNSUPPORTED,
                        "model '" + model + "' of provider '" + provider + "' is of type " + other.modelType()
                                + ", not " + type + ": name that type, or another model");
            }
        }
        if (entity.modelOrTemplate(type, model).isEmpty()) {
            throw new BadRequestException(
                    ErrorCode.MODEL_NOT_FOUND,
                    "provider '" + provider + "' has no model '" + model + "' of type " + type
                            + " and lets nobody name others");
        }
    }

    private static void requireFallback(
            ProviderCatalog catalog, ProviderId provider, BalancingPlan plan, ModelFallback fallback) {
        if (fallback.provider().equals(provider) && fallback.model().equals(plan.model())) {
            throw invalid(fallback + " cannot be its own fallback: name another model");
        }
        try {
            requireModel(catalog, fallback.provider(), fallback.model(), plan.type());
        } catch (BadRequestException e) {
            throw new BadRequestException(e.code(), "fallback " + fallback + ": " + e.getMessage());
        }
    }

    private static void requireStrategy(BalancingPlan plan) {
        boolean weights = plan.entries().stream().anyMatch(entry -> entry.weight() != 1);
        if (weights && plan.strategy() == BalancingStrategy.ROUND_ROBIN) {
            throw invalid("strategy " + plan.strategy() + " knows no weights: leave them out, or use "
                    + BalancingStrategy.WEIGHTED);
        }
    }

    private static void requireWeight(BalancingPlan.Entry entry) {
        if (entry.weight() < 1 || entry.weight() > BalancingEntry.GREATEST_WEIGHT) {
            throw invalid("credential '" + shown(entry.credential()) + "' has weight " + entry.weight()
                    + ": a weight is from 1 to " + BalancingEntry.GREATEST_WEIGHT);
        }
    }

    private static void requireEnough(ProviderId provider, BalancingPlan plan) {
        long active =
                plan.entries().stream().filter(BalancingPlan.Entry::enabled).count();
        if (plan.enabled() && active < FEWEST_ACTIVE) {
            throw invalid("calls of " + provider + "/" + plan.model() + " can be spread over " + FEWEST_ACTIVE
                    + " credentials or more, and " + active + (active == 1 ? " takes" : " take")
                    + " part: name further credentials (" + BalancingEntry.INHERIT
                    + " is the one in force), or switch it off");
        }
    }

    private List<BalancingEntry> entries(TenantId tenant, ProviderId provider, BalancingPlan plan) {
        List<BalancingEntry> entries = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        List<Named> credentials = credentials(tenant, provider, plan.model(), plan.type());
        for (BalancingPlan.Entry wanted : plan.entries()) {
            BalancingEntry entry = entry(wanted, provider, plan, credentials);
            if (!seen.add(entry.key())) {
                throw invalid("the credential '" + wanted.credential() + "' is there twice: name each once");
            }
            entries.add(entry);
        }
        return entries;
    }

    private static BalancingEntry entry(
            BalancingPlan.Entry wanted, ProviderId provider, BalancingPlan plan, List<Named> credentials) {
        CredentialId id = BalancingEntry.INHERIT.equals(wanted.credential())
                ? null
                : find(wanted.credential(), provider, plan, credentials);
        return new BalancingEntry(id, wanted.enabled(), wanted.weight());
    }

    /** A credential that calls of the model may be spread over. */
    record Named(CredentialScope scope, StoredCredential credential) {
        boolean isCalled(String name) {
            return credential.name().value().equals(name);
        }
    }

    /** Those of the model, then those of its provider. */
    List<Named> credentials(TenantId tenant, ProviderId provider, String model, ModelType type) {
        ProviderRecord record =
                source.provider(tenant, provider).orElseGet(() -> ProviderRecord.none(tenant, provider));
        Stream<Named> ofModel = record.model(type, model).map(CustomModelRecord::credentials).orElse(List.of()).stream()
                .map(stored -> new Named(new CredentialScope.OfModel(provider, model, type), stored));
        Stream<Named> ofProvider = record.credentials().stream()
                .map(stored -> new Named(new CredentialScope.OfProvider(provider), stored));
        return Stream.concat(ofModel, ofProvider).toList();
    }

    private static CredentialId find(
            String idOrName, ProviderId provider, BalancingPlan plan, List<Named> credentials) {
        for (Named named : credentials) {
            if (named.credential().id().value().equals(idOrName)) {
                return named.credential().id();
            }
        }
        List<Named> called =
                credentials.stream().filter(named -> named.isCalled(idOrName)).toList();
        if (called.size() > 1) {
            // which of the two pays must not be left to chance
            throw invalid("the model and its provider each have a credential '" + idOrName
                    + "': name it by its id, or give one of them another name");
        }
        if (called.isEmpty()) {
            throw notFound(idOrName, provider + "/" + plan.model() + " (" + plan.type() + ")", credentials);
        }
        return called.get(0).credential().id();
    }

    private static BadRequestException notFound(String idOrName, String model, List<Named> credentials) {
        List<String> names = credentials.stream()
                .map(named -> named.credential().name().value())
                .limit(MOST_NAMED)
                .toList();
        String there = names.isEmpty()
                ? "there are none: add them first"
                : "there are " + String.join(", ", names)
                        + (credentials.size() > MOST_NAMED ? ", and more" : "")
                        + "; a weight is a whole number behind the last colon, as in " + names.get(0) + ":3";
        return new BadRequestException(
                ErrorCode.CREDENTIAL_NOT_FOUND,
                "there is no credential '" + shown(idOrName) + "' that opens " + model + ", " + there);
    }

    /** What is longer than any name may be a secret in a place where none belongs: it is not repeated. */
    private static String shown(String idOrName) {
        return idOrName.length() <= LONGEST_SHOWN ? idOrName : idOrName.substring(0, 4) + "…";
    }

    private static BadRequestException invalid(String message) {
        return new BadRequestException(ErrorCode.INVALID_PARAM, message);
    }
}
