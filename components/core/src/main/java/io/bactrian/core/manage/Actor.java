package io.bactrian.core.manage;

import io.bactrian.core.tenant.Role;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tenant.UserId;

/** Who changes the configuration. */
public sealed interface Actor {

    /** The name that the audit log gets. */
    String name();

    /** Whoever runs the installation. */
    record Operator() implements Actor {
        @Override
        public String name() {
            return "operator";
        }
    }

    /**
     * A file that declares configuration.
     *
     * @param path its path, relative to the configuration folder
     */
    record File(String path) implements Actor {
        @Override
        public String name() {
            return "file:" + path;
        }
    }

    /**
     * A member of a tenant.
     *
     * @param tenant the tenant
     * @param user who
     * @param role what they may do there
     */
    record Member(TenantId tenant, UserId user, Role role) implements Actor {
        @Override
        public String name() {
            return user.value();
        }
    }
}
