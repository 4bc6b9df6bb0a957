package io.bactrian.engine;

import io.bactrian.core.config.CredentialScope;
import io.bactrian.core.config.MemberRecord;
import io.bactrian.core.config.ModelReference;
import io.bactrian.core.config.ModelSetting;
import io.bactrian.core.config.TenantRecord;
import io.bactrian.core.credential.CredentialName;
import io.bactrian.core.credential.Credentials;
import io.bactrian.core.limit.RateLimitRule;
import io.bactrian.core.manage.BalancingPlan;
import io.bactrian.core.manage.CredentialSharing;
import io.bactrian.core.provider.ModelType;
import io.bactrian.core.provider.ProviderId;
import io.bactrian.core.provider.ProviderType;
import io.bactrian.core.quota.BudgetRule;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A tenant as a file declares it, read and checked, not yet applied.
 *
 * @param file the file's name
 * @param tenant the tenant
 * @param members its members, the whole list; empty if the file does not speak of members
 * @param credentials its credentials
 * @param preferences whose credentials it wants to use, by provider
 * @param settings models switched on or off
 * @param defaultModels the models of calls that name none
 * @param balancing how calls of its models are spread
 * @param budgets what it may spend
 * @param limits how many calls and tokens it may have in a time
 */
record WorkspaceFile(
        String file,
        TenantRecord tenant,
        Optional<List<MemberRecord>> members,
        List<Declared> credentials,
        List<Preference> preferences,
        Map<ProviderId, List<ModelSetting>> settings,
        Map<ModelType, ModelReference> defaultModels,
        List<Balanced> balancing,
        List<BudgetRule> budgets,
        List<RateLimitRule> limits) {

    /** A credential in the file, and whose calls may use it, if the file says so. */
    record Declared(
            CredentialScope scope,
            CredentialName name,
            Credentials values,
            boolean active,
            Optional<CredentialSharing> sharing) {}

    /** How calls of a model are spread, in the file. */
    record Balanced(ProviderId provider, BalancingPlan plan) {}

    /** A preference in the file. */
    record Preference(ProviderId provider, Optional<ProviderType> preferred, boolean descend, boolean enabled) {}
}
