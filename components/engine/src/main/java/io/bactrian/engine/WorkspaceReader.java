package io.bactrian.engine;

import io.bactrian.core.config.CredentialScope;
import io.bactrian.core.config.MemberRecord;
import io.bactrian.core.config.ModelReference;
import io.bactrian.core.config.ModelSetting;
import io.bactrian.core.config.TenantRecord;
import io.bactrian.core.credential.CredentialForm;
import io.bactrian.core.credential.CredentialName;
import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.limit.RateLimitRule;
import io.bactrian.core.manage.CredentialSharing;
import io.bactrian.core.provider.ModelType;
import io.bactrian.core.provider.ProviderEntity;
import io.bactrian.core.provider.ProviderId;
import io.bactrian.core.provider.ProviderType;
import io.bactrian.core.quota.BudgetRule;
import io.bactrian.core.tenant.Role;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tenant.UserId;
import io.bactrian.json.YamlNode;
import io.bactrian.json.YamlProblems;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads tenants from {@code config/workspaces/*.yaml}. Nothing is applied before all files are without fault. */
final class WorkspaceReader {

    private static final Set<String> ROOT = Set.of(
            "tenant",
            "name",
            "enabled",
            "members",
            "credentials",
            "preferences",
            "models",
            "default_models",
            "balancing",
            "budgets",
            "limits");

    private final ConfigFiles files;

    WorkspaceReader(ConfigFiles files) {
        this.files = files;
    }

    /** Reads the files of a folder; what is wrong goes to {@code problems}. */
    List<WorkspaceFile> read(Path folder, List<YamlProblems> problems) {
        List<WorkspaceFile> read = new ArrayList<>();
        Map<TenantId, String> seen = new HashMap<>();
        for (Path file : ConfigFiles.in(folder)) {
            YamlProblems found = new YamlProblems(ConfigFiles.nameOf(file));
            problems.add(found);
            YamlNode root = YamlNode.parse(ConfigFiles.text(file), found);
            workspace(root, found, stem(file)).ifPresent(workspace -> {
                String other = seen.putIfAbsent(workspace.tenant().id(), workspace.file());
                if (other != null) {
                    root.problem("tenant '" + workspace.tenant().id() + "' is declared in " + other + " too: keep one");
                }
                read.add(workspace);
            });
        }
        return read;
    }

    private static String stem(Path file) {
        String name = file.getFileName().toString();
        return name.substring(0, name.lastIndexOf('.'));
    }

    private Optional<WorkspaceFile> workspace(YamlNode root, YamlProblems problems, String stem) {
        root.map(ROOT);
        Optional<TenantRecord> tenant = tenant(root, stem);
        Optional<List<MemberRecord>> members =
                root.get("members").present() ? Optional.of(members(root.get("members"))) : Optional.empty();
        List<WorkspaceFile.Declared> credentials = credentials(root.get("credentials"), problems);
        List<WorkspaceFile.Preference> preferences = preferences(root.get("preferences"));
        Map<ProviderId, List<ModelSetting>> settings = settings(root.get("models"));
        Map<ModelType, ModelReference> defaults = defaults(root.get("default_models"));
        List<WorkspaceFile.Balanced> balancing = BalancingNodes.read(root.get("balancing"), files.catalog());
        TenantId id = tenant.map(TenantRecord::id).orElse(TenantId.DEFAULT);
        List<BudgetRule> budgets = RuleNodes.budgets(root.get("budgets"), id);
        List<RateLimitRule> limits = RuleNodes.limits(root.get("limits"), id);
        return tenant.map(record -> new WorkspaceFile(
                problems.file(),
                record,
                members,
                credentials,
                preferences,
                settings,
                defaults,
                balancing,
                budgets,
                limits));
    }

    private static Optional<TenantRecord> tenant(YamlNode root, String stem) {
        String id = root.get("tenant").text().orElse(stem);
        boolean enabled = root.get("enabled").flag().orElse(true);
        try {
            return Optional.of(
                    new TenantRecord(new TenantId(id), root.get("name").text().orElse(id), enabled));
        } catch (IllegalArgumentException e) {
            root.problem(e.getMessage() + " (from 'tenant', else the file's name, and 'name')");
            return Optional.empty();
        }
    }

    private static List<MemberRecord> members(YamlNode node) {
        List<MemberRecord> members = new ArrayList<>();
        Set<UserId> seen = new HashSet<>();
        for (YamlNode item : node.list()) {
            item.map(Set.of("user", "role"));
            Optional<UserId> user = ConfigFiles.id(item.get("user"), UserId::new);
            Optional<Role> role = Role.of(item.get("role").requiredText());
            if (role.isEmpty()) {
                item.get("role")
                        .problem("has to be one of "
                                + Arrays.stream(Role.values()).map(Role::text).toList());
            }
            if (user.isPresent() && !seen.add(user.get())) {
                item.problem("the user stands there twice");
            }
            if (user.isPresent() && role.isPresent()) {
                members.add(new MemberRecord(user.get(), role.get()));
            }
        }
        return members;
    }

    private List<WorkspaceFile.Declared> credentials(YamlNode node, YamlProblems problems) {
        List<WorkspaceFile.Declared> declared = new ArrayList<>();
        Set<String> names = new HashSet<>();
        Set<CredentialScope> active = new HashSet<>();
        for (YamlNode item : node.list()) {
            item.map(Set.of("provider", "name", "model", "type", "values", "active", "visibility", "users"));
            Optional<ProviderEntity> provider = files.provider(item.get("provider"));
            Optional<CredentialName> name = ConfigFiles.id(item.get("name"), CredentialName::new);
            boolean isActive = item.get("active").flag().orElse(false);
            if (provider.isEmpty() || name.isEmpty()) {
                continue;
            }
            CredentialScope scope = scope(item, provider.get());
            if (!names.add(scope + "\n" + name.get())) {
                item.get("name").problem("another credential of " + scope + " has that name");
            }
            if (isActive && !active.add(scope)) {
                item.get("active").problem("another credential of " + scope + " is active already");
            }
            Optional<CredentialSharing> sharing = sharing(item);
            files.credentials(item.get("values"), form(scope, provider.get()), problems)
                    .ifPresent(values ->
                            declared.add(new WorkspaceFile.Declared(scope, name.get(), values, isActive, sharing)));
        }
        return declared;
    }

    /** Whose calls may use a credential; empty if the file does not say so. */
    private static Optional<CredentialSharing> sharing(YamlNode item) {
        YamlNode visibility = item.get("visibility");
        YamlNode users = item.get("users");
        if (!visibility.present() && !users.present()) {
            return Optional.empty();
        }
        Set<UserId> listed = new HashSet<>();
        users.list().forEach(user -> ConfigFiles.id(user, UserId::new).ifPresent(listed::add));
        try {
            CredentialSharing sharing = CredentialSharing.of(visibility.text().orElse(null), listed);
            // a file has no account that it could be for
            sharing.by(null);
            return Optional.of(sharing);
        } catch (BadRequestException e) {
            (visibility.present() ? visibility : users).problem(e.getMessage());
            return Optional.empty();
        }
    }

    private static CredentialForm form(CredentialScope scope, ProviderEntity provider) {
        @Nullable CredentialForm ofModel = provider.modelCredentialSchema();
        return scope instanceof CredentialScope.OfModel && ofModel != null
                ? ofModel
                : provider.providerCredentialSchema();
    }

    private static CredentialScope scope(YamlNode item, ProviderEntity provider) {
        Optional<String> model = item.get("model").text();
        if (model.isEmpty()) {
            if (item.get("type").present()) {
                item.get("type").problem("belongs to a credential of one model: name the model too");
            }
            return new CredentialScope.OfProvider(provider.provider());
        }
        ModelType type = ConfigFiles.type(item.get("type"));
        if (provider.modelOrTemplate(type, model.get()).isEmpty()) {
            item.get("model")
                    .problem("provider '" + provider.provider() + "' has no model '" + model.get() + "' of type " + type
                            + " and lets nobody name others");
        }
        return new CredentialScope.OfModel(provider.provider(), model.get(), type);
    }

    private List<WorkspaceFile.Preference> preferences(YamlNode node) {
        List<WorkspaceFile.Preference> preferences = new ArrayList<>();
        for (YamlNode item : node.list()) {
            item.map(Set.of("provider", "prefer", "descend", "enabled"));
            Optional<ProviderEntity> provider = files.provider(item.get("provider"));
            Optional<String> prefer = item.get("prefer").text();
            Optional<ProviderType> type = prefer.flatMap(ProviderType::of);
            if (prefer.isPresent() && type.isEmpty()) {
                item.get("prefer").problem("has to be custom or system");
            }
            boolean descend = item.get("descend").flag().orElse(false);
            boolean enabled = item.get("enabled").flag().orElse(true);
            provider.ifPresent(
                    entity -> preferences.add(new WorkspaceFile.Preference(entity.provider(), type, descend, enabled)));
        }
        return preferences;
    }

    private Map<ProviderId, List<ModelSetting>> settings(YamlNode node) {
        Map<ProviderId, List<ModelSetting>> settings = new HashMap<>();
        for (YamlNode item : node.list()) {
            item.map(Set.of("provider", "model", "type", "enabled"));
            Optional<ProviderEntity> provider = files.provider(item.get("provider"));
            ModelSetting setting = new ModelSetting(
                    item.get("model").requiredText(),
                    ConfigFiles.type(item.get("type")),
                    item.get("enabled").flag().orElse(true));
            provider.ifPresent(entity -> settings.computeIfAbsent(entity.provider(), id -> new ArrayList<>())
                    .add(setting));
        }
        return settings;
    }

    private Map<ModelType, ModelReference> defaults(YamlNode node) {
        Map<ModelType, ModelReference> defaults = new EnumMap<>(ModelType.class);
        node.map().forEach((key, value) -> {
            Optional<ModelType> type = ModelType.of(key);
            String text = value.requiredText();
            int slash = text.indexOf('/');
            if (type.isEmpty() || slash <= 0 || slash == text.length() - 1) {
                value.problem("has to be TYPE: PROVIDER/MODEL, such as llm: openai/gpt-4o-mini");
                return;
            }
            try {
                ProviderId provider = new ProviderId(text.substring(0, slash));
                if (files.catalog().find(provider).isEmpty()) {
                    value.problem("there is no provider '" + provider + "'");
                }
                defaults.put(type.get(), new ModelReference(provider, text.substring(slash + 1)));
            } catch (IllegalArgumentException e) {
                value.problem(String.valueOf(e.getMessage()));
            }
        });
        return defaults;
    }
}
