package io.bactrian.core.usage;

import io.bactrian.core.invoke.CredentialRef;
import io.bactrian.core.invoke.InvocationTarget;
import io.bactrian.core.model.Price;
import io.bactrian.core.model.TokenUsage;
import io.bactrian.core.tenant.AppId;
import io.bactrian.core.tenant.RequestId;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tenant.UserId;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What one call used. There is one for every call, whether it was answered, broken off, refused or failed.
 *
 * @param id the record's own id: one that is kept twice counts once
 * @param requestId the call's id
 * @param tenant who pays; null for a call that was refused before that was settled
 * @param user who asked; null for none
 * @param app what the call was for; null for none
 * @param target what was called: the model that answered, a fallback too; the one asked for if none did
 * @param credential with which credential it was last attempted; null if it was not
 * @param streamed whether a language model was to answer piece by piece
 * @param outcome how it ended
 * @param attempts how many attempts were made
 * @param failedAttempts how many of them failed and had others follow, or were the last of several
 * @param tokens tokens used
 * @param counted who counted them
 * @param price what they cost; null if the model has no price, or nobody counted
 * @param startedAt when it came in
 * @param duration how long it took, its stream included
 * @param firstContent how long until the first content of a stream; null without
 */
public record UsageRecord(
        UUID id,
        RequestId requestId,
        @Nullable TenantId tenant,
        @Nullable UserId user,
        @Nullable AppId app,
        InvocationTarget target,
        @Nullable CredentialRef credential,
        boolean streamed,
        UsageOutcome outcome,
        int attempts,
        int failedAttempts,
        TokenUsage tokens,
        TokenCount counted,
        @Nullable Price price,
        Instant startedAt,
        Duration duration,
        @Nullable Duration firstContent) {}
