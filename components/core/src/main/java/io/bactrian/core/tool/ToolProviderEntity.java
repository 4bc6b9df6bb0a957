package io.bactrian.core.tool;

import io.bactrian.core.credential.CredentialForm;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The declaration of a provider of tools.
 *
 * @param author who made it; empty if nobody says
 * @param name its name, by which it is called
 * @param label what people see
 * @param description what its tools are good for
 * @param icon an icon; null for none
 * @param labels what its tools are about
 * @param credentialForm what an API key's fields are; {@link CredentialForm#EMPTY} if it needs none
 * @param oauth how it is opened by OAuth 2; null if it is not
 */
public record ToolProviderEntity(
        String author,
        String name,
        I18nText label,
        I18nText description,
        @Nullable String icon,
        List<ToolLabel> labels,
        CredentialForm credentialForm,
        @Nullable OAuthDeclaration oauth) {

    /** @throws IllegalArgumentException if the name is none */
    public ToolProviderEntity {
        ToolIdentity.check("tool provider", name);
        labels = List.copyOf(labels);
    }

    /** A provider whose tools need no credential. */
    public static ToolProviderEntity of(String name, String description, ToolLabel... labels) {
        return new ToolProviderEntity(
                "",
                name,
                I18nText.of(name),
                I18nText.of(description),
                null,
                List.of(labels),
                CredentialForm.EMPTY,
                null);
    }

    /** Whether its tools can only be called with a credential. */
    public boolean needsCredential() {
        return credentialForm.fields().isEmpty() ? oauth != null : !credentialForm.asksForNothing();
    }

    /**
     * How a provider is opened by OAuth 2 (RFC 6749), with PKCE (RFC 7636).
     *
     * @param authorizationEndpoint where a person says yes
     * @param tokenEndpoint where codes and refresh tokens are exchanged
     * @param scopes what is asked for
     */
    public record OAuthDeclaration(String authorizationEndpoint, String tokenEndpoint, List<String> scopes) {
        /** Copies the list. */
        public OAuthDeclaration {
            scopes = List.copyOf(scopes);
        }
    }
}
