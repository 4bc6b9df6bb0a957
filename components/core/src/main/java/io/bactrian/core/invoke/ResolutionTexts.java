package io.bactrian.core.invoke;

import io.bactrian.core.config.CredentialUnreadableException;
import io.bactrian.core.config.StoredCredential;
import io.bactrian.core.provider.AIModelEntity;
import io.bactrian.core.provider.ProviderEntity;
import io.bactrian.core.tenant.TenantId;
import java.util.List;

/** What a walk along the priority chain says to people: what was looked at, and what to set where. */
final class ResolutionTexts {

    private final TenantId tenant;
    private final ProviderEntity provider;
    private final String sourceName;
    private final InvocationTarget.Model target;

    ResolutionTexts(ProviderConfiguration configuration, InvocationTarget.Model target) {
        this.tenant = configuration.tenant();
        this.provider = configuration.provider();
        this.sourceName = configuration.sourceName();
        this.target = target;
    }

    /** That the credential in force was removed. */
    String removed(List<StoredCredential> left) {
        String gone = "the credential that tenant '" + tenant + "' used for '" + provider.provider()
                + "' was removed and no other was chosen: ";
        return left.isEmpty()
                ? gone + "add one with ./bactrian credential add " + provider.provider() + " --tenant " + tenant
                        + ", or give the provider up with ./bactrian provider reset " + provider.provider()
                        + " --tenant " + tenant
                : gone + "choose one of "
                        + left.stream().map(StoredCredential::name).toList()
                        + " with ./bactrian credential switch " + provider.provider() + " NAME --tenant " + tenant;
    }

    /**
     * That the credential in force is for others; it is not named to those whom it is not for.
     *
     * @param forCaller those that are for the caller
     */
    String notForCaller(List<StoredCredential> forCaller) {
        String own = forCaller.isEmpty()
                ? "add one for them"
                : "name one of "
                        + forCaller.stream().map(StoredCredential::name).toList() + " with the option credential=";
        return "the credential that tenant '" + tenant + "' uses for '" + provider.provider()
                + "' is not for this caller (and a call that names no user has only what is for all_team_members): "
                + own
                + ", or have an owner or admin share the one in force (./bactrian credential share "
                + provider.provider()
                + " NAME --tenant " + tenant
                + "), put another in force, or spread the calls over those of several users";
    }

    /** That there is no credential at all. */
    String notInitialized() {
        return "no credential for provider '" + provider.provider() + "' and tenant '" + tenant + "': " + howToAdd()
                + ", or have the operator grant one in config/system/*.yaml";
    }

    /** That a credential cannot be decrypted. */
    String unreadable(StoredCredential stored, CredentialUnreadableException e) {
        return "credential '" + stored.name() + "' for '" + provider.provider() + "' cannot be read (" + e.reason()
                + "): enter it anew with ./bactrian credential update, or restore its key";
    }

    /** How the tenant gets a credential of its own. */
    String howToAdd() {
        return "add one with ./bactrian credential add " + provider.provider() + " --tenant " + tenant
                + ", with the properties bactrian.credentials.NAME.provider=" + provider.provider() + " and "
                + requiredProperties() + ", or in config/workspaces/" + tenant + ".yaml";
    }

    private String requiredProperties() {
        return provider.providerCredentialSchema().fields().stream()
                .filter(field -> field.required() && field.defaultValue() == null)
                .map(field -> "bactrian.credentials.NAME." + field.variable() + "=…")
                .reduce((one, other) -> one + ", " + other)
                .orElse("the fields of its form");
    }

    /** The row that was looked at. */
    String row(String table) {
        return "row in " + table + " (" + sourceName + ") for tenant '" + tenant + "', provider '" + provider.provider()
                + "'";
    }

    /** The model as commands name it. */
    String address() {
        return provider.provider() + "/" + target.model();
    }

    /** The models of the type that the provider declares. */
    List<String> modelNames() {
        return provider.models().stream()
                .filter(model -> model.modelType() == target.type())
                .map(AIModelEntity::model)
                .toList();
    }

    /** The rows that say how calls of the model are spread. */
    String balancing() {
        return "load_balancing_model_configs (" + sourceName + ") of model '" + target.model() + "', type "
                + target.type();
    }
}
