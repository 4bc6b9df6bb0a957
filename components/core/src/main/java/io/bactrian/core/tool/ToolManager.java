package io.bactrian.core.tool;

import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.tenant.TenantId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Finds tools: of any kind, for a tenant. What may be called by whom and who pays is settled by the chain, not here. */
public final class ToolManager implements AutoCloseable {

    private final Map<ToolProviderType, List<ToolProviderSource>> sources = new EnumMap<>(ToolProviderType.class);
    private final ToolDependents dependents = new ToolDependents();

    /** @param sources where providers come from; of two sources of a kind, the first that has a provider wins */
    public ToolManager(List<? extends ToolProviderSource> sources) {
        for (ToolProviderSource source : sources) {
            this.sources
                    .computeIfAbsent(source.toolProviderType(), type -> new ArrayList<>())
                    .add(source);
        }
    }

    /** The sources of that class. */
    public <T extends ToolProviderSource> Optional<T> source(Class<T> type) {
        return sources.values().stream()
                .flatMap(List::stream)
                .filter(type::isInstance)
                .map(type::cast)
                .findFirst();
    }

    /** Who depends on which tool. */
    public ToolDependents dependents() {
        return dependents;
    }

    /** A tenant's provider. */
    public Optional<ToolProviderController> provider(TenantId tenant, ToolProviderType type, String name) {
        List<ToolProviderSource> ofType = sources.getOrDefault(type, List.of());
        for (int i = 0; i < ofType.size(); i++) {
            Optional<ToolProviderController> found = ofType.get(i).provider(tenant, name);
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    /** All providers that a tenant may use: by kind, then by name. */
    public List<ToolProviderController> providers(TenantId tenant) {
        return sources.values().stream()
                .flatMap(kind -> ofKind(kind, tenant).stream())
                .toList();
    }

    private static List<ToolProviderController> ofKind(List<ToolProviderSource> kind, TenantId tenant) {
        Map<String, ToolProviderController> byName = new TreeMap<>();
        for (ToolProviderSource source : kind) {
            source.providers(tenant)
                    .forEach(found -> byName.putIfAbsent(found.entity().name(), found));
        }
        return List.copyOf(byName.values());
    }

    /** All tools that a tenant may use: by kind, provider and name. */
    public List<Tool> tools(TenantId tenant) {
        return providers(tenant).stream()
                .flatMap(provider -> provider.tools().stream())
                .sorted(Comparator.comparing(Tool::address))
                .toList();
    }

    /** A tenant's tool of that address; empty if it has none. */
    public Optional<Tool> find(TenantId tenant, ToolAddress address) {
        return provider(tenant, address.type(), address.provider()).flatMap(provider -> provider.tool(address.tool()));
    }

    /**
     * A tenant's tool of that address.
     *
     * @throws BadRequestException with {@code provider_not_found} or {@code tool_not_found}, naming what there is
     */
    public Tool get(TenantId tenant, ToolAddress address) {
        return toolOf(provider(tenant, address), address);
    }

    /**
     * The provider of a tenant's tool of that address.
     *
     * @throws BadRequestException with {@code provider_not_found} or {@code tool_not_found}, naming what there is
     */
    public ToolProviderController provider(TenantId tenant, ToolAddress address) {
        return provider(tenant, address.type(), address.provider()).orElseThrow(() -> missingProvider(tenant, address));
    }

    /**
     * The provider's tool of that address.
     *
     * @throws BadRequestException with {@code tool_not_found}, naming those it has
     */
    public static Tool toolOf(ToolProviderController provider, ToolAddress address) {
        return provider.tool(address.tool()).orElseThrow(() -> missingTool(address, provider));
    }

    private BadRequestException missingProvider(TenantId tenant, ToolAddress address) {
        if (!sources.containsKey(address.type())) {
            return ToolErrors.notFound("there is no tool " + address + ": add the dependency io.bactrian:bactrian-"
                    + address.type().scheme() + ", which brings tools of that kind");
        }
        String known = ofKind(sources.getOrDefault(address.type(), List.of()), tenant).stream()
                .map(provider -> provider.entity().name())
                .limit(20)
                .collect(Collectors.joining(", "));
        String what = address.type() == ToolProviderType.WORKFLOW ? "published tool" : "provider of tools";
        return new BadRequestException(
                address.type() == ToolProviderType.WORKFLOW ? ErrorCode.TOOL_NOT_FOUND : ErrorCode.PROVIDER_NOT_FOUND,
                "tenant '" + tenant + "' has no " + what + " '" + address.provider() + "' of kind " + address.type()
                        + (known.isEmpty() ? "" : " (there are: " + known + ")"));
    }

    private static BadRequestException missingTool(ToolAddress address, ToolProviderController provider) {
        String known = provider.tools().stream()
                .map(tool -> tool.entity().name())
                .sorted()
                .limit(50)
                .collect(Collectors.joining(", "));
        return ToolErrors.notFound(
                "provider '" + address.provider() + "' has no tool '" + address.tool() + "' (it has: " + known + ")");
    }

    /**
     * The address of the one tool that a tenant has under a name: its bare name, {@code PROVIDER/NAME}, or a whole address such
     * as {@code tool-builtin:time/now}.
     *
     * @throws BadRequestException with {@code tool_not_found} if there is none, or several: then all of them are named
     */
    public ToolAddress named(TenantId tenant, String name) {
        List<ToolAddress> found = tools(tenant).stream()
                .map(Tool::address)
                .filter(address -> isNamed(address, name))
                .toList();
        if (found.size() == 1) {
            return found.get(0);
        }
        if (found.isEmpty()) {
            throw ToolErrors.notFound("tenant '" + tenant + "' has no tool '" + name
                    + "': ./bactrian tool list --tenant " + tenant + " shows those it has");
        }
        throw ToolErrors.notFound("tenant '" + tenant + "' has several tools '" + name + "': say which of "
                + found.stream().map(Object::toString).collect(Collectors.joining(", ")));
    }

    /** Whether a name means the tool of that address: its bare name, {@code PROVIDER/NAME}, or all of it. */
    static boolean isNamed(ToolAddress address, String name) {
        return address.tool().equals(name)
                || (address.provider() + "/" + address.tool()).equals(name)
                || address.toString().equals(name);
    }

    @Override
    public void close() {
        sources.values().forEach(kind -> kind.forEach(ToolProviderSource::close));
    }
}
