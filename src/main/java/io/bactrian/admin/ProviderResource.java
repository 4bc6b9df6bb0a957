package io.bactrian.admin;

import io.bactrian.admin.ProviderShapes.Provider;
import io.bactrian.admin.ProviderShapes.ProviderChange;
import io.bactrian.admin.ProviderShapes.ProviderList;
import io.bactrian.core.access.Permission;
import io.bactrian.core.config.PageOf;
import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.manage.ProviderSettings;
import io.bactrian.core.manage.ProviderSettingsManager;
import io.bactrian.core.provider.ProviderId;
import io.bactrian.core.provider.ProviderType;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Providers of models over HTTP. */
final class ProviderResource {

    static final String ALL = TenantResource.ONE + "/providers";
    static final String ONE = ALL + "/{provider}";

    private static final String RULE = "none";

    private final ProviderSettingsManager manager;

    ProviderResource(ProviderSettingsManager manager) {
        this.manager = manager;
    }

    List<Operation> operations() {
        return List.of(
                Operation.list(
                                "listProviders",
                                ALL,
                                "Lists the providers of models, and what a tenant has configured for them.",
                                Permission.PROVIDER_VIEW,
                                ProviderList.class,
                                this::list)
                        .paged(),
                Operation.read(
                        "getProvider",
                        ONE,
                        "Shows a provider: what opens it, and what a tenant has configured for it.",
                        Permission.PROVIDER_VIEW,
                        Provider.class,
                        this::current),
                Operation.change(
                        Operation.Method.PATCH,
                        "updateProvider",
                        ONE,
                        "Switches a tenant's configuration of a provider on or off, or says whose credentials it wants.",
                        Permission.PROVIDER_MANAGE,
                        ProviderChange.class,
                        Provider.class,
                        this::current,
                        this::update),
                Operation.remove(
                        "resetProvider",
                        ONE,
                        "Removes all that a tenant has configured for a provider, its credentials too.",
                        Permission.PROVIDER_MANAGE,
                        this::current,
                        request -> {
                            manager.reset(request.actor(), request.tenant(), Inputs.provider(request));
                            return Reply.done();
                        }));
    }

    private Reply list(AdminRequest request) {
        PageOf<ProviderSettings> page = Paging.ofSorted(
                manager.list(request.actor(), request.tenant()),
                settings -> settings.provider().provider().value(),
                request.page());
        return Reply.of(
                new ProviderList(page.items().stream().map(Provider::of).toList(), AdminRequest.cursor(page.next())));
    }

    private Optional<Provider> current(AdminRequest request) {
        try {
            return Optional.of(Provider.of(manager.get(request.actor(), request.tenant(), Inputs.provider(request))));
        } catch (BadRequestException e) {
            if (e.code() == ErrorCode.PROVIDER_NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private Reply update(AdminRequest request) {
        ProviderChange change = request.body(ProviderChange.class);
        ProviderId provider = Inputs.provider(request);
        String wanted = change.preferred();
        ProviderType preferred = wanted == null ? null : Inputs.field("preferred", wanted, ProviderResource::type);
        if (change.enabled() != null) {
            manager.enable(request.actor(), request.tenant(), provider, change.enabled());
        }
        if (wanted != null || change.descend() != null) {
            ProviderSettings known = manager.get(request.actor(), request.tenant(), provider);
            manager.prefer(
                    request.actor(),
                    request.tenant(),
                    provider,
                    wanted == null ? known.preferred().orElse(null) : preferred,
                    change.descend() == null ? known.descend() : change.descend());
        }
        return Reply.of(Provider.of(manager.get(request.actor(), request.tenant(), provider)));
    }

    private static @Nullable ProviderType type(String text) {
        if (RULE.equals(text)) {
            return null;
        }
        return ProviderType.of(text)
                .orElseThrow(
                        () -> new IllegalArgumentException("whose credentials are wanted is custom, system or none"));
    }
}
