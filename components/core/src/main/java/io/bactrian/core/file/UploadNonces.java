package io.bactrian.core.file;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.RateLimitedException;
import io.bactrian.core.tenant.TenantId;
import java.time.Duration;
import java.time.Instant;

/** Remembers which tickets were used, so that each is good for one file. Thread-safe. */
public interface UploadNonces {

    /**
     * How long a ticket that was used is remembered after it has expired: a node whose clock is slow may take it to hold still.
     */
    Duration MARGIN = Duration.ofMinutes(5);

    /** How many used tickets of a tenant are remembered. */
    int MOST = 10_000;

    /**
     * Uses a ticket.
     *
     * @param tenant whose it is
     * @param nonce tells it from all others
     * @param expiresAt when it expires
     * @return whether this was its first use, on whatever node
     * @throws RateLimitedException with {@code rate_limited} if as many of the tenant's are remembered as can be
     * @throws io.bactrian.core.error.BadRequestException with {@code tenant_not_found}, where tenants are known
     * @throws io.bactrian.core.error.UnavailableException with {@code store_unavailable} if nobody can tell
     */
    boolean use(TenantId tenant, String nonce, Instant expiresAt);

    /** The refusal of one more than are remembered. */
    static RateLimitedException tooMany(int most) {
        return new RateLimitedException(
                ErrorCode.RATE_LIMITED,
                most + " files were sent by tickets that are not forgotten yet: send this one later");
    }
}
