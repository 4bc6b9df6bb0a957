package io.bactrian.core.manage;

import static org.assertj.core.api.Assertions.assertThat;

import io.bactrian.core.access.AccessControl;
import io.bactrian.core.access.Actor;
import io.bactrian.core.access.Scopes;
import io.bactrian.core.config.AuditQuery;
import io.bactrian.core.config.BalancingStrategy;
import io.bactrian.core.config.CredentialScope;
import io.bactrian.core.config.MemberRecord;
import io.bactrian.core.config.MemoryConfigurationStore;
import io.bactrian.core.config.ModelBalancing;
import io.bactrian.core.config.ModelReference;
import io.bactrian.core.config.Page;
import io.bactrian.core.config.SystemProviderSource;
import io.bactrian.core.config.TenantRecord;
import io.bactrian.core.credential.CredentialForm;
import io.bactrian.core.credential.CredentialId;
import io.bactrian.core.credential.CredentialName;
import io.bactrian.core.credential.Credentials;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.InvokeException;
import io.bactrian.core.invoke.CredentialResolver;
import io.bactrian.core.invoke.Dialects;
import io.bactrian.core.invoke.ModelAssemblies;
import io.bactrian.core.model.ModelDialect;
import io.bactrian.core.provider.ConfigurateMethod;
import io.bactrian.core.provider.ModelType;
import io.bactrian.core.provider.ProviderCatalog;
import io.bactrian.core.provider.ProviderEntity;
import io.bactrian.core.provider.ProviderId;
import io.bactrian.core.provider.ProviderType;
import io.bactrian.core.quota.Alarm;
import io.bactrian.core.quota.Budgets;
import io.bactrian.core.quota.MemoryQuotaLedger;
import io.bactrian.core.tenant.ApiKeyId;
import io.bactrian.core.tenant.Deadline;
import io.bactrian.core.tenant.Role;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tenant.UserId;
import io.bactrian.core.tool.MemoryApprovals;
import io.bactrian.core.tool.MemoryToolCredentials;
import io.bactrian.core.tool.ToolManager;
import io.bactrian.core.tool.ToolProviderName;
import io.bactrian.core.usage.UsageDimension;
import io.bactrian.core.usage.UsageQuery;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * Who may call which method of which manager: every public method that takes an actor is called as each role, in the actor's own
 * tenant and in another one, and what comes of it has to be what is declared here.
 */
class ManagerMatrixTest {

    private static final TenantId ACME = new TenantId("acme");
    private static final TenantId GLOBEX = new TenantId("globex");
    private static final UserId ME = new UserId("me");
    private static final UserId OTHER = new UserId("other");
    private static final ProviderId PROVIDER = new ProviderId("p");

    private static final String OPERATOR = "operator";

    /** The least role that each takes, about others and what is all the tenant's. */
    private static final Map<String, String> DECLARED = Map.ofEntries(
            Map.entry("TenantManager.create", OPERATOR),
            Map.entry("TenantManager.update", OPERATOR),
            Map.entry("TenantManager.remove", OPERATOR),
            Map.entry("TenantManager.get", "dataset_operator"),
            Map.entry("TenantManager.list", OPERATOR),
            Map.entry("MemberManager.add", "admin"),
            Map.entry("MemberManager.changeRole", "owner"),
            Map.entry("MemberManager.remove", "owner"),
            Map.entry("MemberManager.list", "dataset_operator"),
            Map.entry("MemberManager.get", "dataset_operator"),
            Map.entry("ProviderSettingsManager.list", "dataset_operator"),
            Map.entry("ProviderSettingsManager.get", "dataset_operator"),
            Map.entry("ProviderSettingsManager.enable", "admin"),
            Map.entry("ProviderSettingsManager.prefer", "admin"),
            Map.entry("ProviderSettingsManager.reset", "admin"),
            Map.entry("ModelSettingsManager.list", "dataset_operator"),
            Map.entry("ModelSettingsManager.find", "dataset_operator"),
            Map.entry("ModelSettingsManager.enable", "admin"),
            Map.entry("ModelSettingsManager.remove", "admin"),
            Map.entry("ModelSettingsManager.setDefault", "admin"),
            Map.entry("ModelSettingsManager.defaults", "dataset_operator"),
            Map.entry("CredentialManager.add", "admin"),
            Map.entry("CredentialManager.update", "admin"),
            Map.entry("CredentialManager.rotate", "admin"),
            Map.entry("CredentialManager.remove", "admin"),
            Map.entry("CredentialManager.activate", "admin"),
            Map.entry("CredentialManager.share", "admin"),
            Map.entry("CredentialManager.list", "admin"),
            Map.entry("CredentialManager.listAll", "admin"),
            Map.entry("CredentialManager.idOf", "admin"),
            Map.entry("CredentialManager.validate", "admin"),
            Map.entry("CredentialManager.validateStored", "admin"),
            Map.entry("BalancingManager.resolve", "admin"),
            Map.entry("BalancingManager.set", "admin"),
            Map.entry("BalancingManager.replace", "admin"),
            Map.entry("BalancingManager.switchOff", "admin"),
            Map.entry("BalancingManager.remove", "admin"),
            Map.entry("BalancingManager.find", "admin"),
            Map.entry("BalancingManager.list", "admin"),
            Map.entry("ApprovalManager.pending", "admin"),
            Map.entry("ApprovalManager.get", "admin"),
            Map.entry("ApprovalManager.approve", "admin"),
            Map.entry("ApprovalManager.deny", "admin"),
            Map.entry("ApiKeyManager.issue", "admin"),
            Map.entry("ApiKeyManager.revoke", "editor"),
            Map.entry("ApiKeyManager.list", "editor"),
            Map.entry("ApiKeyManager.get", "editor"),
            Map.entry("AuditManager.list", "admin"),
            Map.entry("AuditManager.listAll", OPERATOR),
            Map.entry("UsageManager.report", "editor"),
            Map.entry("BudgetManager.set", "admin"),
            Map.entry("BudgetManager.remove", "admin"),
            Map.entry("BudgetManager.find", "editor"),
            Map.entry("BudgetManager.rules", "editor"),
            Map.entry("BudgetManager.list", "editor"),
            Map.entry("LimitManager.set", "admin"),
            Map.entry("LimitManager.remove", "admin"),
            Map.entry("LimitManager.find", "editor"),
            Map.entry("LimitManager.list", "editor"),
            // of those credentials that are for one's own calls alone, ToolCredentialManagerTest tells
            Map.entry("ToolCredentialManager.add", "admin"),
            Map.entry("ToolCredentialManager.putTokens", "admin"),
            Map.entry("ToolCredentialManager.update", "normal"),
            Map.entry("ToolCredentialManager.remove", "normal"),
            Map.entry("ToolCredentialManager.setDefault", "normal"),
            Map.entry("ToolCredentialManager.validateStored", "normal"),
            Map.entry("ToolCredentialManager.list", "normal"),
            Map.entry("ToolCredentialManager.listAll", "normal"),
            Map.entry("ToolCredentialManager.requireChange", "admin"));

    /** Managers over tenants of their own, as many calls change something. */
    private static List<Object> managers() {
        Clock clock = Clock.systemUTC();
        MemoryConfigurationStore store = new MemoryConfigurationStore("memory", clock);
        for (TenantId tenant : List.of(ACME, GLOBEX)) {
            store.putTenant(new TenantRecord(tenant, tenant.value(), true));
            store.putMember(tenant, new MemberRecord(ME, Role.OWNER));
            store.putMember(tenant, new MemberRecord(OTHER, Role.NORMAL));
        }
        AccessControl access = new AccessControl(store, clock);
        ProviderCatalog catalog = ProviderCatalog.of(List.of(() -> List.of(provider())));
        Dialects dialects = new Dialects(List.of(new SilentDialect()));
        CredentialResolver resolver = new CredentialResolver(
                new ModelAssemblies(
                        catalog,
                        store,
                        SystemProviderSource.of(List.of()),
                        Duration.ofMinutes(1),
                        Duration.ZERO,
                        100,
                        System::nanoTime,
                        clock),
                dialects,
                false);
        return List.of(
                new TenantManager(store, store, access),
                new MemberManager(store, access),
                new ProviderSettingsManager(store, store, catalog, access),
                new ModelSettingsManager(store, store, catalog, resolver, access),
                new CredentialManager(store, access, catalog, dialects, clock),
                new BalancingManager(store, access, catalog),
                new ApprovalManager(new MemoryApprovals(), access, clock),
                new ApiKeyManager(store, store, access, new SecureRandom(), clock),
                new AuditManager(store, access),
                new UsageManager(null, access),
                new BudgetManager(
                        store.budgets(),
                        Budgets.NONE,
                        new MemoryQuotaLedger(Alarm.SILENT, clock, System::nanoTime),
                        access),
                new LimitManager(store.limits(), List.of(), access),
                new ToolCredentialManager(new MemoryToolCredentials(), store, new ToolManager(List.of()), access));
    }

    private static final class SilentDialect implements ModelDialect {
        @Override
        public String name() {
            return "silent";
        }

        @Override
        public void validate(ProviderEntity provider, Credentials credentials, Deadline deadline) {}
    }

    private static ProviderEntity provider() {
        return new ProviderEntity(
                PROVIDER,
                "P",
                "",
                null,
                "silent",
                "p",
                Set.of(ModelType.LLM),
                Set.of(ConfigurateMethod.PREDEFINED_MODEL),
                List.of(),
                Map.of(),
                CredentialForm.EMPTY,
                null,
                Map.of());
    }

    private static List<Method> methods(Class<?> manager) {
        return Arrays.stream(manager.getDeclaredMethods())
                .filter(method -> Modifier.isPublic(method.getModifiers()) && !method.isSynthetic())
                .filter(method -> method.getParameterCount() > 0 && method.getParameterTypes()[0] == Actor.class)
                .toList();
    }

    private static @Nullable Object argument(Class<?> type, AnnotatedType annotated, TenantId tenant) {
        if (annotated.isAnnotationPresent(Nullable.class)) {
            return null;
        }
        Map<Class<?>, Object> values = Map.ofEntries(
                Map.entry(TenantId.class, tenant),
                Map.entry(TenantRecord.class, new TenantRecord(tenant, "T", true)),
                Map.entry(UserId.class, OTHER),
                Map.entry(Role.class, Role.NORMAL),
                Map.entry(Page.class, Page.FIRST),
                Map.entry(ProviderId.class, PROVIDER),
                Map.entry(ProviderType.class, ProviderType.CUSTOM),
                Map.entry(String.class, "x"),
                Map.entry(ModelType.class, ModelType.LLM),
                Map.entry(boolean.class, true),
                Map.entry(int.class, 1),
                Map.entry(long.class, 1L),
                Map.entry(CredentialSharing.class, CredentialSharing.WITH_ALL),
                Map.entry(
                        ModelBalancing.class,
                        new ModelBalancing(
                                "x", ModelType.LLM, false, BalancingStrategy.ROUND_ROBIN, false, List.of(), List.of())),
                Map.entry(ModelReference.class, new ModelReference(PROVIDER, "x")),
                Map.entry(CredentialScope.class, new CredentialScope.OfProvider(PROVIDER)),
                Map.entry(CredentialId.class, new CredentialId("x")),
                Map.entry(CredentialName.class, new CredentialName("x")),
                Map.entry(Credentials.class, Credentials.NONE),
                Map.entry(Duration.class, Duration.ZERO),
                Map.entry(Instant.class, Instant.EPOCH),
                Map.entry(Deadline.class, Deadline.in(Duration.ofSeconds(30))),
                Map.entry(
                        BalancingPlan.class,
                        new BalancingPlan(
                                "x", ModelType.LLM, false, BalancingStrategy.ROUND_ROBIN, false, List.of(), List.of())),
                Map.entry(NewApiKey.class, new NewApiKey("x", OTHER, null)),
                Map.entry(Map.class, Map.of()),
                Map.entry(AuditQuery.class, AuditQuery.latest(1)),
                Map.entry(
                        UsageQuery.class,
                        new UsageQuery(tenant, UsageDimension.MODEL, LocalDate.of(2026, 1, 1), null, 1)),
                Map.entry(ToolProviderName.class, ToolProviderName.parse("builtin/web")));
        Object value = values.get(type);
        assertThat(value).as("a value for %s", type).isNotNull();
        return value;
    }

    /** Whether the actor is let through; what comes of the call then is no matter here. */
    private static boolean allowed(Class<?> type, Method method, Actor actor, TenantId tenant) {
        Object manager =
                managers().stream().filter(type::isInstance).findFirst().orElseThrow();
        List<@Nullable Object> arguments = new ArrayList<>();
        arguments.add(actor);
        for (int i = 1; i < method.getParameterCount(); i++) {
            arguments.add(argument(method.getParameterTypes()[i], method.getAnnotatedParameterTypes()[i], tenant));
        }
        try {
            method.invoke(manager, arguments.toArray());
            return true;
        } catch (InvocationTargetException e) {
            assertThat(e.getCause()).as("what %s throws", method).isInstanceOf(InvokeException.class);
            return ((InvokeException) e.getCause()).code() != ErrorCode.ACCESS_DENIED;
        } catch (IllegalAccessException e) {
            throw new AssertionError(e);
        }
    }

    /** For each method the least role that is let through; every role above it is, and none below. */
    private static Map<String, String> matrix(TenantId tenant, Function<Role, Actor> actors) {
        Map<String, String> matrix = new TreeMap<>();
        for (Object manager : managers()) {
            for (Method method : methods(manager.getClass())) {
                String name = manager.getClass().getSimpleName() + "." + method.getName();
                List<Role> through = Arrays.stream(Role.values())
                        .filter(role -> allowed(manager.getClass(), method, actors.apply(role), tenant))
                        .toList();
                String least = through.isEmpty()
                        ? OPERATOR
                        : through.get(through.size() - 1).text();
                assertThat(through)
                        .as("%s lets all roles from %s on through", name, least)
                        .hasSize(
                                through.isEmpty()
                                        ? 0
                                        : through.get(through.size() - 1).ordinal() + 1);
                matrix.put(name, least);
            }
        }
        return matrix;
    }

    @Test
    @DisplayName("INNER-14: every method of every manager x every role in its own tenant is as declared")
    void rolesAreAsDeclared() {
        assertThat(matrix(ACME, role -> new Actor.Member(ACME, ME, role))).containsExactlyInAnyOrderEntriesOf(DECLARED);
    }

    @Test
    @DisplayName("INNER-14: a key for everything may do what its role may, and one for calls nothing")
    void keysAreAsDeclared() {
        Function<Role, Actor> all = role -> new Actor.Key(ACME, new ApiKeyId("ak_1"), ME, role, Scopes.ALL);
        Function<Role, Actor> calls = role -> new Actor.Key(ACME, new ApiKeyId("ak_1"), ME, role, Scopes.CALLS);

        assertThat(matrix(ACME, all)).containsExactlyInAnyOrderEntriesOf(DECLARED);
        assertThat(matrix(ACME, calls))
                .allSatisfy((method, least) -> assertThat(least).as(method).isEqualTo(OPERATOR));
    }

    @Test
    @DisplayName("INNER-14: no role of a tenant does anything in another")
    void nobodyDoesAnythingInAnotherTenant() {
        assertThat(matrix(GLOBEX, role -> new Actor.Member(ACME, ME, role)))
                .hasSize(DECLARED.size())
                .allSatisfy((method, least) -> assertThat(least).as(method).isEqualTo(OPERATOR));
    }

    @Test
    void theOperatorMayDoAllOfIt() {
        for (Object manager : managers()) {
            for (Method method : methods(manager.getClass())) {
                assertThat(allowed(manager.getClass(), method, new Actor.Operator(), ACME))
                        .as("%s", method)
                        .isTrue();
            }
        }
    }

    @Test
    void knowsEveryManager() throws Exception {
        Path folder = Path.of(
                        TenantManager.class.getResource("TenantManager.class").toURI())
                .getParent();
        try (Stream<Path> classes = Files.list(folder)) {
            assertThat(managers().stream().map(manager -> manager.getClass().getSimpleName() + ".class"))
                    .containsExactlyInAnyOrderElementsOf(
                            classes.map(path -> path.getFileName().toString())
                                    .filter(name -> name.endsWith("Manager.class"))
                                    .toList());
        }
    }
}
