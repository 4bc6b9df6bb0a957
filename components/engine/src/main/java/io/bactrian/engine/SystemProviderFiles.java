package io.bactrian.engine;

import io.bactrian.core.config.StoredCredential;
import io.bactrian.core.config.SystemProvider;
import io.bactrian.core.credential.CredentialId;
import io.bactrian.core.credential.CredentialName;
import io.bactrian.core.credential.Credentials;
import io.bactrian.core.provider.ProviderEntity;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.json.YamlNode;
import io.bactrian.json.YamlProblems;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The operator's providers, from {@code config/system/*.yaml}: under {@code system} those that are granted unmetered, under
 * {@code hosted} those with a quota.
 */
final class SystemProviderFiles {

    private static final Set<String> ENTRY =
            Set.of("provider", "name", "values", "tenants", "restrict_models", "quota");
    private static final Set<String> QUOTA_TYPES = Set.of("paid", "free", "trial");
    private static final Set<String> QUOTA_UNITS = Set.of("times", "tokens", "credits");

    private final ConfigFiles files;
    private final List<SystemProvider> entries = new ArrayList<>();
    private final Set<String> names = new HashSet<>();

    SystemProviderFiles(ConfigFiles files) {
        this.files = files;
    }

    /** Reads the files of a folder; what is wrong goes to {@code problems}. */
    List<SystemProvider> read(Path folder, List<YamlProblems> problems) {
        for (Path file : ConfigFiles.in(folder)) {
            YamlProblems found = new YamlProblems(ConfigFiles.nameOf(file));
            problems.add(found);
            YamlNode root = YamlNode.parse(ConfigFiles.text(file), found);
            root.map(Set.of("system", "hosted"));
            root.get("system").list().forEach(node -> entry(node, false, found));
            root.get("hosted").list().forEach(node -> entry(node, true, found));
        }
        return List.copyOf(entries);
    }

    private void entry(YamlNode node, boolean hosted, YamlProblems problems) {
        node.map(ENTRY);
        Optional<ProviderEntity> provider = files.provider(node.get("provider"));
        Optional<CredentialName> name = ConfigFiles.id(node.get("name"), CredentialName::new);
        SystemProvider.HostingQuota quota = hosted ? quota(node.get("quota")) : noQuota(node.get("quota"));
        boolean all = node.get("tenants").isScalar()
                && "*".equals(node.get("tenants").text().orElse(""));
        Set<TenantId> tenants = all ? Set.of() : tenants(node.get("tenants"));
        List<SystemProvider.RestrictModel> restrict = restrictions(node.get("restrict_models"));
        Optional<Credentials> values = provider.flatMap(
                entity -> files.credentials(node.get("values"), entity.providerCredentialSchema(), problems));
        if (provider.isEmpty() || name.isEmpty() || values.isEmpty() || (hosted && quota == null)) {
            return;
        }
        String id = (hosted ? "hosted:" : "system:") + entries.size();
        if (!names.add(provider.get().provider() + "/" + name.get())) {
            node.get("name").problem("another entry for this provider has that name");
        }
        Credentials opened = values.get();
        entries.add(new SystemProvider(
                new StoredCredential(new CredentialId(id), name.get(), 1, () -> opened),
                provider.get().provider(),
                quota,
                tenants,
                all,
                restrict,
                problems.file() + ":" + node.line()));
    }

    private static Set<TenantId> tenants(YamlNode node) {
        Set<TenantId> tenants = new LinkedHashSet<>();
        if (!node.present()) {
            node.problem("is required: a list of tenants, or '*' for all");
        }
        node.list().forEach(item -> ConfigFiles.tenant(item).ifPresent(tenants::add));
        return tenants;
    }

    private static List<SystemProvider.RestrictModel> restrictions(YamlNode node) {
        List<SystemProvider.RestrictModel> models = new ArrayList<>();
        for (YamlNode item : node.list()) {
            item.map(Set.of("model", "type", "base_model_name"));
            models.add(new SystemProvider.RestrictModel(
                    item.get("model").requiredText(),
                    ConfigFiles.type(item.get("type")),
                    item.get("base_model_name").text().orElse(null)));
        }
        return models;
    }

    private static SystemProvider.@Nullable HostingQuota noQuota(YamlNode node) {
        if (node.present()) {
            node.problem("system entries are unmetered: move the entry under 'hosted', or leave the quota out");
        }
        return null;
    }

    private static SystemProvider.@Nullable HostingQuota quota(YamlNode node) {
        if (!node.present()) {
            node.problem("is required of a hosted entry: type, unit and limit (-1 for none)");
            return null;
        }
        node.map(Set.of("type", "unit", "limit"));
        String type = oneOf(node.get("type"), QUOTA_TYPES);
        String unit = oneOf(node.get("unit"), QUOTA_UNITS);
        long limit =
                node.get("limit").number().map(number -> number.longValue()).orElse(Long.MIN_VALUE);
        if (limit < -1) {
            node.get("limit").problem("is required: how many units, or -1 for no limit");
        }
        return new SystemProvider.HostingQuota(type, unit, limit);
    }

    private static String oneOf(YamlNode node, Set<String> allowed) {
        String text = node.requiredText();
        if (!text.isBlank() && !allowed.contains(text)) {
            node.problem("has to be one of " + allowed.stream().sorted().toList());
        }
        return text;
    }
}
