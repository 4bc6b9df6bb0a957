package io.bactrian.bench.bactrian;

import io.bactrian.bench.Canned;
import io.bactrian.core.config.ConfigurationStore;
import io.bactrian.core.config.CredentialScope;
import io.bactrian.core.config.MemberRecord;
import io.bactrian.core.config.NewCredential;
import io.bactrian.core.config.TenantRecord;
import io.bactrian.core.credential.CredentialName;
import io.bactrian.core.credential.CredentialValue;
import io.bactrian.core.credential.Credentials;
import io.bactrian.core.credential.Secret;
import io.bactrian.core.provider.ProviderId;
import io.bactrian.core.tenant.Role;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tenant.UserId;
import io.bactrian.engine.Installation;
import io.bactrian.support.BactrianEngine;
import java.util.Map;

/** The tenants of an installation, each with a member and ten credentials of which the first is in use. */
final class Tenants {

    static final String MEMBER = "alice@bench.example";

    private static final ProviderId PROVIDER = new ProviderId("openai-compatible");

    private Tenants() {}

    /** Adds {@code bench.tenants} tenants; the first {@code bench.hot} of them are returned. */
    static TenantId[] add(BactrianEngine engine, String baseUrl) {
        ConfigurationStore store = ((Installation) engine).store();
        Credentials values = engine.catalog()
                .find(PROVIDER)
                .orElseThrow()
                .providerCredentialSchema()
                .check(Credentials.of(Map.of(
                        "base_url",
                        new CredentialValue.Text(baseUrl),
                        "api_key",
                        new CredentialValue.Hidden(Secret.of(Canned.KEY)))));
        int tenants = Integer.getInteger("bench.tenants", 1);
        TenantId[] hot = new TenantId[Math.min(tenants, Integer.getInteger("bench.hot", 1))];
        for (int i = 0; i < tenants; i++) {
            TenantId tenant = new TenantId("tenant-" + i);
            store.putTenant(new TenantRecord(tenant, "Tenant " + i, true));
            store.putMember(tenant, new MemberRecord(new UserId(MEMBER), Role.NORMAL));
            for (int c = 0; c < 10; c++) {
                store.addCredential(
                        tenant,
                        new CredentialScope.OfProvider(PROVIDER),
                        new NewCredential(new CredentialName("key-" + c), values, null));
            }
            if (i < hot.length) {
                hot[i] = tenant;
            }
        }
        return hot;
    }
}
