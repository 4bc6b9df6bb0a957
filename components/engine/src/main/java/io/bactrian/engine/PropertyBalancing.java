package io.bactrian.engine;

import io.bactrian.core.config.BalancingStrategy;
import io.bactrian.core.config.MemoryConfigurationStore;
import io.bactrian.core.config.ModelFallback;
import io.bactrian.core.config.ModelReference;
import io.bactrian.core.config.TenantRecord;
import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.manage.BalancingPlan;
import io.bactrian.core.manage.BalancingRules;
import io.bactrian.core.manage.BalancingText;
import io.bactrian.core.provider.ModelType;
import io.bactrian.core.provider.ProviderCatalog;
import io.bactrian.core.tenant.TenantId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * How calls of models are spread over credentials of properties, and their fallbacks: {@code bactrian.balancing.NAME.model} and
 * the other fields beside it, written as {@link BalancingText} says.
 */
final class PropertyBalancing {

    static final String PREFIX = "bactrian.balancing.";

    private static final Set<String> FIELDS =
            Set.of("model", "type", "tenant", "credentials", "strategy", "sticky", "fallbacks", "enabled");

    private final MemoryConfigurationStore store;
    private final BalancingRules rules;
    private final @Nullable TenantId defaultTenant;
    private final List<String> problems;
    private final Map<Subject, String> seen = new HashMap<>();

    /** What calls are spread of. */
    private record Subject(TenantId tenant, ModelReference model, ModelType type) {}

    /**
     * @param store holds the credentials, and takes what is read
     * @param catalog knows the models
     * @param defaultTenant whose it is unless a tenant is named; null for nobody's
     * @param problems takes what is wrong
     */
    PropertyBalancing(
            MemoryConfigurationStore store,
            ProviderCatalog catalog,
            @Nullable TenantId defaultTenant,
            List<String> problems) {
        this.store = store;
        this.rules = new BalancingRules(store, catalog);
        this.defaultTenant = defaultTenant;
        this.problems = problems;
    }

    void read(Settings settings) {
        NamedSettings.read(settings, PREFIX, problems).forEach((name, fields) -> new One(name, fields).set());
    }

    /** One of them. */
    private final class One {

        private final String prefix;
        private final Map<String, String> fields;

        One(String name, Map<String, String> fields) {
            this.prefix = PREFIX + name + ".";
            this.fields = fields;
        }

        void set() {
            try {
                requireKnown();
                ModelReference model = field("model", BalancingText::model)
                        .orElseThrow(() -> wrong("model", "set it, such as openai/gpt-4o-mini"));
                BalancingPlan plan = plan(model.model());
                TenantId tenant = tenant();
                String other = seen.putIfAbsent(new Subject(tenant, model, plan.type()), prefix);
                if (other != null) {
                    throw wrong("model", "is in " + other + "model too: keep one of them");
                }
                store.setBalancing(
                        tenant, model.provider(), rules.resolve(tenant, model.provider(), plan), "properties");
            } catch (BadRequestException | IllegalArgumentException e) {
                String message = String.valueOf(e.getMessage());
                problems.add(message.startsWith(prefix) ? message : prefix + "*: " + message);
            }
        }

        private void requireKnown() {
            for (String field : fields.keySet()) {
                if (!FIELDS.contains(field)) {
                    throw wrong(field, "there is no such setting, known here are " + new TreeSet<>(FIELDS));
                }
            }
        }

        private BalancingPlan plan(String model) {
            List<BalancingPlan.Entry> entries =
                    field("credentials", BalancingText::credentials).orElse(List.of());
            List<ModelFallback> fallbacks =
                    field("fallbacks", BalancingText::fallbacks).orElse(List.of());
            if (entries.isEmpty() && fallbacks.isEmpty()) {
                throw wrong("credentials", "set it, or fallbacks: there is nothing to spread calls over");
            }
            return new BalancingPlan(
                    model,
                    field("type", text -> oneOf(ModelType.of(text), List.of(ModelType.values())))
                            .orElse(ModelType.LLM),
                    field("enabled", One::flag).orElse(!entries.isEmpty()),
                    field("strategy", text -> oneOf(BalancingStrategy.of(text), List.of(BalancingStrategy.values())))
                            .orElseGet(() -> BalancingPlan.usualStrategy(entries)),
                    field("sticky", One::flag).orElse(false),
                    entries,
                    fallbacks);
        }

        private TenantId tenant() {
            TenantId tenant = field("tenant", TenantId::new).orElse(defaultTenant);
            if (tenant == null) {
                throw wrong("tenant", "set it, since there is no bactrian.tenant.default");
            }
            if (store.tenant(tenant).isEmpty()) {
                store.putTenant(new TenantRecord(tenant, tenant.value(), true));
            }
            return tenant;
        }

        /** A field as it is meant; empty if it is not set or blank. */
        private <T> Optional<T> field(String name, Function<String, T> reader) {
            String text = fields.getOrDefault(name, "").strip();
            if (text.isEmpty()) {
                return Optional.empty();
            }
            try {
                return Optional.of(reader.apply(text));
            } catch (IllegalArgumentException e) {
                throw wrong(name, String.valueOf(e.getMessage()));
            }
        }

        private IllegalArgumentException wrong(String field, String message) {
            return new IllegalArgumentException(prefix + field + ": " + message);
        }

        private static <T> T oneOf(Optional<T> found, List<T> choices) {
            return found.orElseThrow(() -> new IllegalArgumentException("has to be one of " + choices));
        }

        private static boolean flag(String text) {
            if (!text.equals("true") && !text.equals("false")) {
                throw new IllegalArgumentException("has to be true or false");
            }
            return Boolean.parseBoolean(text);
        }
    }
}
