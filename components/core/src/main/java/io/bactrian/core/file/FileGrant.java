package io.bactrian.core.file;

import io.bactrian.core.tenant.TenantId;
import java.time.Instant;

/**
 * What a signed link that holds allows: to read one file of one tenant.
 *
 * @param tenant the tenant
 * @param id the file, which may have gone since
 * @param disposition what to do with it
 * @param expiresAt until when
 */
public record FileGrant(TenantId tenant, FileId id, FileDisposition disposition, Instant expiresAt) {}
