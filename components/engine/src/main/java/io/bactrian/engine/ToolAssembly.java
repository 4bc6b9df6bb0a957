package io.bactrian.engine;

import io.bactrian.core.file.FileStore;
import io.bactrian.core.invoke.ToolParts;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tool.ApprovalStore;
import io.bactrian.core.tool.MemoryApprovals;
import io.bactrian.core.tool.MemoryOAuth;
import io.bactrian.core.tool.MemoryToolCredentials;
import io.bactrian.core.tool.OAuthStore;
import io.bactrian.core.tool.RemoteFiles;
import io.bactrian.core.tool.ToolCredentialRenewal;
import io.bactrian.core.tool.ToolCredentialRenewalFactory;
import io.bactrian.core.tool.ToolCredentialStore;
import io.bactrian.core.tool.ToolFileMessageTransformer;
import io.bactrian.core.tool.ToolManager;
import io.bactrian.core.tool.ToolPolicy;
import io.bactrian.core.tool.ToolProviderFactory;
import io.bactrian.core.tool.ToolProviderSource;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What an installation calls tools with.
 *
 * @param settings what {@code bactrian.tools.*} says
 * @param parts what the chain needs
 * @param credentials where the credentials of tool providers are written
 * @param oauth what is known of OAuth 2 with tool providers
 * @param sweep removes approvals that expired long ago
 */
record ToolAssembly(
        ToolSettings settings, ToolParts parts, ToolCredentialStore credentials, OAuthStore oauth, ApprovalSweep sweep)
        implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ToolAssembly.class);
    private static final int ID_BYTES = 12;

    static ToolAssembly of(
            Settings settings,
            Installation.Beans beans,
            EngineEnvironment environment,
            @Nullable OpenStore store,
            @Nullable TenantId defaultTenant,
            FileStore files,
            RemoteFiles remote,
            Clock clock) {
        ToolSettings asked = ToolSettings.read(settings);
        List<ToolProviderFactory> factories = new ArrayList<>(beans.toolFactories());
        ServiceLoader.load(ToolProviderFactory.class, ToolAssembly.class.getClassLoader())
                .forEach(factories::add);
        List<ToolProviderSource> sources = factories.stream()
                .flatMap(factory -> factory.sources(environment).stream())
                .toList();
        List<ToolPolicy> policies = new ArrayList<>(beans.toolPolicies());
        policies.add(asked.policy());
        SecureRandom random = new SecureRandom();
        ApprovalStore approvals = store == null ? new MemoryApprovals() : store.approvals();
        ToolManager manager = new ToolManager(sources);
        ToolCredentialStore properties = PropertyToolCredentials.read(settings, manager, defaultTenant);
        ToolCredentialStore credentials = store == null ? new MemoryToolCredentials() : store.toolCredentials();
        OAuthStore oauth = store == null ? new MemoryOAuth() : store.oauth();
        return new ToolAssembly(
                asked,
                new ToolParts(
                        manager,
                        credentials.over(properties),
                        renewal(environment.with(credentials, oauth)),
                        policies,
                        approvals,
                        asked.approvalExpiry(),
                        new ToolFileMessageTransformer(files, remote),
                        asked.limits(),
                        environment.json(),
                        () -> id(random),
                        clock),
                credentials,
                oauth,
                new ApprovalSweep(approvals, clock));
    }

    /** What renews tokens, if the room that does is on the class path. */
    private static @Nullable ToolCredentialRenewal renewal(EngineEnvironment environment) {
        return ServiceLoader.load(ToolCredentialRenewalFactory.class, ToolAssembly.class.getClassLoader())
                .findFirst()
                .map(factory -> factory.renewal(environment))
                .orElse(null);
    }

    private static String id(SecureRandom random) {
        byte[] bytes = new byte[ID_BYTES];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    ToolManager manager() {
        return parts.manager();
    }

    ApprovalStore approvals() {
        return parts.approvals();
    }

    @Override
    public void close() {
        sweep.close();
        if (parts.renewal() instanceof AutoCloseable renewal) {
            closed(renewal);
        }
        manager().close();
    }

    private static void closed(AutoCloseable renewal) {
        try {
            renewal.close();
        } catch (Exception e) {
            LOG.debug("what renews tokens did not close", e);
        }
    }
}
