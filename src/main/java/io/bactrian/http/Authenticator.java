package io.bactrian.http;

import io.bactrian.core.config.ApiKeyRecord;
import java.util.Optional;

/** Recognizes API keys. May block. */
@FunctionalInterface
public interface Authenticator {

    /** The key that a caller presented, if it is in force; empty for any other text. */
    Optional<ApiKeyRecord> authenticate(String presented);
}
