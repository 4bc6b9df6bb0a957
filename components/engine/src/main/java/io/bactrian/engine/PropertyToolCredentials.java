package io.bactrian.engine;

import io.bactrian.core.credential.CredentialName;
import io.bactrian.core.credential.CredentialValue;
import io.bactrian.core.credential.Credentials;
import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.MisconfiguredException;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tool.MemoryToolCredentials;
import io.bactrian.core.tool.NewToolCredential;
import io.bactrian.core.tool.ToolCredentialStore;
import io.bactrian.core.tool.ToolManager;
import io.bactrian.core.tool.ToolProviderController;
import io.bactrian.core.tool.ToolProviderName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Credentials of tool providers from properties, for projects without a store: {@code bactrian.tool-credentials.NAME.provider},
 * such as {@code builtin/web}, and the fields of the provider's form beside it. Everything that is wrong is told at once.
 */
final class PropertyToolCredentials {

    static final String PREFIX = "bactrian.tool-credentials.";

    private final ToolManager tools;
    private final @Nullable TenantId defaultTenant;
    private final ToolCredentialStore credentials = new MemoryToolCredentials();
    private final List<String> problems = new ArrayList<>();

    private PropertyToolCredentials(ToolManager tools, @Nullable TenantId defaultTenant) {
        this.tools = tools;
        this.defaultTenant = defaultTenant;
    }

    /**
     * Reads the properties.
     *
     * @throws MisconfiguredException naming every property that is wrong
     */
    static ToolCredentialStore read(Settings settings, ToolManager tools, @Nullable TenantId defaultTenant) {
        PropertyToolCredentials read = new PropertyToolCredentials(tools, defaultTenant);
        Map<String, Map<String, String>> byName = new TreeMap<>();
        settings.startingWith(PREFIX).forEach((property, value) -> {
            String rest = property.substring(PREFIX.length());
            int dot = rest.lastIndexOf('.');
            if (dot <= 0) {
                read.problems.add(property + ": has to be " + PREFIX + "NAME.FIELD");
                return;
            }
            byName.computeIfAbsent(rest.substring(0, dot), name -> new LinkedHashMap<>())
                    .put(rest.substring(dot + 1), value);
        });
        byName.forEach(read::credential);
        if (!read.problems.isEmpty()) {
            throw new MisconfiguredException(ErrorCode.MISCONFIGURED, String.join("\n", read.problems));
        }
        return read.credentials;
    }

    private void credential(String name, Map<String, String> fields) {
        String prefix = PREFIX + name + ".";
        try {
            ToolProviderName provider = provider(prefix, fields.get("provider"));
            TenantId tenant = tenant(prefix, fields.get("tenant"));
            ToolProviderController controller = tools.provider(tenant, provider.type(), provider.provider())
                    .orElseThrow(
                            () -> new IllegalArgumentException("there is no provider of tools '" + provider + "'"));
            Credentials checked = controller.entity().credentialForm().check(given(fields));
            credentials.add(tenant, provider, NewToolCredential.ofApiKey(new CredentialName(name), checked));
        } catch (BadRequestException | IllegalArgumentException e) {
            problems.add(prefix + "*: " + e.getMessage());
        }
    }

    private static ToolProviderName provider(String prefix, @Nullable String name) {
        if (name == null || name.isBlank()) {
            throw new IllegalArgumentException("set " + prefix + "provider, such as builtin/web");
        }
        return ToolProviderName.parse(name.strip());
    }

    private TenantId tenant(String prefix, @Nullable String named) {
        TenantId tenant = named == null || named.isBlank() ? defaultTenant : new TenantId(named.strip());
        if (tenant == null) {
            throw new IllegalArgumentException("set " + prefix + "tenant, since there is no bactrian.tenant.default");
        }
        return tenant;
    }

    private static Credentials given(Map<String, String> fields) {
        Map<String, CredentialValue> values = new LinkedHashMap<>();
        fields.forEach((field, value) -> {
            if (!field.equals("provider") && !field.equals("tenant")) {
                values.put(field, new CredentialValue.Text(value.strip()));
            }
        });
        return Credentials.of(values);
    }
}
