package io.bactrian.core.config;

import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.tenant.AppId;
import io.bactrian.core.tenant.UserId;

/** How many API keys there can be: a store asks this before it adds one, while nobody else can. */
public final class ApiKeyBounds {

    private ApiKeyBounds() {}

    /**
     * Refuses one key too many.
     *
     * @param added the key that is to be added
     * @param ofAccount how many keys in force there are of its account for its application
     * @param ofTenant how many keys in force there are of its tenant
     * @throws BadRequestException with {@code invalid_param}, saying how many there can be and what to do
     */
    public static void check(ApiKeyRecord added, long ofAccount, long ofTenant) {
        UserId user = added.user();
        if (user != null && ofAccount >= ApiKeyStore.MOST_OF_ACCOUNT) {
            AppId app = added.app();
            throw tooMany(
                    added,
                    "'" + user + "' has " + ofAccount + " API keys in force "
                            + (app == null ? "that are for no application" : "for the application '" + app + "'"),
                    ApiKeyStore.MOST_OF_ACCOUNT);
        }
        if (ofTenant >= ApiKeyStore.MOST_OF_TENANT) {
            throw tooMany(
                    added,
                    "tenant '" + added.tenant() + "' has " + ofTenant + " API keys in force",
                    ApiKeyStore.MOST_OF_TENANT);
        }
    }

    private static BadRequestException tooMany(ApiKeyRecord added, String there, int most) {
        return new BadRequestException(
                ErrorCode.INVALID_PARAM,
                there + ", and there can be " + most
                        + ": withdraw one that is not needed any more with ./bactrian apikey" + " revoke ID --tenant "
                        + added.tenant());
    }
}
