package io.bactrian.core.manage;

import io.bactrian.core.access.AccessControl;
import io.bactrian.core.access.Actor;
import io.bactrian.core.access.Permission;
import io.bactrian.core.config.ConfigurationStore;
import io.bactrian.core.config.CredentialScope;
import io.bactrian.core.config.CredentialUnreadableException;
import io.bactrian.core.config.CredentialVisibility;
import io.bactrian.core.config.CustomModelRecord;
import io.bactrian.core.config.NewCredential;
import io.bactrian.core.config.ProviderRecord;
import io.bactrian.core.config.StoredCredential;
import io.bactrian.core.credential.CredentialForm;
import io.bactrian.core.credential.CredentialId;
import io.bactrian.core.credential.CredentialName;
import io.bactrian.core.credential.Credentials;
import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.InvokeException;
import io.bactrian.core.error.MisconfiguredException;
import io.bactrian.core.invoke.Dialects;
import io.bactrian.core.provider.ProviderCatalog;
import io.bactrian.core.provider.ProviderEntity;
import io.bactrian.core.provider.ProviderId;
import io.bactrian.core.tenant.Deadline;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tenant.UserId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The life of tenants' credentials: checked against their form, hidden on every read, kept where a person sent the mask
 * back, and each change taken down in the audit log.
 */
public final class CredentialManager {

    /** No version in particular. */
    public static final long ANY_VERSION = 0;

    private static final String GENERATED_NAME = "API KEY ";

    private final ConfigurationStore store;
    private final AccessControl access;
    private final ProviderCatalog catalog;
    private final Dialects dialects;
    private final Clock clock;

    /**
     * @param store where credentials are kept
     * @param access decides who may, and takes it down
     * @param catalog knows the forms
     * @param dialects ask providers whether a credential opens them
     * @param clock tells which values are still valid
     */
    public CredentialManager(
            ConfigurationStore store, AccessControl access, ProviderCatalog catalog, Dialects dialects, Clock clock) {
        this.store = store;
        this.access = access;
        this.catalog = catalog;
        this.dialects = dialects;
        this.clock = clock;
    }

    /** As {@link #add(Actor, TenantId, CredentialScope, CredentialName, Credentials, CredentialSharing)}, for all of the tenant. */
    public CredentialId add(
            Actor actor, TenantId tenant, CredentialScope scope, @Nullable CredentialName name, Credentials given) {
        return add(actor, tenant, scope, name, given, CredentialSharing.WITH_ALL);
    }

    /**
     * Adds a credential, which is its actor's own if that is an account. The first of its scope is in force at once.
     *
     * @param name its name; null for {@code API KEY n}
     * @param given the values, as typed in
     * @param sharing whose calls may use it
     * @return its id
     * @throws BadRequestException with {@code invalid_param} naming every wrong field, a name that is taken, or somebody who is no
     *     member
     */
    public CredentialId add(
            Actor actor,
            TenantId tenant,
            CredentialScope scope,
            @Nullable CredentialName name,
            Credentials given,
            CredentialSharing sharing) {
        return access.audited(actor, tenant, Permission.CREDENTIAL_CREATE, "credential.add", scope.toString(), () -> {
            ProviderEntity provider = provider(scope);
            checkModel(scope, provider);
            Credentials checked = form(scope, provider).check(given);
            CredentialName chosen = name == null ? freeName(tenant, scope) : name;
            String managedBy = actor instanceof Actor.File file ? file.path() : null;
            CredentialVisibility visibility = sharing.by(actor.account().orElse(null));
            return store.addCredential(tenant, scope, new NewCredential(chosen, checked, managedBy, visibility));
        });
    }

    /**
     * Says whose calls may use a credential. It stays its owner's, and for them. Whoever manages credentials may, also where
     * their own calls may not use it.
     *
     * @throws BadRequestException with {@code invalid_param} for somebody who is no member, or if it is to be for an owner who is
     *     not there
     */
    public void share(Actor actor, TenantId tenant, CredentialScope scope, CredentialId id, CredentialSharing sharing) {
        access.audited(actor, tenant, Permission.CREDENTIAL_MANAGE, "credential.share", scope + " " + id, () -> {
            StoredCredential stored = find(tenant, scope, id);
            store.setVisibility(
                    tenant, scope, id, sharing.by(stored.visibility().owner()));
            return id;
        });
    }

    /**
     * Replaces the values of a credential, and its name if one is given. A secret given as
     * {@link CredentialForm#UNCHANGED} stays as it is; a field left out is removed.
     */
    public void update(
            Actor actor,
            TenantId tenant,
            CredentialScope scope,
            CredentialId id,
            @Nullable CredentialName name,
            Credentials given) {
        update(actor, tenant, scope, id, name, given, ANY_VERSION);
    }

    /**
     * As {@link #update(Actor, TenantId, CredentialScope, CredentialId, CredentialName, Credentials)}, for who changes what they
     * have read.
     *
     * @param expected the version that was read; {@link #ANY_VERSION} for any
     * @throws BadRequestException with {@code precondition_failed} if it has changed since, on whichever node
     */
    public void update(
            Actor actor,
            TenantId tenant,
            CredentialScope scope,
            CredentialId id,
            @Nullable CredentialName name,
            Credentials given,
            long expected) {
        access.audited(actor, tenant, Permission.CREDENTIAL_MANAGE, "credential.update", scope + " " + id, () -> {
            StoredCredential stored = find(tenant, scope, id);
            requireVersion(stored, expected);
            CredentialForm form = form(scope, provider(scope));
            Credentials checked = keepsNothing(form, given) ? form.check(given) : form.update(given, open(stored));
            CredentialName chosen = name == null ? stored.name() : name;
            try {
                store.updateCredential(tenant, scope, id, stored.version(), chosen, checked);
            } catch (BadRequestException e) {
                // the store compares versions in its transaction, and says of a name that is taken the same code
                requireVersion(find(tenant, scope, id), expected);
                throw e;
            }
            return id;
        });
    }

    private static void requireVersion(StoredCredential stored, long expected) {
        if (expected != ANY_VERSION && stored.version() != expected) {
            throw new BadRequestException(
                    ErrorCode.PRECONDITION_FAILED,
                    "credential '" + stored.name() + "' has been changed since it was read: read it again");
        }
    }

    /**
     * Replaces the values of a credential and keeps the old ones valid for a while, as a second candidate: for providers
     * that take some time to know a new key. A secret given as {@link CredentialForm#UNCHANGED} stays as it is.
     *
     * @param grace how long the old values stay valid; zero for not at all
     * @return when the old values stop being valid; empty if they are not kept
     */
    public Optional<Instant> rotate(
            Actor actor, TenantId tenant, CredentialScope scope, CredentialId id, Credentials given, Duration grace) {
        return access.audited(
                actor, tenant, Permission.CREDENTIAL_MANAGE, "credential.rotate", scope + " " + id, () -> {
                    StoredCredential stored = find(tenant, scope, id);
                    CredentialForm form = form(scope, provider(scope));
                    Credentials checked =
                            keepsNothing(form, given) ? form.check(given) : form.update(given, open(stored));
                    return store.rotateCredential(tenant, scope, id, checked, grace);
                });
    }

    /** Removes a credential. If it was in force, none is then, and calls say so. */
    public void remove(Actor actor, TenantId tenant, CredentialScope scope, CredentialId id) {
        access.audited(actor, tenant, Permission.CREDENTIAL_MANAGE, "credential.remove", scope + " " + id, () -> {
            store.removeCredential(tenant, scope, id);
            return id;
        });
    }

    /** Puts a credential in force. */
    public void activate(Actor actor, TenantId tenant, CredentialScope scope, CredentialId id) {
        access.audited(actor, tenant, Permission.CREDENTIAL_USE, "credential.switch", scope + " " + id, () -> {
            store.activateCredential(tenant, scope, id);
            return id;
        });
    }

    /** The credentials of a scope, oldest first. One that cannot be read is listed as such. */
    public List<CredentialView> list(Actor actor, TenantId tenant, CredentialScope scope) {
        access.require(actor, tenant, Permission.CREDENTIAL_VIEW, scope.toString());
        return views(tenant, scope);
    }

    private List<CredentialView> views(TenantId tenant, CredentialScope scope) {
        Optional<ProviderEntity> provider = catalog.find(scope.provider());
        CredentialForm form = provider.map(entity -> form(scope, entity)).orElse(CredentialForm.EMPTY);
        CredentialId active = active(tenant, scope);
        return stored(tenant, scope).stream()
                .map(credential ->
                        view(tenant, scope, credential, form, credential.id().equals(active)))
                .toList();
    }

    /**
     * Asks the provider whether values would open it.
     *
     * @throws InvokeException if they would not, or it could not be asked
     */
    public void validate(Actor actor, TenantId tenant, CredentialScope scope, Credentials given, Deadline deadline) {
        access.audited(actor, tenant, Permission.CREDENTIAL_VALIDATE, "credential.validate", scope.toString(), () -> {
            ProviderEntity provider = provider(scope);
            dialects.named(provider.dialect())
                    .validate(provider, form(scope, provider).check(given), deadline);
            return scope;
        });
    }

    /** Asks the provider whether a stored credential opens it. */
    public void validateStored(
            Actor actor, TenantId tenant, CredentialScope scope, CredentialId id, Deadline deadline) {
        access.audited(actor, tenant, Permission.CREDENTIAL_VALIDATE, "credential.validate", scope + " " + id, () -> {
            ProviderEntity provider = provider(scope);
            dialects.named(provider.dialect()).validate(provider, open(find(tenant, scope, id)), deadline);
            return id;
        });
    }

    /** The credential of that name in a scope. */
    public Optional<CredentialId> idOf(Actor actor, TenantId tenant, CredentialScope scope, CredentialName name) {
        access.require(actor, tenant, Permission.CREDENTIAL_VIEW, scope.toString());
        return stored(tenant, scope).stream()
                .filter(credential -> credential.name().equals(name))
                .map(StoredCredential::id)
                .findFirst();
    }

    private ProviderEntity provider(CredentialScope scope) {
        return catalog.find(scope.provider())
                .orElseThrow(() -> new BadRequestException(
                        ErrorCode.PROVIDER_NOT_FOUND,
                        "there is no provider '" + scope.provider() + "': it has to be declared in config/providers"));
    }

    private static void checkModel(CredentialScope scope, ProviderEntity provider) {
        if (scope instanceof CredentialScope.OfModel model
                && provider.modelOrTemplate(model.type(), model.model()).isEmpty()) {
            throw new BadRequestException(
                    ErrorCode.MODEL_NOT_FOUND,
                    "provider '" + provider.provider() + "' has no model '" + model.model() + "' of type "
                            + model.type() + " and lets nobody name others");
        }
    }

    private static CredentialForm form(CredentialScope scope, ProviderEntity provider) {
        return scope instanceof CredentialScope.OfModel && provider.modelCredentialSchema() != null
                ? provider.modelCredentialSchema()
                : provider.providerCredentialSchema();
    }

    private static boolean keepsNothing(CredentialForm form, Credentials given) {
        return form.fields().stream().noneMatch(field -> given.text(field.variable())
                .filter(CredentialForm.UNCHANGED::equals)
                .isPresent());
    }

    private static Credentials open(StoredCredential stored) {
        try {
            return stored.open();
        } catch (CredentialUnreadableException e) {
            throw new MisconfiguredException(
                    ErrorCode.CREDENTIAL_UNREADABLE,
                    "credential '" + stored.name() + "' cannot be read (" + e.reason()
                            + "): enter all of its values anew");
        }
    }

    private StoredCredential find(TenantId tenant, CredentialScope scope, CredentialId id) {
        // another tenant's id and one that never was get the same answer (CRED-15)
        return stored(tenant, scope).stream()
                .filter(credential -> credential.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new BadRequestException(
                        ErrorCode.CREDENTIAL_NOT_FOUND, "there is no such credential for " + scope));
    }

    private List<StoredCredential> stored(TenantId tenant, CredentialScope scope) {
        ProviderRecord record = record(tenant, scope);
        if (scope instanceof CredentialScope.OfModel model) {
            return record.model(model.type(), model.model())
                    .map(CustomModelRecord::credentials)
                    .orElse(List.of());
        }
        return record.credentials();
    }

    private @Nullable CredentialId active(TenantId tenant, CredentialScope scope) {
        ProviderRecord record = record(tenant, scope);
        if (scope instanceof CredentialScope.OfModel model) {
            return record.model(model.type(), model.model())
                    .map(CustomModelRecord::activeCredential)
                    .orElse(null);
        }
        return record.activeCredential();
    }

    private ProviderRecord record(TenantId tenant, CredentialScope scope) {
        return store.provider(tenant, scope.provider()).orElseGet(() -> ProviderRecord.none(tenant, scope.provider()));
    }

    private CredentialName freeName(TenantId tenant, CredentialScope scope) {
        int highest = 0;
        for (StoredCredential credential : stored(tenant, scope)) {
            String name = credential.name().value();
            if (name.startsWith(GENERATED_NAME)) {
                highest = Math.max(highest, number(name.substring(GENERATED_NAME.length())));
            }
        }
        return new CredentialName(GENERATED_NAME + (highest + 1));
    }

    private static int number(String text) {
        boolean digits = !text.isEmpty() && text.length() < 9 && text.chars().allMatch(c -> c >= '0' && c <= '9');
        return digits ? Integer.parseInt(text) : 0;
    }

    private CredentialView view(
            TenantId tenant, CredentialScope scope, StoredCredential stored, CredentialForm form, boolean active) {
        Map<String, String> values = Map.of();
        Optional<String> unreadable = Optional.empty();
        try {
            values = form.obfuscated(stored.open());
        } catch (CredentialUnreadableException e) {
            unreadable = Optional.of(e.reason());
        }
        return new CredentialView(
                stored.id(),
                scope,
                stored.name(),
                active,
                stored.version(),
                values,
                unreadable,
                store.managedBy(tenant, stored.id()),
                stored.previous()
                        .filter(previous -> previous.validAt(clock.instant()))
                        .map(StoredCredential.Previous::until),
                stored.visibility(),
                usable(tenant, stored.visibility()));
    }

    /** Whether there is anybody whose calls may use it: those who are listed are members, an owner may have left. */
    private boolean usable(TenantId tenant, CredentialVisibility visibility) {
        UserId owner = visibility.owner();
        return !visibility.isPrivate()
                || !visibility.members().isEmpty()
                || owner != null && store.role(tenant, owner).isPresent();
    }

    /** Every credential a tenant has at a provider: of the provider itself, and of single models. */
    public List<CredentialView> listAll(Actor actor, TenantId tenant, ProviderId provider) {
        access.require(actor, tenant, Permission.CREDENTIAL_VIEW, provider.value());
        List<CredentialView> all = new ArrayList<>(views(tenant, new CredentialScope.OfProvider(provider)));
        store.provider(tenant, provider).ifPresent(record -> record.models()
                .forEach(model ->
                        all.addAll(views(tenant, new CredentialScope.OfModel(provider, model.model(), model.type())))));
        return all;
    }
}
