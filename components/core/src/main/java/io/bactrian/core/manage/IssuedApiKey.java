package io.bactrian.core.manage;

import io.bactrian.core.config.ApiKeyRecord;
import io.bactrian.core.credential.Secret;

/**
 * A new API key: the one time that the key itself is there.
 *
 * @param record what is kept of it
 * @param key the key
 */
public record IssuedApiKey(ApiKeyRecord record, Secret key) {}
