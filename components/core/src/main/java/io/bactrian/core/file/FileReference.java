package io.bactrian.core.file;

import io.bactrian.core.tenant.TenantId;

/**
 * What a link names: a tenant's file. Gives no right to it.
 *
 * @param tenant the tenant
 * @param id the file
 */
public record FileReference(TenantId tenant, FileId id) {}
