package io.bactrian.core.limit;

import io.bactrian.core.provider.ProviderId;
import io.bactrian.core.tenant.ApiKeyId;
import io.bactrian.core.tenant.AppId;
import io.bactrian.core.tenant.TenantId;
import java.time.Duration;
import java.util.regex.Pattern;

/**
 * A rule: so many of something, for certain calls.
 *
 * @param name what it is called in settings and messages: 1 to 100 characters of {@code A-Z a-z 0-9 . _ -}
 * @param tenant whose calls: one tenant's, or each tenant's by itself
 * @param app the applications they are for
 * @param provider the providers of the models they are of; anything but {@link RateSelector.Any} leaves tools out
 * @param model the names of the models they are of; anything but {@link RateSelector.Any} leaves tools out
 * @param apiKey the API keys they are made with; anything but {@link RateSelector.Any} leaves calls without one out
 * @param resource what is counted
 * @param amount how many: 1 to {@value #GREATEST_AMOUNT}, or to {@value #MOST_CONCURRENT} at once
 * @param per within which time, from a second to 31 days: no span of that length, whenever it begins, holds more than the
 *     amount. {@link Duration#ZERO} for what is counted at once
 */
public record RateLimit(
        String name,
        RateSelector<TenantId> tenant,
        RateSelector<AppId> app,
        RateSelector<ProviderId> provider,
        RateSelector<String> model,
        RateSelector<ApiKeyId> apiKey,
        RateResource resource,
        long amount,
        Duration per) {

    /** The most of anything in a time: a sum of such amounts is still a number. */
    public static final long GREATEST_AMOUNT = 1_000_000_000_000L;

    /** The most calls at once. */
    public static final int MOST_CONCURRENT = 1_000_000;

    /** The shortest time. */
    public static final Duration SHORTEST = Duration.ofSeconds(1);

    /** The longest time. */
    public static final Duration LONGEST = Duration.ofDays(31);

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");

    /** @throws IllegalArgumentException if name, amount or time are not as said, or tenants are not told apart */
    public RateLimit {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("a limit is named by 1 to 100 characters of A-Z, a-z, 0-9, '.', '_' and"
                    + " '-', beginning with a letter or digit");
        }
        if (tenant instanceof RateSelector.Any) {
            throw new IllegalArgumentException("a limit is one tenant's, or each tenant's by itself");
        }
        long most = resource == RateResource.CONCURRENT ? MOST_CONCURRENT : GREATEST_AMOUNT;
        if (amount < 1 || amount > most) {
            throw new IllegalArgumentException(resource + " has to be a whole number from 1 to " + most);
        }
        if (resource == RateResource.CONCURRENT) {
            per = Duration.ZERO;
        } else if (per.compareTo(SHORTEST) < 0 || per.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("per has to be from 1s to 31d");
        }
    }

    /** As people read it: {@code 100 requests per PT1M}. */
    public String rule() {
        return resource == RateResource.CONCURRENT
                ? amount + (amount == 1 ? " call at once" : " calls at once")
                : amount + " " + resource + " per " + per;
    }

    @Override
    public String toString() {
        return "limit '" + name + "' (" + rule() + ")";
    }
}
