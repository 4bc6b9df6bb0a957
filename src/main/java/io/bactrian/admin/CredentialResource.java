package io.bactrian.admin;

import io.bactrian.admin.CredentialShapes.Credential;
import io.bactrian.admin.CredentialShapes.CredentialChange;
import io.bactrian.admin.CredentialShapes.CredentialList;
import io.bactrian.admin.CredentialShapes.NewCredential;
import io.bactrian.admin.CredentialShapes.Rotation;
import io.bactrian.admin.CredentialShapes.Sharing;
import io.bactrian.admin.CredentialShapes.Values;
import io.bactrian.core.access.Permission;
import io.bactrian.core.config.CredentialScope;
import io.bactrian.core.config.PageOf;
import io.bactrian.core.credential.CredentialId;
import io.bactrian.core.credential.CredentialName;
import io.bactrian.core.credential.CredentialValue;
import io.bactrian.core.credential.Credentials;
import io.bactrian.core.manage.CredentialManager;
import io.bactrian.core.manage.CredentialSharing;
import io.bactrian.core.manage.CredentialView;
import io.bactrian.core.provider.ModelType;
import io.bactrian.core.tenant.Deadline;
import io.bactrian.core.tenant.UserId;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Credentials over HTTP: of providers, or of single models. */
final class CredentialResource {

    /** For how long a provider is asked. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final String CREDENTIALS = "/credentials";

    private final CredentialManager manager;
    private final String base;
    private final String kind;
    private final Function<AdminRequest, CredentialScope> scope;

    private CredentialResource(
            CredentialManager manager, String base, String kind, Function<AdminRequest, CredentialScope> scope) {
        this.manager = manager;
        this.base = base;
        this.kind = kind;
        this.scope = scope;
    }

    /** Those of providers. */
    static CredentialResource ofProviders(CredentialManager manager) {
        return new CredentialResource(
                manager,
                ProviderResource.ONE,
                "Credential",
                request -> new CredentialScope.OfProvider(Inputs.provider(request)));
    }

    /** Those of single models. */
    static CredentialResource ofModels(CredentialManager manager) {
        return new CredentialResource(
                manager,
                ModelResource.ONE,
                "ModelCredential",
                request -> new CredentialScope.OfModel(
                        Inputs.provider(request), request.variable("model"), ModelResource.type(request)));
    }

    List<Operation> operations() {
        String all = base + CREDENTIALS;
        String one = all + "/{credential}";
        String of = kind.equals("Credential") ? "a provider" : "a model";
        return List.of(
                Operation.list(
                                "list" + kind + "s",
                                all,
                                "Lists the credentials of " + of + ", their secrets hidden.",
                                Permission.CREDENTIAL_VIEW,
                                CredentialList.class,
                                this::list)
                        .paged(),
                Operation.create(
                        "create" + kind,
                        all,
                        "Adds a credential of " + of + "; the first one is in force at once.",
                        Permission.CREDENTIAL_CREATE,
                        NewCredential.class,
                        Credential.class,
                        this::create),
                Operation.act(
                        "validateNew" + kind,
                        all + "/validate",
                        "Asks the provider whether values would open it; nothing is kept.",
                        Permission.CREDENTIAL_VALIDATE,
                        Values.class,
                        null,
                        this::validateNew),
                Operation.read(
                        "get" + kind,
                        one,
                        "Shows a credential, its secrets hidden.",
                        Permission.CREDENTIAL_VIEW,
                        Credential.class,
                        this::current),
                Operation.change(
                        Operation.Method.PATCH,
                        "update" + kind,
                        one,
                        "Replaces the values of a credential, and its name.",
                        Permission.CREDENTIAL_MANAGE,
                        CredentialChange.class,
                        Credential.class,
                        this::current,
                        this::update),
                Operation.remove(
                        "remove" + kind,
                        one,
                        "Removes a credential; if it was in force, none is then.",
                        Permission.CREDENTIAL_MANAGE,
                        this::current,
                        this::remove),
                Operation.act(
                                "activate" + kind,
                                one + "/activate",
                                "Puts a credential in force.",
                                Permission.CREDENTIAL_USE,
                                null,
                                Credential.class,
                                this::activate)
                        .on(this::current),
                Operation.act(
                                "rotate" + kind,
                                one + "/rotate",
                                "Replaces the values of a credential; those before stay valid for a while.",
                                Permission.CREDENTIAL_MANAGE,
                                Rotation.class,
                                Credential.class,
                                this::rotate)
                        .on(this::current),
                Operation.act(
                                "share" + kind,
                                one + "/share",
                                "Says whose calls may use a credential.",
                                Permission.CREDENTIAL_MANAGE,
                                Sharing.class,
                                Credential.class,
                                this::share)
                        .on(this::current),
                Operation.act(
                        "validate" + kind,
                        one + "/validate",
                        "Asks the provider whether a credential opens it.",
                        Permission.CREDENTIAL_VALIDATE,
                        null,
                        null,
                        this::validate));
    }

    private static CredentialId id(AdminRequest request) {
        return Inputs.variable(request, "credential", CredentialId::new);
    }

    private Reply list(AdminRequest request) {
        PageOf<CredentialView> page = Paging.ofListed(
                manager.list(request.actor(), request.tenant(), scope.apply(request)),
                view -> view.id().value(),
                request.page());
        return Reply.of(new CredentialList(
                page.items().stream().map(Credential::of).toList(), AdminRequest.cursor(page.next())));
    }

    private Optional<Credential> current(AdminRequest request) {
        return find(request, id(request));
    }

    private Optional<Credential> find(AdminRequest request, CredentialId id) {
        return manager.list(request.actor(), request.tenant(), scope.apply(request)).stream()
                .filter(view -> view.id().equals(id))
                .findFirst()
                .map(Credential::of);
    }

    private Reply shown(AdminRequest request) {
        return Reply.of(current(request).orElseThrow(Problems::notFound));
    }

    private Reply create(AdminRequest request) {
        NewCredential given = request.body(NewCredential.class);
        CredentialScope wanted = scope.apply(request);
        CredentialName name = name(given.name());
        Credentials values = values(given.values());
        CredentialSharing sharing = sharing(given.visibility(), given.users());
        if (Boolean.TRUE.equals(given.validate())) {
            manager.validate(request.actor(), request.tenant(), wanted, values, Deadline.in(PATIENCE));
        }
        CredentialId id = manager.add(request.actor(), request.tenant(), wanted, name, values, sharing);
        return Reply.created(
                location(request, wanted) + "/" + id, find(request, id).orElseThrow(Problems::notFound));
    }

    private static String location(AdminRequest request, CredentialScope scope) {
        String path = Paths.of(
                ProviderResource.ALL, request.tenant(), scope.provider().value());
        if (scope instanceof CredentialScope.OfModel model) {
            ModelType type = model.type();
            path += "/models/" + type + "/" + Paths.encode(model.model());
        }
        return path + CREDENTIALS;
    }

    private Reply update(AdminRequest request) {
        CredentialChange change = request.body(CredentialChange.class);
        long expected =
                request.matched(Credential.class).map(Credential::version).orElse(CredentialManager.ANY_VERSION);
        manager.update(
                request.actor(),
                request.tenant(),
                scope.apply(request),
                id(request),
                name(change.name()),
                values(change.values()),
                expected);
        return shown(request);
    }

    private Reply rotate(AdminRequest request) {
        Rotation rotation = request.body(Rotation.class);
        Duration grace = Duration.ofSeconds(Objects.requireNonNullElse(rotation.graceSeconds(), 0L));
        manager.rotate(
                request.actor(), request.tenant(), scope.apply(request), id(request), values(rotation.values()), grace);
        return shown(request);
    }

    private Reply activate(AdminRequest request) {
        manager.activate(request.actor(), request.tenant(), scope.apply(request), id(request));
        return shown(request);
    }

    private Reply share(AdminRequest request) {
        Sharing given = request.body(Sharing.class);
        manager.share(
                request.actor(),
                request.tenant(),
                scope.apply(request),
                id(request),
                sharing(given.visibility(), given.users()));
        return shown(request);
    }

    private static CredentialSharing sharing(@Nullable String visibility, @Nullable List<String> users) {
        return CredentialSharing.of(
                visibility,
                Objects.requireNonNullElse(users, List.<String>of()).stream()
                        .map(user -> Inputs.field("users", user, UserId::new))
                        .toList());
    }

    private Reply remove(AdminRequest request) {
        manager.remove(request.actor(), request.tenant(), scope.apply(request), id(request));
        return Reply.done();
    }

    private Reply validateNew(AdminRequest request) {
        Values given = request.body(Values.class);
        manager.validate(
                request.actor(), request.tenant(), scope.apply(request), values(given.values()), Deadline.in(PATIENCE));
        return Reply.done();
    }

    private Reply validate(AdminRequest request) {
        if (current(request).isEmpty()) {
            throw Problems.notFound();
        }
        manager.validateStored(
                request.actor(), request.tenant(), scope.apply(request), id(request), Deadline.in(PATIENCE));
        return Reply.done();
    }

    private static @Nullable CredentialName name(@Nullable String given) {
        return given == null ? null : Inputs.field("name", given, CredentialName::new);
    }

    /** Which of them are secret the form decides; the mask has to be told from a secret, and is no secret. */
    private static Credentials values(Map<String, String> given) {
        Map<String, CredentialValue> values = new LinkedHashMap<>();
        given.forEach((name, text) -> values.put(name, new CredentialValue.Text(text)));
        return Credentials.of(values);
    }
}
