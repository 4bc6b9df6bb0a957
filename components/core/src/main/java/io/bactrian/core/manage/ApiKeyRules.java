package io.bactrian.core.manage;

import io.bactrian.core.access.AccessControl;
import io.bactrian.core.access.Actor;
import io.bactrian.core.access.Permission;
import io.bactrian.core.access.Scopes;
import io.bactrian.core.config.ApiKeyRecord;
import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.SafeText;
import io.bactrian.core.tenant.Role;
import io.bactrian.core.tenant.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What an API key may be: above all, no more than whoever makes it. */
final class ApiKeyRules {

    private static final int LONGEST_NAME = 100;
    private static final Duration LONGEST_LIFE = Duration.ofDays(3_650);

    private ApiKeyRules() {}

    static void checkName(String name) {
        if (name.isBlank() || name.length() > LONGEST_NAME || !SafeText.showable(name)) {
            throw invalid("an API key's name has 1 to " + LONGEST_NAME + " characters and no control characters");
        }
    }

    /** When a key expires, in whole microseconds, which is what databases keep; null for never. */
    static @Nullable Instant checkedExpiry(@Nullable Instant wanted, Instant now) {
        if (wanted == null) {
            return null;
        }
        Instant end = wanted.truncatedTo(ChronoUnit.MICROS);
        if (!end.isAfter(now) || end.isAfter(now.plus(LONGEST_LIFE))) {
            throw invalid("an API key expires in the future, " + LONGEST_LIFE.toDays()
                    + " days from now at most; leave it out for one that does not");
        }
        return end;
    }

    static void checkScopes(Actor actor, Scopes scopes) {
        refuse(AccessControl.denialOfGrant(actor, scopes));
    }

    /** A key that makes others must not live on in them. */
    static void checkOutlives(Optional<ApiKeyRecord> maker, @Nullable Instant expiresAt) {
        Instant end = maker.map(ApiKeyRecord::expiresAt).orElse(null);
        if (end != null && (expiresAt == null || expiresAt.isAfter(end))) {
            throw AccessControl.denied(
                    "an API key makes none that is in force for longer than itself: let it expire by " + end);
        }
    }

    /**
     * The role of a key: the wanted one, which neither its member's nor that of whoever makes it may be below; or {@code normal},
     * or less if one of those is.
     *
     * @param ofMember the role of the member that it acts as; empty for none
     */
    static Role role(Actor actor, TenantId tenant, @Nullable Role wanted, Optional<Role> ofMember) {
        if (wanted == null) {
            Role usual = ofMember.map(Role.NORMAL::lesser).orElse(Role.NORMAL);
            return AccessControl.denialOfGrant(actor, tenant, usual).isEmpty() ? usual : Role.DATASET_OPERATOR;
        }
        refuse(AccessControl.denialOfGrant(actor, tenant, wanted));
        if (ofMember.isPresent() && !ofMember.get().covers(wanted)) {
            throw AccessControl.denied("an API key may do no more than the member it acts as, whose role in tenant '"
                    + tenant + "' is " + ofMember.get().text() + ", not " + wanted.text());
        }
        return wanted;
    }

    /** Whether the actor sees the keys of all: to see them takes the role of those who manage them, and no right to change any. */
    static boolean seesAll(Actor actor) {
        return actor.actsAs().map(Permission.APIKEY_MANAGE::heldBy).orElse(true);
    }

    private static void refuse(Optional<String> denial) {
        denial.ifPresent(reason -> {
            throw AccessControl.denied(reason);
        });
    }

    private static BadRequestException invalid(String message) {
        return new BadRequestException(ErrorCode.INVALID_PARAM, message);
    }
}
