package io.bactrian.core.limit;

import io.bactrian.core.provider.ProviderId;
import io.bactrian.core.rule.DurationText;
import io.bactrian.core.rule.RuleFields;
import io.bactrian.core.tenant.ApiKeyId;
import io.bactrian.core.tenant.AppId;
import io.bactrian.core.tenant.TenantId;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Limits as they are written: {@code app}, {@code model}, {@code api-key} say whose calls they are about ({@code *}: each by
 * itself; left out: all together), {@code requests}, {@code tokens} and {@code concurrent} how many, {@code per} in which time.
 * The one place that reads them, for settings, files, the command line and HTTP.
 */
public final class LimitFields {

    /** What a limit is called. */
    public static final String KIND = "limit";

    /** The fields, but for the tenant. */
    public static final Set<String> FIELDS =
            Set.of("app", "model", "api-key", "requests", "tokens", "concurrent", "per");

    private static final String MODEL = "has to be *, PROVIDER, PROVIDER/* or PROVIDER/MODEL";

    private LimitFields() {}

    /** A provider and the name of a model, as one text says both. */
    private record ModelText(RateSelector<ProviderId> provider, RateSelector<String> model) {}

    /**
     * The limit of a tenant.
     *
     * @param name its name
     * @param texts its fields
     * @throws io.bactrian.core.error.BadRequestException with {@code invalid_param}, saying all that is wrong
     */
    public static RateLimitRule of(TenantId tenant, String name, Map<String, String> texts) {
        RuleFields fields = RuleFields.of(KIND, name, texts);
        fields.knows(FIELDS);
        return fields.orRefuse(read(fields, RateSelector.only(tenant)));
    }

    /**
     * Reads a limit; what is wrong is told to the fields. Which fields there are has been looked at.
     *
     * @param tenant whose it is
     */
    public static Optional<RateLimitRule> read(RuleFields fields, RateSelector<TenantId> tenant) {
        RateSelector<AppId> app = selector(fields, "app", AppId::new);
        RateSelector<ApiKeyId> apiKey = selector(fields, "api-key", ApiKeyId::new);
        ModelText model = fields.read("model", LimitFields::model)
                .orElseGet(() -> new ModelText(RateSelector.any(), RateSelector.any()));
        long requests = amount(fields, RateResource.REQUESTS);
        long tokens = amount(fields, RateResource.TOKENS);
        int concurrent = (int) amount(fields, RateResource.CONCURRENT);
        Duration per = fields.read("per", LimitFields::per).orElse(RateLimitRule.USUAL);
        if (!fields.fine()) {
            return Optional.empty();
        }
        try {
            return Optional.of(new RateLimitRule(
                    fields.name(),
                    tenant,
                    app,
                    model.provider(),
                    model.model(),
                    apiKey,
                    requests,
                    tokens,
                    concurrent,
                    per));
        } catch (IllegalArgumentException e) {
            fields.problem(null, String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    /** The fields of a limit, as they are written. */
    public static Map<String, String> of(RateLimitRule rule) {
        Map<String, String> texts = new LinkedHashMap<>();
        put(texts, "app", text(rule.app()));
        put(texts, "model", model(rule));
        put(texts, "api-key", text(rule.apiKey()));
        for (RateResource resource : RateResource.values()) {
            if (rule.amount(resource) > 0) {
                texts.put(resource.text(), Long.toString(rule.amount(resource)));
            }
        }
        if (rule.requests() > 0 || rule.tokens() > 0 || !rule.per().equals(RateLimitRule.USUAL)) {
            texts.put("per", rule.per().toString());
        }
        return texts;
    }

    private static void put(Map<String, String> texts, String field, @Nullable String text) {
        if (text != null) {
            texts.put(field, text);
        }
    }

    private static @Nullable String model(RateLimitRule rule) {
        String provider = text(rule.provider());
        String model = text(rule.model());
        if (provider == null || model == null) {
            return provider;
        }
        return provider.equals(RuleFields.EACH) ? RuleFields.EACH : provider + "/" + model;
    }

    private static <T> RateSelector<T> selector(RuleFields fields, String field, Function<String, T> reader) {
        return fields.read(field, text -> selector(text, reader)).orElseGet(RateSelector::any);
    }

    /**
     * Which calls a text means: null all, {@code *} each value by itself, else those of one value.
     *
     * @param reader gives the value of a text
     * @throws IllegalArgumentException if it is none
     */
    public static <T> RateSelector<T> selector(@Nullable String text, Function<String, T> reader) {
        if (text == null) {
            return RateSelector.any();
        }
        return RuleFields.EACH.equals(text) ? RateSelector.each() : RateSelector.only(reader.apply(text));
    }

    /** As {@link #selector(String, Function)} reads it. */
    public static <T> @Nullable String text(RateSelector<T> selector) {
        if (selector instanceof RateSelector.Only<T> only) {
            return only.value().toString();
        }
        return selector instanceof RateSelector.Each ? RuleFields.EACH : null;
    }

    private static Duration per(String text) {
        String rule = "has to be a duration from 1s to 31d";
        try {
            Duration per = DurationText.of(text);
            if (per.compareTo(RateLimit.SHORTEST) >= 0 && per.compareTo(RateLimit.LONGEST) <= 0) {
                return per;
            }
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(rule, e);
        }
        throw new IllegalArgumentException(rule);
    }

    private static long amount(RuleFields fields, RateResource resource) {
        long most = resource == RateResource.CONCURRENT ? RateLimit.MOST_CONCURRENT : RateLimit.GREATEST_AMOUNT;
        return fields.read(resource.text(), text -> amount(text, most)).orElse(0L);
    }

    private static long amount(String text, long most) {
        String rule = "has to be a whole number from 1 to " + most;
        try {
            long amount = Long.parseLong(text.replace("_", ""));
            if (amount >= 1 && amount <= most) {
                return amount;
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(rule, e);
        }
        throw new IllegalArgumentException(rule);
    }

    /** Of {@code *}, {@code PROVIDER} (all its models together), {@code PROVIDER/}{@code *} or {@code PROVIDER/MODEL}. */
    private static ModelText model(String text) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            return RuleFields.EACH.equals(text)
                    ? new ModelText(RateSelector.each(), RateSelector.each())
                    : new ModelText(RateSelector.only(new ProviderId(text)), RateSelector.any());
        }
        String name = text.substring(slash + 1);
        if (name.isBlank()) {
            throw new IllegalArgumentException(MODEL);
        }
        return new ModelText(selector(text.substring(0, slash), ProviderId::new), selector(name, given -> given));
    }
}
