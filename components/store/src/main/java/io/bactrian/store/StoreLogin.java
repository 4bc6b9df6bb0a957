package io.bactrian.store;

import io.bactrian.core.credential.Secret;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.MisconfiguredException;
import org.jspecify.annotations.Nullable;

/**
 * Who the store is to a database server.
 *
 * @param username the login's name
 * @param password its password; null for a server that asks for none, or for a certificate
 */
public record StoreLogin(String username, @Nullable Secret password) {

    /** @throws MisconfiguredException if there is no name */
    public StoreLogin {
        if (username.isBlank()) {
            throw new MisconfiguredException(
                    ErrorCode.MISCONFIGURED, StoreSettings.USERNAME + " must name the database's login");
        }
    }
}
