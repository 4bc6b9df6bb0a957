package io.bactrian.core.manage;

import io.bactrian.core.access.AccessControl;
import io.bactrian.core.access.Actor;
import io.bactrian.core.access.Permission;
import io.bactrian.core.config.ConfigurationSource;
import io.bactrian.core.config.CredentialUnreadableException;
import io.bactrian.core.credential.CredentialForm;
import io.bactrian.core.credential.CredentialId;
import io.bactrian.core.credential.CredentialName;
import io.bactrian.core.credential.Credentials;
import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.MisconfiguredException;
import io.bactrian.core.tenant.Deadline;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tenant.UserId;
import io.bactrian.core.tool.NewToolCredential;
import io.bactrian.core.tool.ToolCredential;
import io.bactrian.core.tool.ToolCredentialStore;
import io.bactrian.core.tool.ToolCredentialType;
import io.bactrian.core.tool.ToolManager;
import io.bactrian.core.tool.ToolProviderController;
import io.bactrian.core.tool.ToolProviderName;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The life of credentials of tool providers: checked against their form, shown to the provider before they are saved, hidden on
 * every read, kept where a person sent the mask back, and each change taken down in the audit log.
 */
public final class ToolCredentialManager {

    private static final String API_KEY_NAME = "API KEY ";
    private static final String TOKEN_NAME = "AUTH ";

    private final ToolCredentialStore store;
    private final ConfigurationSource tenants;
    private final ToolManager tools;
    private final AccessControl access;

    /**
     * @param store where credentials are kept
     * @param tenants knows tenants and members
     * @param tools knows providers, their forms, and how to ask them
     * @param access decides who may, and takes it down
     */
    public ToolCredentialManager(
            ToolCredentialStore store, ConfigurationSource tenants, ToolManager tools, AccessControl access) {
        this.store = store;
        this.tenants = tenants;
        this.tools = tools;
        this.access = access;
    }

    /**
     * Adds an API key, once the provider has said that it opens it.
     *
     * @param name its name; null for {@code API KEY n}
     * @param given the values, as typed in
     * @param onlyFor the one user whose calls may use it; null for all of the tenant
     * @return its id
     * @throws BadRequestException with {@code invalid_param} naming every wrong field, or a name that is taken
     * @throws io.bactrian.core.error.InvokeException if the provider does not take it, or cannot be asked
     */
    public CredentialId add(
            Actor actor,
            TenantId tenant,
            ToolProviderName provider,
            @Nullable CredentialName name,
            Credentials given,
            @Nullable UserId onlyFor,
            Deadline deadline) {
        return audited(actor, tenant, "tool-credential.add", provider.toString(), () -> {
            ToolCredentialRights.checkChange(actor, tenant, onlyFor);
            ToolProviderController controller = asksForKey(tenant, provider);
            checkUser(tenant, onlyFor);
            Credentials checked = controller.entity().credentialForm().check(given);
            controller.validateCredentials(checked, deadline);
            CredentialName chosen = name == null ? freeName(tenant, provider, API_KEY_NAME) : name;
            return store.add(
                    tenant,
                    provider,
                    new NewToolCredential(chosen, checked, ToolCredentialType.API_KEY, null, onlyFor));
        });
    }

    /**
     * Adds the tokens that a provider gave for a person's consent, or puts them in the place of those that a credential of that
     * name had.
     *
     * @param name its name; null for {@code AUTH n}
     * @param expiresAt when the token expires; null for never
     * @return its id
     */
    public CredentialId putTokens(
            Actor actor,
            TenantId tenant,
            ToolProviderName provider,
            @Nullable CredentialName name,
            Credentials tokens,
            @Nullable Instant expiresAt,
            @Nullable UserId onlyFor) {
        return audited(actor, tenant, "tool-credential.authorize", provider.toString(), () -> {
            ToolCredentialRights.checkChange(actor, tenant, onlyFor);
            checkUser(tenant, onlyFor);
            Optional<ToolCredential> known = Optional.ofNullable(name).flatMap(given -> named(tenant, provider, given));
            if (known.isPresent() && replaces(known.get(), onlyFor)) {
                CredentialId id = known.get().stored().id();
                if (store.renew(tenant, provider, id, 0, tokens, expiresAt)) {
                    return id;
                }
            }
            CredentialName chosen = name == null ? freeName(tenant, provider, TOKEN_NAME) : name;
            return store.add(
                    tenant,
                    provider,
                    new NewToolCredential(chosen, tokens, ToolCredentialType.OAUTH2, expiresAt, onlyFor));
        });
    }

    /** An API key, or tokens of somebody else, that have the name are not overwritten: the store says that it is taken. */
    private static boolean replaces(ToolCredential known, @Nullable UserId onlyFor) {
        return known.type() == ToolCredentialType.OAUTH2 && known.onlyFor().equals(Optional.ofNullable(onlyFor));
    }

    /**
     * Replaces the values of an API key, once the provider has said that they open it, and its name if one is given. A secret
     * given as {@link CredentialForm#UNCHANGED} stays as it is; a field left out is removed. Tokens can only be given another
     * name.
     *
     * @param name a new name; null for the same
     * @param given the values, as typed in; null for the same
     */
    public void update(
            Actor actor,
            TenantId tenant,
            ToolProviderName provider,
            CredentialId id,
            @Nullable CredentialName name,
            @Nullable Credentials given,
            Deadline deadline) {
        audited(actor, tenant, "tool-credential.update", provider + " " + id, () -> {
            ToolCredential known = changeable(actor, tenant, provider, id);
            Credentials checked = given == null ? open(known) : checked(tenant, provider, known, given, deadline);
            CredentialName chosen = name == null ? known.stored().name() : name;
            store.update(tenant, provider, id, known.stored().version(), chosen, checked);
            return id;
        });
    }

    private Credentials checked(
            TenantId tenant, ToolProviderName provider, ToolCredential known, Credentials given, Deadline deadline) {
        if (known.type() != ToolCredentialType.API_KEY) {
            throw new BadRequestException(
                    ErrorCode.INVALID_PARAM,
                    "credential '" + known.stored().name() + "' holds tokens, which are not typed in: have"
                            + " ./bactrian tool authorize " + provider + " --tenant " + tenant + " make new ones");
        }
        ToolProviderController controller = asksForKey(tenant, provider);
        CredentialForm form = controller.entity().credentialForm();
        // the stored values are opened only if any of them is kept: one that cannot be read can be entered anew
        // (CRED-12)
        Credentials checked = keepsNothing(form, given) ? form.check(given) : form.update(given, open(known));
        controller.validateCredentials(checked, deadline);
        return checked;
    }

    /** Removes a credential. If it was the default one, none is then, and calls that name none use the oldest. */
    public void remove(Actor actor, TenantId tenant, ToolProviderName provider, CredentialId id) {
        audited(actor, tenant, "tool-credential.remove", provider + " " + id, () -> {
            ToolCredential known = visible(actor, tenant, provider, id);
            ToolCredentialRights.checkRemove(actor, tenant, known.onlyFor().orElse(null));
            store.remove(tenant, provider, id);
            return id;
        });
    }

    /** Makes a credential the one that calls use which name none. */
    public void setDefault(Actor actor, TenantId tenant, ToolProviderName provider, CredentialId id) {
        audited(actor, tenant, "tool-credential.default", provider + " " + id, () -> {
            visible(actor, tenant, provider, id);
            ToolCredentialRights.checkChange(actor, tenant, null);
            store.setDefault(tenant, provider, id);
            return id;
        });
    }

    /** Asks the provider whether a stored API key opens it. */
    public void validateStored(
            Actor actor, TenantId tenant, ToolProviderName provider, CredentialId id, Deadline deadline) {
        audited(actor, tenant, "tool-credential.validate", provider + " " + id, () -> {
            ToolCredential known = changeable(actor, tenant, provider, id);
            provider(tenant, provider).validateCredentials(open(known), deadline);
            return id;
        });
    }

    /** The credentials of a provider that the actor may know of, oldest first. One that cannot be read is listed as such. */
    public List<ToolCredentialView> list(Actor actor, TenantId tenant, ToolProviderName provider) {
        access.require(actor, tenant, Permission.TOOL_CREDENTIAL_VIEW, provider.toString());
        return views(actor, tenant, provider);
    }

    private List<ToolCredentialView> views(Actor actor, TenantId tenant, ToolProviderName provider) {
        CredentialForm form = tools.provider(tenant, provider.type(), provider.provider())
                .map(controller -> controller.entity().credentialForm())
                .orElse(CredentialForm.EMPTY);
        return stored(tenant, provider).stream()
                .filter(credential -> ToolCredentialRights.sees(actor, tenant, credential))
                .map(credential -> view(provider, credential, form))
                .toList();
    }

    /** The credentials of all providers that the actor may know of. */
    public List<ToolCredentialView> listAll(Actor actor, TenantId tenant) {
        access.require(actor, tenant, Permission.TOOL_CREDENTIAL_VIEW, "credentials of tools");
        return store.providers(tenant).stream()
                .flatMap(provider -> views(actor, tenant, provider).stream())
                .toList();
    }

    private static ToolCredentialView view(ToolProviderName provider, ToolCredential credential, CredentialForm form) {
        Map<String, String> values = Map.of();
        Optional<String> unreadable = Optional.empty();
        try {
            values = form.obfuscated(credential.stored().open());
        } catch (CredentialUnreadableException e) {
            unreadable = Optional.of(e.reason());
        }
        return new ToolCredentialView(
                credential.stored().id(),
                provider,
                credential.stored().name(),
                credential.type(),
                credential.isDefault(),
                credential.stored().version(),
                values,
                unreadable,
                credential.expiresAt(),
                credential.onlyFor());
    }

    /**
     * Refuses who may not add or change a credential, before anything is done for it.
     *
     * @param onlyFor whose it is; null for one that all of the tenant may use
     * @throws io.bactrian.core.error.RefusedException with {@code access_denied}
     */
    public void requireChange(Actor actor, TenantId tenant, @Nullable UserId onlyFor) {
        ToolCredentialRights.checkChange(actor, tenant, onlyFor);
    }

    /** Work that takes the least there is about credentials of tools, and then what the work itself asks for. */
    private <T> T audited(Actor actor, TenantId tenant, String action, String subject, Supplier<T> work) {
        return access.audited(actor, tenant, Permission.TOOL_CREDENTIAL_VIEW, action, subject, work);
    }

    private ToolProviderController provider(TenantId tenant, ToolProviderName provider) {
        if (tenants.tenant(tenant).isEmpty()) {
            throw new BadRequestException(
                    ErrorCode.TENANT_NOT_FOUND, "there is no tenant '" + tenant + "': ./bactrian tenant add " + tenant);
        }
        return tools.provider(tenant, provider.type(), provider.provider())
                .orElseThrow(() -> new BadRequestException(
                        ErrorCode.PROVIDER_NOT_FOUND,
                        "tenant '" + tenant + "' has no provider of tools '" + provider
                                + "': ./bactrian tool list --tenant " + tenant + " shows those it has"));
    }

    private ToolProviderController asksForKey(TenantId tenant, ToolProviderName provider) {
        ToolProviderController controller = provider(tenant, provider);
        if (!controller.entity().credentialForm().fields().isEmpty()) {
            return controller;
        }
        String remedy = controller.entity().oauth() == null
                ? "asks for no credential"
                : "is opened by OAuth 2: ./bactrian tool authorize " + provider + " --tenant " + tenant;
        throw new BadRequestException(ErrorCode.INVALID_PARAM, "the provider of tools '" + provider + "' " + remedy);
    }

    private void checkUser(TenantId tenant, @Nullable UserId user) {
        if (user != null
                && tenants.managesMembers(tenant)
                && tenants.role(tenant, user).isEmpty()) {
            throw new BadRequestException(
                    ErrorCode.INVALID_PARAM,
                    "the user is not a member of tenant '" + tenant + "': ./bactrian member add USER --tenant "
                            + tenant);
        }
    }

    /** A credential that the actor may change. One that they may not know of gets the answer of one that never was (CRED-15). */
    private ToolCredential changeable(Actor actor, TenantId tenant, ToolProviderName provider, CredentialId id) {
        ToolCredential known = visible(actor, tenant, provider, id);
        ToolCredentialRights.checkChange(actor, tenant, known.onlyFor().orElse(null));
        return known;
    }

    private ToolCredential visible(Actor actor, TenantId tenant, ToolProviderName provider, CredentialId id) {
        return store.find(tenant, provider, id)
                .filter(found -> ToolCredentialRights.sees(actor, tenant, found))
                .orElseThrow(() -> new BadRequestException(
                        ErrorCode.CREDENTIAL_NOT_FOUND, "there is no such credential of " + provider));
    }

    private List<ToolCredential> stored(TenantId tenant, ToolProviderName provider) {
        return store.credentials(tenant, provider.type(), provider.provider());
    }

    private Optional<ToolCredential> named(TenantId tenant, ToolProviderName provider, CredentialName name) {
        return stored(tenant, provider).stream()
                .filter(credential -> credential.stored().name().equals(name))
                .findFirst();
    }

    private CredentialName freeName(TenantId tenant, ToolProviderName provider, String prefix) {
        return GeneratedNames.next(prefix, stored(tenant, provider).stream().map(credential -> credential
                .stored()
                .name()));
    }

    private static boolean keepsNothing(CredentialForm form, Credentials given) {
        return form.fields().stream().noneMatch(field -> given.text(field.variable())
                .filter(CredentialForm.UNCHANGED::equals)
                .isPresent());
    }

    private static Credentials open(ToolCredential known) {
        try {
            return known.stored().open();
        } catch (CredentialUnreadableException e) {
            throw new MisconfiguredException(
                    ErrorCode.CREDENTIAL_UNREADABLE,
                    "credential '" + known.stored().name() + "' cannot be read (" + e.reason()
                            + "): enter all of its values anew");
        }
    }
}
