package io.bactrian.core.access;

import io.bactrian.core.tenant.ApiKeyId;
import io.bactrian.core.tenant.Role;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tenant.UserId;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Who reads or changes the configuration. */
public sealed interface Actor {

    /** The name that the audit log gets. */
    String name();

    /** The user behind it; empty for those who are none. */
    default Optional<UserId> account() {
        return Optional.empty();
    }

    /** The role by which it acts, be it a member or a key; empty for those who may do anything. */
    default Optional<Role> actsAs() {
        return Optional.empty();
    }

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

        @Override
        public Optional<UserId> account() {
            return Optional.of(user);
        }

        @Override
        public Optional<Role> actsAs() {
            return Optional.of(role);
        }
    }

    /**
     * An API key of a tenant.
     *
     * @param tenant the tenant
     * @param id the key
     * @param user the member it acts as; null for the tenant itself
     * @param role what it may do at most: the lesser of its own role and that which its member has now
     * @param scopes what it was made for
     */
    record Key(TenantId tenant, ApiKeyId id, @Nullable UserId user, Role role, Scopes scopes) implements Actor {
        @Override
        public String name() {
            return user == null ? "apikey:" + id.value() : user.value() + " (apikey:" + id.value() + ")";
        }

        @Override
        public Optional<UserId> account() {
            return Optional.ofNullable(user);
        }

        @Override
        public Optional<Role> actsAs() {
            return Optional.of(role);
        }
    }
}
