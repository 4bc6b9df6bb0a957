package io.bactrian.core.manage;

import io.bactrian.core.access.AccessControl;
import io.bactrian.core.access.Actor;
import io.bactrian.core.access.Permission;
import io.bactrian.core.config.ConfigurationSource;
import io.bactrian.core.config.ConfigurationStore;
import io.bactrian.core.config.Page;
import io.bactrian.core.config.PageOf;
import io.bactrian.core.config.TenantRecord;
import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.tenant.TenantId;
import org.jspecify.annotations.Nullable;

/** The life of tenants, which is the operator's business; members see their own. */
public final class TenantManager {

    private final ConfigurationStore store;
    private final ConfigurationSource source;
    private final AccessControl access;

    /**
     * @param store where tenants are kept
     * @param source knows those of settings too
     * @param access decides who may, and takes it down
     */
    public TenantManager(ConfigurationStore store, ConfigurationSource source, AccessControl access) {
        this.store = store;
        this.source = source;
        this.access = access;
    }

    /**
     * Adds a tenant.
     *
     * @throws BadRequestException with {@code invalid_param} if there is one of that id
     */
    public TenantRecord create(Actor actor, TenantRecord tenant) {
        TenantId id = tenant.id();
        return access.audited(actor, id, Permission.TENANT_MANAGE, "tenant.create", id.value(), () -> {
            if (source.tenant(id).isPresent()) {
                throw new BadRequestException(ErrorCode.INVALID_PARAM, "there is a tenant '" + id + "' already");
            }
            store.putTenant(tenant);
            return tenant;
        });
    }

    /**
     * Changes what people call a tenant, and whether its calls are served.
     *
     * @param name the new name; null for the same
     * @param enabled whether its calls are served; null for the same
     * @return what it is then
     * @throws BadRequestException with {@code tenant_not_found}, or {@code invalid_param} for a name that is none
     */
    public TenantRecord update(Actor actor, TenantId id, @Nullable String name, @Nullable Boolean enabled) {
        return access.audited(actor, id, Permission.TENANT_MANAGE, "tenant.update", id.value(), () -> {
            TenantRecord known = known(id);
            TenantRecord changed =
                    changed(id, name == null ? known.name() : name, enabled == null ? known.enabled() : enabled);
            store.putTenant(changed);
            return changed;
        });
    }

    private static TenantRecord changed(TenantId id, String name, boolean enabled) {
        try {
            return new TenantRecord(id, name, enabled);
        } catch (IllegalArgumentException e) {
            throw new BadRequestException(ErrorCode.INVALID_PARAM, String.valueOf(e.getMessage()));
        }
    }

    /**
     * Removes a tenant with all it has: credentials, members, API keys.
     *
     * @throws BadRequestException with {@code tenant_not_found}
     */
    public void remove(Actor actor, TenantId id) {
        access.audited(actor, id, Permission.TENANT_MANAGE, "tenant.remove", id.value(), () -> {
            if (!store.removeTenant(id)) {
                throw notThere(id);
            }
            return id;
        });
    }

    /**
     * A tenant. Its members see it too; to those of others it is as if it were not there.
     *
     * @throws BadRequestException with {@code tenant_not_found}
     */
    public TenantRecord get(Actor actor, TenantId id) {
        access.require(actor, id, Permission.MEMBER_VIEW, id.value());
        return known(id);
    }

    /** The tenants. */
    public PageOf<TenantRecord> list(Actor actor, Page page) {
        access.requireOperator(actor, "all tenants");
        return store.tenants(page);
    }

    private TenantRecord known(TenantId id) {
        return source.tenant(id).orElseThrow(() -> notThere(id));
    }

    private static BadRequestException notThere(TenantId id) {
        return new BadRequestException(ErrorCode.TENANT_NOT_FOUND, "there is no tenant '" + id + "'");
    }
}
