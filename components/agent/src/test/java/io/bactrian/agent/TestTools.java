package io.bactrian.agent;

import io.bactrian.core.credential.CredentialForm;
import io.bactrian.core.credential.CredentialFormSchema;
import io.bactrian.core.credential.FormType;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tool.I18nText;
import io.bactrian.core.tool.Tool;
import io.bactrian.core.tool.ToolArguments;
import io.bactrian.core.tool.ToolEntity;
import io.bactrian.core.tool.ToolFunction;
import io.bactrian.core.tool.ToolLabel;
import io.bactrian.core.tool.ToolParameter;
import io.bactrian.core.tool.ToolParameterType;
import io.bactrian.core.tool.ToolProviderController;
import io.bactrian.core.tool.ToolProviderEntity;
import io.bactrian.core.tool.ToolProviderSource;
import io.bactrian.core.tool.ToolProviderType;
import io.bactrian.core.tool.ToolRuntime;
import io.bactrian.core.tool.ToolStream;
import io.bactrian.json.ToolJson;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiFunction;

/** Tools for tests: all tenants have those that were added, but for tenant {@code poor}. Remembers the calls that were made. */
final class TestTools implements ToolProviderSource {

    final List<Call> calls = new CopyOnWriteArrayList<>();
    private final Map<String, Map<String, Tool>> providers = new ConcurrentHashMap<>();
    private final Set<String> locked = ConcurrentHashMap.newKeySet();

    /** A call as the tool got it. */
    record Call(String tool, ToolArguments arguments, ToolRuntime runtime) {}

    /** Adds a tool as it was declared. */
    TestTools add(ToolEntity.Builder declaration, ToolFunction function) {
        ToolEntity entity = declaration.build();
        providers
                .computeIfAbsent(entity.identity().provider(), provider -> new TreeMap<>())
                .put(
                        entity.name(),
                        new Tool(
                                ToolProviderType.BUILTIN,
                                entity,
                                (arguments, runtime) -> {
                                    calls.add(new Call(entity.name(), arguments, runtime));
                                    return function.invoke(arguments, runtime);
                                },
                                ToolJson.codec()));
        return this;
    }

    /** Adds a tool that takes a text {@code what} and answers with text. */
    TestTools text(String provider, String name, BiFunction<String, ToolRuntime, String> answer) {
        return add(
                taking(provider, name),
                (arguments, runtime) -> ToolStream.ofText(
                        answer.apply(arguments.findText("what").orElse(""), runtime)));
    }

    /** Starts the declaration of a tool that takes a text {@code what}. */
    static ToolEntity.Builder taking(String provider, String name) {
        return ToolEntity.of(provider, name, "Does " + name)
                .parameter(ToolParameter.llm("what", ToolParameterType.STRING, "what it is about"));
    }

    /** Has the tools of a provider need a credential with an {@code api_key}. */
    TestTools locked(String provider) {
        locked.add(provider);
        return this;
    }

    void remove(String provider, String name) {
        providers.get(provider).remove(name);
    }

    /** The calls that were made of a tool. */
    List<Call> callsOf(String tool) {
        return calls.stream().filter(call -> call.tool().equals(tool)).toList();
    }

    @Override
    public ToolProviderType toolProviderType() {
        return ToolProviderType.BUILTIN;
    }

    @Override
    public Optional<ToolProviderController> provider(TenantId tenant, String name) {
        return tenant.equals(TestEngine.POOR) || !providers.containsKey(name)
                ? Optional.empty()
                : Optional.of(controller(name));
    }

    @Override
    public List<ToolProviderController> providers(TenantId tenant) {
        return tenant.equals(TestEngine.POOR)
                ? List.of()
                : providers.keySet().stream().sorted().map(this::controller).toList();
    }

    private ToolProviderController controller(String name) {
        return new ToolProviderController() {
            @Override
            public ToolProviderEntity entity() {
                return locked.contains(name)
                        ? withKey(name)
                        : ToolProviderEntity.of(name, "For tests", ToolLabel.UTILITIES);
            }

            @Override
            public ToolProviderType toolProviderType() {
                return ToolProviderType.BUILTIN;
            }

            @Override
            public List<Tool> tools() {
                return List.copyOf(providers.get(name).values());
            }
        };
    }

    private static ToolProviderEntity withKey(String name) {
        CredentialFormSchema key = new CredentialFormSchema(
                "api_key", "API key", FormType.SECRET_INPUT, true, null, List.of(), 0, List.of(), null);
        return new ToolProviderEntity(
                "",
                name,
                I18nText.of(name),
                I18nText.of("For tests"),
                null,
                List.of(),
                new CredentialForm(List.of(key)),
                null);
    }
}
