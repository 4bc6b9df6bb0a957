package io.bactrian.engine;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.MisconfiguredException;
import io.bactrian.core.limit.RateLimit;
import io.bactrian.core.limit.RateResource;
import io.bactrian.core.limit.RateSelector;
import io.bactrian.core.provider.ProviderId;
import io.bactrian.core.tenant.ApiKeyId;
import io.bactrian.core.tenant.AppId;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.support.Durations;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The limits in properties: {@code bactrian.limits.NAME.tenant}, {@code app}, {@code model}, {@code api-key} say whose calls they
 * are about ({@code *}: each by itself; left out: all together, and the default tenant), {@code requests}, {@code tokens} and
 * {@code concurrent} how many, {@code per} in which time.
 */
final class LimitSettings {

    static final String PREFIX = "bactrian.limits.";

    private static final String EACH = "*";
    private static final String PER = "per";
    private static final Duration USUAL = Duration.ofMinutes(1);
    private static final Set<String> FIELDS =
            Set.of("tenant", "app", "model", "api-key", "apiKey", "requests", "tokens", "concurrent", PER);

    private final List<String> problems = new ArrayList<>();

    private final @Nullable TenantId defaultTenant;

    private LimitSettings(@Nullable TenantId defaultTenant) {
        this.defaultTenant = defaultTenant;
    }

    /**
     * Reads the limits.
     *
     * @throws MisconfiguredException naming every setting that is wrong
     */
    static List<RateLimit> read(Settings settings, @Nullable TenantId defaultTenant) {
        LimitSettings reader = new LimitSettings(defaultTenant);
        List<RateLimit> limits = new ArrayList<>();
        NamedSettings.read(settings, PREFIX, reader.problems)
                .forEach((name, fields) -> reader.add(name, fields, limits));
        if (!reader.problems.isEmpty()) {
            throw new MisconfiguredException(ErrorCode.MISCONFIGURED, String.join("\n", reader.problems));
        }
        return limits;
    }

    private void add(String name, Map<String, String> fields, List<RateLimit> limits) {
        String prefix = PREFIX + name + ".";
        int before = problems.size();
        for (String field : fields.keySet()) {
            if (!FIELDS.contains(field)) {
                Set<String> known = new TreeSet<>(FIELDS);
                known.remove("apiKey");
                problems.add(prefix + field + ": is not known; a limit has " + known);
            }
        }
        Duration per = read(prefix, PER, fields, "a duration from 1s to 31d", LimitSettings::per, USUAL);
        List<RateLimit> ofThisName = new ArrayList<>();
        for (RateResource resource : RateResource.values()) {
            long most = resource == RateResource.CONCURRENT ? RateLimit.MOST_CONCURRENT : RateLimit.GREATEST_AMOUNT;
            long amount = read(
                    prefix,
                    resource.text(),
                    fields,
                    "a whole number from 1 to " + most,
                    text -> amount(text, most),
                    0L);
            if (amount > 0) {
                limit(name, prefix, fields, resource, amount, per, ofThisName);
            }
        }
        if (ofThisName.isEmpty() && problems.size() == before) {
            problems.add(prefix + "*: set at least one of requests, tokens and concurrent");
        }
        limits.addAll(ofThisName);
    }

    private void limit(
            String name,
            String prefix,
            Map<String, String> fields,
            RateResource resource,
            long amount,
            Duration per,
            List<RateLimit> limits) {
        String key = fields.containsKey("apiKey") ? "apiKey" : "api-key";
        String model = value(fields, "model");
        try {
            limits.add(new RateLimit(
                    name,
                    tenant(value(fields, "tenant")),
                    selector(value(fields, "app"), AppId::new),
                    provider(model),
                    model(model),
                    selector(value(fields, key), ApiKeyId::new),
                    resource,
                    amount,
                    per));
        } catch (IllegalArgumentException e) {
            String problem = prefix + "*: " + e.getMessage();
            if (!problems.contains(problem)) {
                problems.add(problem);
            }
        }
    }

    private <T> T read(
            String prefix,
            String field,
            Map<String, String> fields,
            String rule,
            Function<String, T> reader,
            T otherwise) {
        String text = value(fields, field);
        if (text == null) {
            return otherwise;
        }
        try {
            return reader.apply(text);
        } catch (RuntimeException e) {
            problems.add(prefix + field + ": has to be " + rule);
            return otherwise;
        }
    }

    private static @Nullable String value(Map<String, String> fields, String field) {
        String text = fields.get(field);
        return text == null || text.isBlank() ? null : text.strip();
    }

    private static Duration per(String text) {
        Duration per = Durations.of(text);
        if (per.compareTo(RateLimit.SHORTEST) < 0 || per.compareTo(RateLimit.LONGEST) > 0) {
            throw new IllegalArgumentException("out of range");
        }
        return per;
    }

    private static long amount(String text, long most) {
        long amount = Long.parseLong(text.replace("_", ""));
        if (amount < 1 || amount > most) {
            throw new IllegalArgumentException("out of range");
        }
        return amount;
    }

    private RateSelector<TenantId> tenant(@Nullable String text) {
        if (text != null) {
            return selector(text, TenantId::new);
        }
        if (defaultTenant == null) {
            throw new IllegalArgumentException("set tenant, to '*' for each tenant, as there is no default one");
        }
        return RateSelector.only(defaultTenant);
    }

    private static <T> RateSelector<T> selector(@Nullable String text, Function<String, T> reader) {
        if (text == null) {
            return RateSelector.any();
        }
        return EACH.equals(text) ? RateSelector.each() : RateSelector.only(reader.apply(text));
    }

    /** Of {@code *}, {@code PROVIDER}, {@code PROVIDER/}{@code *} or {@code PROVIDER/MODEL}: what stands before the slash. */
    private static RateSelector<ProviderId> provider(@Nullable String model) {
        if (model == null) {
            return RateSelector.any();
        }
        int slash = model.indexOf('/');
        return selector(slash < 0 ? model : model.substring(0, slash), ProviderId::new);
    }

    /** What stands behind it; a provider alone means all its models together. */
    private static RateSelector<String> model(@Nullable String model) {
        if (model == null) {
            return RateSelector.any();
        }
        int slash = model.indexOf('/');
        if (slash < 0) {
            return EACH.equals(model) ? RateSelector.each() : RateSelector.any();
        }
        String name = model.substring(slash + 1);
        if (name.isBlank()) {
            throw new IllegalArgumentException("model has to be *, PROVIDER, PROVIDER/* or PROVIDER/MODEL");
        }
        return selector(name, text -> text);
    }
}
