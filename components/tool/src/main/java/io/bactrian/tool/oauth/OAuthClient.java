package io.bactrian.tool.oauth;

import io.bactrian.core.credential.CredentialForm;
import io.bactrian.core.credential.CredentialFormSchema;
import io.bactrian.core.credential.Credentials;
import io.bactrian.core.credential.FormType;
import io.bactrian.core.credential.Secret;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Who a tenant is to a provider that is opened by OAuth 2. Not a record: it holds a secret. */
public final class OAuthClient {

    /** The name that the provider knows the tenant by. */
    public static final String CLIENT_ID = "client_id";

    /** What proves it; none for a public client. */
    public static final String CLIENT_SECRET = "client_secret";

    /** How it is proved at the token endpoint: {@code client_secret_basic} or {@code client_secret_post} (RFC 6749 §2.3.1). */
    public static final String AUTH_METHOD = "token_endpoint_auth_method";

    /** The issuer that answers have to name (RFC 9207); none if the provider names none. */
    public static final String ISSUER = "issuer";

    /** The form that is filled in for a client. */
    public static final CredentialForm FORM = new CredentialForm(List.of(
            field(CLIENT_ID, "Client id", FormType.TEXT_INPUT, true, null, List.of()),
            field(CLIENT_SECRET, "Client secret", FormType.SECRET_INPUT, false, null, List.of()),
            field(
                    AUTH_METHOD,
                    "How the secret is sent",
                    FormType.SELECT,
                    false,
                    "client_secret_basic",
                    List.of(
                            new CredentialFormSchema.Option("client_secret_basic", "in a header", List.of()),
                            new CredentialFormSchema.Option("client_secret_post", "in the body", List.of()))),
            field(ISSUER, "Issuer", FormType.TEXT_INPUT, false, null, List.of())));

    private final String id;
    private final @Nullable Secret secret;
    private final boolean inBody;
    private final @Nullable String issuer;

    private OAuthClient(String id, @Nullable Secret secret, boolean inBody, @Nullable String issuer) {
        this.id = id;
        this.secret = secret;
        this.inBody = inBody;
        this.issuer = issuer;
    }

    private static CredentialFormSchema field(
            String name,
            String label,
            FormType type,
            boolean required,
            @Nullable String otherwise,
            List<CredentialFormSchema.Option> options) {
        return new CredentialFormSchema(name, label, type, required, otherwise, options, 0, List.of(), null);
    }

    /** The client of values that were checked against {@link #FORM}. */
    static OAuthClient of(Credentials values) {
        return new OAuthClient(
                values.text(CLIENT_ID).orElse(""),
                values.secret(CLIENT_SECRET).orElse(null),
                values.text(AUTH_METHOD).filter("client_secret_post"::equals).isPresent(),
                values.text(ISSUER).orElse(null));
    }

    String id() {
        return id;
    }

    Optional<Secret> secret() {
        return Optional.ofNullable(secret);
    }

    /** Whether the secret goes into the body rather than into a header. */
    boolean inBody() {
        return inBody;
    }

    Optional<String> issuer() {
        return Optional.ofNullable(issuer);
    }

    @Override
    public String toString() {
        return "OAuthClient[" + id + "]";
    }
}
