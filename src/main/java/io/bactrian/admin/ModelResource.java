package io.bactrian.admin;

import io.bactrian.admin.ModelShapes.Model;
import io.bactrian.admin.ModelShapes.ModelChange;
import io.bactrian.admin.ModelShapes.ModelList;
import io.bactrian.core.access.Permission;
import io.bactrian.core.config.PageOf;
import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.manage.ModelSettingsManager;
import io.bactrian.core.provider.ModelType;
import io.bactrian.core.provider.ProviderId;
import java.util.List;
import java.util.Optional;

/** Models over HTTP. Their names hold slashes and colons; in a path, a slash is written {@code %2F}. */
final class ModelResource {

    static final String ALL = ProviderResource.ONE + "/models";
    static final String ONE = ALL + "/{type}/{model}";

    private final ModelSettingsManager manager;

    ModelResource(ModelSettingsManager manager) {
        this.manager = manager;
    }

    List<Operation> operations() {
        return List.of(
                Operation.list(
                                "listModels",
                                ALL,
                                "Lists the models of a provider, and whether a tenant can call them.",
                                Permission.PROVIDER_VIEW,
                                ModelList.class,
                                this::list)
                        .paged(),
                Operation.read("getModel", ONE, "Shows a model.", Permission.PROVIDER_VIEW, Model.class, this::current),
                Operation.change(
                        Operation.Method.PATCH,
                        "updateModel",
                        ONE,
                        "Lets a tenant's callers use a model, or no longer.",
                        Permission.MODEL_MANAGE,
                        ModelChange.class,
                        Model.class,
                        this::current,
                        this::update),
                Operation.remove(
                        "removeModel",
                        ONE,
                        "Removes a tenant's own configuration of a model, its credentials too.",
                        Permission.MODEL_MANAGE,
                        this::current,
                        this::remove));
    }

    static ModelType type(AdminRequest request) {
        return Inputs.variable(request, "type", Inputs::type);
    }

    private Reply list(AdminRequest request) {
        ProviderId provider = Inputs.provider(request);
        PageOf<Model> page =
                Paging.ofListed(all(request, provider), model -> model.type() + "/" + model.model(), request.page());
        return Reply.of(new ModelList(page.items(), AdminRequest.cursor(page.next())));
    }

    private List<Model> all(AdminRequest request, ProviderId provider) {
        try {
            return manager.list(request.actor(), request.tenant(), provider).stream()
                    .map(settings -> Model.of(provider, settings))
                    .toList();
        } catch (BadRequestException e) {
            throw e.code() == ErrorCode.PROVIDER_NOT_FOUND ? Problems.notFound() : e;
        }
    }

    private Optional<Model> current(AdminRequest request) {
        ModelType type = type(request);
        String name = request.variable("model");
        ProviderId provider = Inputs.provider(request);
        try {
            return manager.find(request.actor(), request.tenant(), provider, name, type)
                    .map(settings -> Model.of(provider, settings));
        } catch (BadRequestException e) {
            throw e.code() == ErrorCode.PROVIDER_NOT_FOUND ? Problems.notFound() : e;
        }
    }

    private Reply update(AdminRequest request) {
        boolean enabled = request.body(ModelChange.class).enabled();
        manager.enable(
                request.actor(),
                request.tenant(),
                Inputs.provider(request),
                request.variable("model"),
                type(request),
                enabled);
        return Reply.of(current(request).orElseThrow(Problems::notFound));
    }

    private Reply remove(AdminRequest request) {
        manager.remove(
                request.actor(), request.tenant(), Inputs.provider(request), request.variable("model"), type(request));
        return Reply.done();
    }
}
