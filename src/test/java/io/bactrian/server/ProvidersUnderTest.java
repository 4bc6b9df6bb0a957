package io.bactrian.server;

import io.bactrian.core.credential.CredentialForm;
import io.bactrian.core.credential.CredentialFormSchema;
import io.bactrian.core.credential.Credentials;
import io.bactrian.core.credential.FormType;
import io.bactrian.core.credential.Secret;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.UnauthorizedException;
import io.bactrian.core.json.JsonCodec;
import io.bactrian.core.tenant.Deadline;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tool.I18nText;
import io.bactrian.core.tool.Tool;
import io.bactrian.core.tool.ToolEntity;
import io.bactrian.core.tool.ToolEnvironment;
import io.bactrian.core.tool.ToolProviderController;
import io.bactrian.core.tool.ToolProviderEntity;
import io.bactrian.core.tool.ToolProviderFactory;
import io.bactrian.core.tool.ToolProviderSource;
import io.bactrian.core.tool.ToolProviderType;
import io.bactrian.core.tool.ToolStream;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Two providers for installations that have the setting {@code test.authorization-server}: {@code keyed}, which takes API keys that
 * begin with {@code good}, and {@code mail}, which is opened by OAuth 2 at that server. Their tools say what opened them.
 */
public final class ProvidersUnderTest implements ToolProviderFactory {

    @Override
    public List<ToolProviderSource> sources(ToolEnvironment environment) {
        return environment.setting("test.authorization-server").stream()
                .<ToolProviderSource>map(
                        server -> new Source(List.of(keyed(environment.json()), mail(server, environment.json()))))
                .toList();
    }

    private record Source(List<ToolProviderController> all) implements ToolProviderSource {
        @Override
        public ToolProviderType toolProviderType() {
            return ToolProviderType.BUILTIN;
        }

        @Override
        public Optional<ToolProviderController> provider(TenantId tenant, String name) {
            return all.stream()
                    .filter(provider -> provider.entity().name().equals(name))
                    .findFirst();
        }

        @Override
        public List<ToolProviderController> providers(TenantId tenant) {
            return all;
        }
    }

    private static ToolProviderController keyed(JsonCodec json) {
        CredentialForm form = new CredentialForm(List.of(
                new CredentialFormSchema(
                        "api_key", "Key", FormType.SECRET_INPUT, true, null, List.of(), 0, List.of(), null),
                new CredentialFormSchema(
                        "region", "Region", FormType.TEXT_INPUT, false, null, List.of(), 0, List.of(), null)));
        return provider("keyed", form, null, "api_key", json);
    }

    private static ToolProviderController mail(String server, JsonCodec json) {
        return provider(
                "mail",
                CredentialForm.EMPTY,
                new ToolProviderEntity.OAuthDeclaration(server + "/authorize", server + "/token", List.of("read")),
                "access_token",
                json);
    }

    private static ToolProviderController provider(
            String name,
            CredentialForm form,
            ToolProviderEntity.@Nullable OAuthDeclaration oauth,
            String secret,
            JsonCodec json) {
        ToolProviderEntity entity =
                new ToolProviderEntity("", name, I18nText.of(name), I18nText.EMPTY, null, List.of(), form, oauth);
        Tool tool = new Tool(
                ToolProviderType.BUILTIN,
                ToolEntity.of(name, name + "_opened_by", "Says what opened it").build(),
                (arguments, runtime) -> ToolStream.ofText(
                        runtime.credentials().secret(secret).map(Secret::reveal).orElse("nothing")),
                json);
        return new ToolProviderController() {
            @Override
            public ToolProviderEntity entity() {
                return entity;
            }

            @Override
            public ToolProviderType toolProviderType() {
                return ToolProviderType.BUILTIN;
            }

            @Override
            public List<Tool> tools() {
                return List.of(tool);
            }

            @Override
            public void validateCredentials(Credentials given, Deadline deadline) {
                if (!given.secret("api_key").orElseThrow().reveal().startsWith("good")) {
                    throw new UnauthorizedException(ErrorCode.AUTHORIZATION_ERROR, "the provider does not accept it");
                }
            }
        };
    }
}
