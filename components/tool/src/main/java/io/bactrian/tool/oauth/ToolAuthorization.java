package io.bactrian.tool.oauth;

import io.bactrian.core.access.Actor;
import io.bactrian.core.config.AuditEvent;
import io.bactrian.core.config.AuditLog;
import io.bactrian.core.config.Audited;
import io.bactrian.core.config.ConfigurationSource;
import io.bactrian.core.credential.CredentialId;
import io.bactrian.core.credential.CredentialName;
import io.bactrian.core.credential.CredentialValue;
import io.bactrian.core.credential.Credentials;
import io.bactrian.core.credential.Secret;
import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.InvokeException;
import io.bactrian.core.error.RefusedException;
import io.bactrian.core.error.UnauthorizedException;
import io.bactrian.core.json.JsonCodec;
import io.bactrian.core.manage.ToolCredentialManager;
import io.bactrian.core.tenant.Deadline;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tenant.UserId;
import io.bactrian.core.tool.OAuthState;
import io.bactrian.core.tool.OAuthStore;
import io.bactrian.core.tool.ToolManager;
import io.bactrian.core.tool.ToolProviderName;
import io.bactrian.egress.EgressClient;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Has a person say yes at a provider, and stores the tokens that come of it: authorization code with PKCE (RFC 7636, S256) and a
 * state that is good once, for five minutes, on any node. What is sent along is bound to the tenant, the person and the provider.
 */
public final class ToolAuthorization {

    /** How long a person may take. */
    public static final Duration VALID = Duration.ofMinutes(5);

    private static final String VERIFIER = "code_verifier";
    private static final String REDIRECT_URI = "redirect_uri";
    private static final String NAME = "name";
    private static final String ONLY_FOR = "only_for";
    private static final Pattern ERROR = Pattern.compile("[a-z_]{1,64}");

    private final OAuthStore store;
    private final OAuthClients clients;
    private final ToolCredentialManager credentials;
    private final ConfigurationSource tenants;
    private final ToolManager tools;
    private final TokenEndpoint endpoint;
    private final AuditLog audit;
    private final SecureRandom random;
    private final Clock clock;

    /**
     * What is asked for.
     *
     * @param redirectUri where the provider sends the person back to: https, or this machine
     * @param name the name of the credential, whose tokens are replaced if it is there; null for {@code AUTH n}
     * @param onlyFor the one user whose calls may use it; null for all of the tenant
     */
    public record Request(
            String redirectUri,
            @Nullable CredentialName name,
            @Nullable UserId onlyFor) {}

    /**
     * What has come of it.
     *
     * @param tenant whose
     * @param provider of which provider
     * @param credential the credential that holds the tokens
     */
    public record Authorized(TenantId tenant, ToolProviderName provider, CredentialId credential) {}

    /**
     * @param store remembers clients, and persons who have been sent
     * @param credentials stores tokens
     * @param tenants knows tenants and members
     * @param tools knows providers
     * @param egress the way to token endpoints
     * @param json reads their answers
     * @param audit takes down what happened
     * @param random where states and verifiers come from
     * @param clock tells what has expired
     */
    public ToolAuthorization(
            OAuthStore store,
            ToolCredentialManager credentials,
            ConfigurationSource tenants,
            ToolManager tools,
            EgressClient egress,
            JsonCodec json,
            AuditLog audit,
            SecureRandom random,
            Clock clock) {
        this.store = store;
        this.clients = new OAuthClients(store);
        this.credentials = credentials;
        this.tenants = tenants;
        this.tools = tools;
        this.endpoint = new TokenEndpoint(egress, json, clock);
        this.audit = audit;
        this.random = random;
        this.clock = clock;
    }

    /** Says who a tenant is to a provider, as {@link OAuthClient#FORM} asks; a secret that is masked stays as it is. */
    public void putClient(Actor actor, TenantId tenant, ToolProviderName provider, Credentials given) {
        audited(actor, tenant, "oauth-client.set", provider.toString(), () -> {
            credentials.requireChange(actor, tenant, null);
            provider(tenant, provider);
            clients.put(tenant, provider, given);
            return provider;
        });
    }

    /** Forgets who a tenant is to a provider: its tokens are not renewed any more. False if it had not been said. */
    public boolean removeClient(Actor actor, TenantId tenant, ToolProviderName provider) {
        return audited(actor, tenant, "oauth-client.remove", provider.toString(), () -> {
            credentials.requireChange(actor, tenant, null);
            return store.removeClient(tenant, provider);
        });
    }

    /** Who a tenant is to a provider, with the secret obfuscated; empty if it has not been said. */
    public Optional<Map<String, String>> client(Actor actor, TenantId tenant, ToolProviderName provider) {
        credentials.requireChange(actor, tenant, null);
        return clients.obfuscated(tenant, provider);
    }

    /**
     * Begins: gives the URL that a person opens to say yes.
     *
     * @throws InvokeException if the provider is not opened by OAuth 2, or nobody has said who the tenant is to it
     */
    public String begin(Actor actor, TenantId tenant, ToolProviderName provider, Request request) {
        return audited(actor, tenant, "tool-authorization.begin", provider.toString(), () -> {
            credentials.requireChange(actor, tenant, request.onlyFor());
            requireAccount(actor);
            OAuthProvider known = provider(tenant, provider);
            OAuthClient client = clients.require(tenant, provider);
            if (!OAuthProvider.isSafe(request.redirectUri())) {
                throw new BadRequestException(
                        ErrorCode.INVALID_PARAM,
                        "a person can only be sent back to an https URL (http is for this machine alone)");
            }
            String state = OAuthSecrets.random(random);
            String verifier = OAuthSecrets.random(random);
            Instant now = clock.instant();
            UserId user = actor.account().orElse(null);
            store.addState(new OAuthState(
                    OAuthSecrets.hash(state), tenant, provider, user, kept(request, verifier), now, now.plus(VALID)));
            return url(known, client, request.redirectUri(), state, OAuthSecrets.challenge(verifier));
        });
    }

    private static Credentials kept(Request request, String verifier) {
        Map<String, CredentialValue> kept = new LinkedHashMap<>();
        kept.put(VERIFIER, new CredentialValue.Hidden(Secret.of(verifier)));
        kept.put(REDIRECT_URI, new CredentialValue.Text(request.redirectUri()));
        CredentialName name = request.name();
        if (name != null) {
            kept.put(NAME, new CredentialValue.Text(name.value()));
        }
        UserId onlyFor = request.onlyFor();
        if (onlyFor != null) {
            kept.put(ONLY_FOR, new CredentialValue.Text(onlyFor.value()));
        }
        return Credentials.of(kept);
    }

    private static String url(
            OAuthProvider provider, OAuthClient client, String redirectUri, String state, String challenge) {
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put("response_type", "code");
        parameters.put("client_id", client.id());
        parameters.put("redirect_uri", redirectUri);
        if (!provider.scopes().isEmpty()) {
            parameters.put("scope", String.join(" ", provider.scopes()));
        }
        parameters.put("state", state);
        parameters.put("code_challenge", challenge);
        parameters.put("code_challenge_method", "S256");
        String query = parameters.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + TokenEndpoint.encode(entry.getValue()))
                .collect(Collectors.joining("&"));
        // an endpoint may have a query of its own, which stays (RFC 6749 §3.1)
        String endpoint = provider.authorizationEndpoint();
        return endpoint + (endpoint.indexOf('?') < 0 ? '?' : '&') + query;
    }

    /**
     * Finishes: exchanges what a person brings along for tokens, and stores them.
     *
     * @throws BadRequestException with {@code invalid_param} if nobody was sent with that, it was used before, or took too long
     * @throws InvokeException if the person or the provider said no, or it cannot be asked
     */
    public Authorized finish(OAuthAnswer answer, Deadline deadline) {
        // whose it is cannot be known before; what cannot be one of ours is not looked for
        OAuthState state = Optional.of(answer.state())
                .filter(OAuthSecrets::isRandom)
                .flatMap(given -> store.takeState(OAuthSecrets.hash(given), clock.instant()))
                .orElseThrow(() -> new BadRequestException(
                        ErrorCode.INVALID_PARAM,
                        "this authorization was not begun here, was finished before, or took longer than "
                                + VALID.toMinutes() + " minutes: begin it again with ./bactrian tool authorize"));
        Actor actor = actor(state);
        return audited(
                actor,
                state.tenant(),
                "tool-authorization.finish",
                state.provider().toString(),
                () -> {
                    OAuthProvider provider = provider(state.tenant(), state.provider());
                    OAuthClient client = clients.require(state.tenant(), state.provider());
                    checkIssuer(provider, client, answer);
                    OAuthTokens tokens = endpoint.exchange(
                            provider,
                            client,
                            code(provider, answer),
                            state.request().secret(VERIFIER).orElseThrow(),
                            state.request().text(REDIRECT_URI).orElseThrow(),
                            deadline);
                    CredentialId id = credentials.putTokens(
                            actor,
                            state.tenant(),
                            state.provider(),
                            state.request().text(NAME).map(CredentialName::new).orElse(null),
                            tokens.values(),
                            tokens.expiresAt(),
                            state.request().text(ONLY_FOR).map(UserId::new).orElse(null));
                    return new Authorized(state.tenant(), state.provider(), id);
                });
    }

    /** Whoever comes back is looked up by their account: what is nobody's in particular would come back as the operator. */
    private static void requireAccount(Actor actor) {
        if (actor.actsAs().isPresent() && actor.account().isEmpty()) {
            throw new RefusedException(
                    ErrorCode.ACCESS_DENIED,
                    "only persons say yes to a provider: use an API key that acts as a member of the tenant");
        }
    }

    /** Who was sent, with what they may do by now. */
    private Actor actor(OAuthState state) {
        UserId user = state.user();
        if (user == null) {
            return new Actor.Operator();
        }
        return tenants.role(state.tenant(), user)
                .map(role -> new Actor.Member(state.tenant(), user, role))
                .orElseThrow(() -> new RefusedException(
                        ErrorCode.ACCESS_DENIED,
                        "whoever began this authorization is no member of the tenant any more"));
    }

    /** An answer of another server must not pass for one of this provider's (RFC 9207 §2.4). */
    private static void checkIssuer(OAuthProvider provider, OAuthClient client, OAuthAnswer answer) {
        Optional<String> expected = client.issuer();
        if (expected.isPresent() && !expected.equals(answer.issuer())) {
            throw new RefusedException(
                    ErrorCode.ACCESS_DENIED,
                    "the answer for " + provider.name()
                            + " does not name the issuer that is set for it: nothing was exchanged");
        }
    }

    private static Secret code(OAuthProvider provider, OAuthAnswer answer) {
        return answer.code().orElseThrow(() -> {
            String error =
                    answer.error().filter(text -> ERROR.matcher(text).matches()).orElse("an error");
            return "access_denied".equals(error)
                    ? new RefusedException(
                            ErrorCode.ACCESS_DENIED,
                            "the person did not say yes at " + provider.name() + " (access_denied)")
                    : new UnauthorizedException(
                            ErrorCode.AUTHORIZATION_ERROR,
                            "the provider " + provider.name() + " answered with " + error);
        });
    }

    private OAuthProvider provider(TenantId tenant, ToolProviderName name) {
        if (tenants.tenant(tenant).filter(known -> known.enabled()).isEmpty()) {
            throw new BadRequestException(
                    ErrorCode.TENANT_NOT_FOUND, "there is no tenant '" + tenant + "', or it is switched off");
        }
        return tools.provider(tenant, name.type(), name.provider())
                .map(controller -> OAuthProvider.of(name, controller.entity()))
                .orElseThrow(() -> new BadRequestException(
                        ErrorCode.PROVIDER_NOT_FOUND,
                        "tenant '" + tenant + "' has no provider of tools '" + name
                                + "': ./bactrian tool list --tenant " + tenant + " shows those it has"));
    }

    private <T> T audited(Actor actor, TenantId tenant, String action, String subject, Supplier<T> work) {
        return Audited.run(
                audit,
                outcome -> new AuditEvent(clock.instant(), tenant, actor.name(), action, subject, outcome),
                work);
    }
}
