package io.bactrian.core.limit;

import io.bactrian.core.provider.ProviderId;
import io.bactrian.core.rule.NamedRule;
import io.bactrian.core.tenant.ApiKeyId;
import io.bactrian.core.tenant.AppId;
import io.bactrian.core.tenant.TenantId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A rule as it is configured: one name for a limit of each thing that it counts. What the selectors mean is said at
 * {@link RateLimit}.
 *
 * @param name what it is called
 * @param tenant whose calls
 * @param app the applications they are for
 * @param provider the providers of the models they are of
 * @param model the names of the models they are of
 * @param apiKey the API keys they are made with
 * @param requests how many calls in the time; 0 for any number
 * @param tokens how many tokens in the time; 0 for any number
 * @param concurrent how many calls at once; 0 for any number
 * @param per within which time
 */
public record RateLimitRule(
        String name,
        RateSelector<TenantId> tenant,
        RateSelector<AppId> app,
        RateSelector<ProviderId> provider,
        RateSelector<String> model,
        RateSelector<ApiKeyId> apiKey,
        long requests,
        long tokens,
        int concurrent,
        Duration per)
        implements NamedRule {

    /** What a rule holds for that does not say. */
    public static final Duration USUAL = Duration.ofMinutes(1);

    /** @throws IllegalArgumentException if it limits nothing, or one of its limits is none */
    public RateLimitRule {
        if (requests == 0 && tokens == 0 && concurrent == 0) {
            throw new IllegalArgumentException("set at least one of requests, tokens and concurrent");
        }
        if (per.compareTo(RateLimit.SHORTEST) < 0 || per.compareTo(RateLimit.LONGEST) > 0) {
            throw new IllegalArgumentException("per has to be from 1s to 31d");
        }
        for (RateResource resource : RateResource.values()) {
            long amount =
                    switch (resource) {
                        case REQUESTS -> requests;
                        case TOKENS -> tokens;
                        case CONCURRENT -> concurrent;
                    };
            if (amount != 0) {
                // says what is wrong with it
                new RateLimit(name, tenant, app, provider, model, apiKey, resource, amount, per);
            }
        }
    }

    /** How many of something; 0 for any number. */
    public long amount(RateResource resource) {
        return switch (resource) {
            case REQUESTS -> requests;
            case TOKENS -> tokens;
            case CONCURRENT -> concurrent;
        };
    }

    /** Its limits: one for each thing that it counts. */
    public List<RateLimit> limits() {
        List<RateLimit> limits = new ArrayList<>();
        for (RateResource resource : RateResource.values()) {
            if (amount(resource) > 0) {
                limits.add(new RateLimit(name, tenant, app, provider, model, apiKey, resource, amount(resource), per));
            }
        }
        return limits;
    }
}
