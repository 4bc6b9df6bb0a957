package io.bactrian.core.invoke;

import io.bactrian.core.config.SystemProvider;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.tenant.TenantId;
import java.util.Comparator;
import java.util.List;

/** The levels of the priority chain at which the operator pays: system credentials, and hosted ones under a quota. */
final class OperatorLevels {

    private static final List<String> QUOTA_ORDER = List.of("paid", "free", "trial");

    private final ProviderConfiguration configuration;
    private final InvocationTarget.Model target;
    private final boolean quotaEnforced;
    private final CandidateList found;
    private final ResolutionTexts texts;
    private final WalkOutcome outcome;

    OperatorLevels(
            ProviderConfiguration configuration,
            InvocationTarget.Model target,
            boolean quotaEnforced,
            CandidateList found,
            ResolutionTexts texts,
            WalkOutcome outcome) {
        this.configuration = configuration;
        this.target = target;
        this.quotaEnforced = quotaEnforced;
        this.found = found;
        this.texts = texts;
        this.outcome = outcome;
    }

    /** Walks one of them. */
    void walk(boolean hosted) {
        CredentialSource source = hosted ? CredentialSource.HOSTED : CredentialSource.SYSTEM;
        List<SystemProvider> entries = configuration.system().stream()
                .filter(entry -> entry.hosted() == hosted)
                .sorted(Comparator.comparingInt(OperatorLevels::quotaRank))
                .toList();
        if (entries.isEmpty()) {
            found.passOver(
                    source,
                    "the operator declares none for this provider",
                    "no entry for " + target.provider() + " in config/system/*.yaml");
        }
        for (SystemProvider entry : entries) {
            if (!entry(source, entry)) {
                return;
            }
        }
    }

    private static int quotaRank(SystemProvider entry) {
        return entry.quota() == null ? 0 : QUOTA_ORDER.indexOf(entry.quota().type());
    }

    private boolean entry(CredentialSource source, SystemProvider entry) {
        TenantId tenant = configuration.tenant();
        String where = entry.declaredIn() + ": " + entry.credential().name();
        if (!entry.grantedTo(tenant)) {
            return found.passOver(source, "it is not granted to tenant '" + tenant + "'", where);
        }
        if (!entry.allows(target.type(), target.model())) {
            outcome.refuseAtLast(
                    ErrorCode.MODEL_CURRENTLY_NOT_SUPPORT,
                    "the operator's credentials for '" + target.provider()
                            + "' are not for " + target
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
            outcome.refuseAtLast(
                    ErrorCode.QUOTA_NOT_ENFORCED,
                    "the hosted credentials for '" + target.provider()
                            + "' have a limit, and this version cannot hold tenants to it: set limit: -1 in "
                            + entry.declaredIn() + " to offer them without one");
            return found.passOver(source, "its limit cannot be enforced", where + ": quota.limit");
        }
        String wireModel = entry.restriction(target.type(), target.model())
                .map(SystemProvider.RestrictModel::baseModelName)
                .orElse(target.model());
        return outcome.take(source, entry.credential(), wireModel, entry.quota(), where);
    }
}
