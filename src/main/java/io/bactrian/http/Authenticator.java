package io.bactrian.http;

import io.bactrian.core.access.Actor;
import io.bactrian.core.config.ApiKeyRecord;
import java.util.Optional;

/** Recognizes API keys. May block. */
public interface Authenticator {

    /** The key that a caller presented, if it is in force; empty for any other text. */
    Optional<ApiKeyRecord> authenticate(String presented);

    /** What a key in force may do now. */
    Actor.Key actor(ApiKeyRecord key);
}
