package io.bactrian.admin;

import io.bactrian.admin.ModelShapes.DefaultModel;
import io.bactrian.admin.ModelShapes.DefaultModelChange;
import io.bactrian.admin.ModelShapes.DefaultModelList;
import io.bactrian.core.access.Permission;
import io.bactrian.core.config.ModelReference;
import io.bactrian.core.manage.ModelSettingsManager;
import io.bactrian.core.provider.ModelType;
import io.bactrian.core.provider.ProviderId;
import java.util.List;
import java.util.Optional;

/** Default models over HTTP. */
final class DefaultModelResource {

    private static final String ALL = TenantResource.ONE + "/default-models";
    private static final String ONE = ALL + "/{type}";

    private final ModelSettingsManager manager;

    DefaultModelResource(ModelSettingsManager manager) {
        this.manager = manager;
    }

    List<Operation> operations() {
        return List.of(
                Operation.list(
                        "listDefaultModels",
                        ALL,
                        "Lists the models that calls without a named model go to.",
                        Permission.PROVIDER_VIEW,
                        DefaultModelList.class,
                        this::list),
                Operation.read(
                        "getDefaultModel",
                        ONE,
                        "Shows the default model of a type.",
                        Permission.PROVIDER_VIEW,
                        DefaultModel.class,
                        this::current),
                Operation.change(
                        Operation.Method.PUT,
                        "setDefaultModel",
                        ONE,
                        "Sets the default model of a type.",
                        Permission.MODEL_MANAGE,
                        DefaultModelChange.class,
                        DefaultModel.class,
                        this::current,
                        this::set),
                Operation.remove(
                        "removeDefaultModel",
                        ONE,
                        "Has no default model of a type any more.",
                        Permission.MODEL_MANAGE,
                        this::current,
                        request -> {
                            manager.setDefault(request.actor(), request.tenant(), ModelResource.type(request), null);
                            return Reply.done();
                        }));
    }

    private Reply list(AdminRequest request) {
        return Reply.of(new DefaultModelList(manager.defaults(request.actor(), request.tenant()).entrySet().stream()
                .map(one -> DefaultModel.of(one.getKey(), one.getValue()))
                .toList()));
    }

    private Optional<DefaultModel> current(AdminRequest request) {
        ModelType type = ModelResource.type(request);
        return Optional.ofNullable(
                        manager.defaults(request.actor(), request.tenant()).get(type))
                .map(model -> DefaultModel.of(type, model));
    }

    private Reply set(AdminRequest request) {
        DefaultModelChange change = request.body(DefaultModelChange.class);
        ProviderId provider = Inputs.field("provider", change.provider(), ProviderId::new);
        ModelReference model = new ModelReference(provider, change.model());
        ModelType type = ModelResource.type(request);
        manager.setDefault(request.actor(), request.tenant(), type, model);
        return Reply.of(DefaultModel.of(type, model));
    }
}
