package io.bactrian.core.limit;

import io.bactrian.core.tenant.Deadline;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps calls within limits. Thread-safe.
 *
 * <p>What holds at any moment, whatever the number of callers and of processes that share the limits: no span of a limit's
 * length, whenever it begins, holds more requests or tokens that were let in than the limit's amount, and no more calls than
 * the amount are under way. Requests and tokens count from when the call was let in; tokens by what it was settled with. A call
 * that settles with more than its estimate is the one exception: the excess counts from then on, and others wait for it.
 */
public interface RateLimiter extends AutoCloseable {

    /**
     * Lets a call in, or refuses it; a refused one counts nothing, under none of its limits.
     *
     * @param subject what is known of the call
     * @param tokens how many tokens it may use at most; asked for at most once, and only if a limit counts them. 0 for a tool
     * @param deadline when the call is over at the latest: what it holds is free again soon after, in any case
     * @param held what the same call holds already, since it was sent through the chain again: that is not asked for twice; null
     *     for a call that comes in
     * @throws io.bactrian.core.error.RateLimitedException with {@code rate_limit_error}, naming the limit and when to come back
     * @throws io.bactrian.core.error.BadRequestException with {@code request_too_large} if it may use more tokens than the limit
     *     has at all
     * @throws io.bactrian.core.error.UnavailableException with {@code store_unavailable} if limits are shared, what this process
     *     has of them is used up, and those that share cannot be asked
     */
    RatePermit acquire(RateSubject subject, LongSupplier tokens, Deadline deadline, @Nullable RatePermit held);

    /** Gives others what is not needed here. To be called several times a second where limits are shared. */
    void tend();

    /** Gives others all that is not in use. */
    @Override
    void close();
}
