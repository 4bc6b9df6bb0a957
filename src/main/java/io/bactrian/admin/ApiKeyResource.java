package io.bactrian.admin;

import io.bactrian.admin.ApiKeyShapes.ApiKey;
import io.bactrian.admin.ApiKeyShapes.ApiKeyList;
import io.bactrian.admin.ApiKeyShapes.IssuedKey;
import io.bactrian.admin.ApiKeyShapes.NewKey;
import io.bactrian.core.access.Permission;
import io.bactrian.core.access.Scopes;
import io.bactrian.core.config.ApiKeyRecord;
import io.bactrian.core.config.PageOf;
import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.manage.ApiKeyManager;
import io.bactrian.core.manage.IssuedApiKey;
import io.bactrian.core.manage.NewApiKey;
import io.bactrian.core.tenant.AppId;
import io.bactrian.core.tenant.UserId;
import java.util.List;
import java.util.Optional;

/** API keys over HTTP: editors have their own, owners and admins all. A key is shown once, when it is made. */
final class ApiKeyResource {

    private static final String ALL = TenantResource.ONE + "/api-keys";
    private static final String ONE = ALL + "/{key}";

    private final ApiKeyManager manager;

    ApiKeyResource(ApiKeyManager manager) {
        this.manager = manager;
    }

    List<Operation> operations() {
        return List.of(
                Operation.list(
                                "listApiKeys",
                                ALL,
                                "Lists the API keys of a tenant, or one's own.",
                                Permission.APIKEY_VIEW,
                                ApiKeyList.class,
                                this::list)
                        .paged(),
                Operation.create(
                        "createApiKey",
                        ALL,
                        "Makes an API key, for no more than one may do oneself. The key is shown this one time.",
                        Permission.APIKEY_OWN,
                        NewKey.class,
                        IssuedKey.class,
                        this::create),
                Operation.read(
                        "getApiKey", ONE, "Shows an API key.", Permission.APIKEY_VIEW, ApiKey.class, this::current),
                Operation.remove(
                        "revokeApiKey",
                        ONE,
                        "Withdraws an API key at once; it stays on the list.",
                        Permission.APIKEY_OWN,
                        this::current,
                        this::revoke));
    }

    private Reply list(AdminRequest request) {
        PageOf<ApiKeyRecord> page = manager.list(request.actor(), request.tenant(), request.page());
        return Reply.of(
                new ApiKeyList(page.items().stream().map(ApiKey::of).toList(), AdminRequest.cursor(page.next())));
    }

    private Optional<ApiKey> current(AdminRequest request) {
        try {
            return Optional.of(ApiKey.of(manager.get(request.actor(), request.tenant(), request.variable("key"))));
        } catch (BadRequestException e) {
            if (e.code() == ErrorCode.INVALID_PARAM) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private Reply create(AdminRequest request) {
        NewKey given = request.body(NewKey.class);
        NewApiKey wanted = new NewApiKey(
                given.name(),
                given.user() == null ? null : Inputs.field("user", given.user(), UserId::new),
                given.app() == null ? null : Inputs.field("app", given.app(), AppId::new),
                given.role() == null ? null : Inputs.field("role", given.role(), Inputs::role),
                scopes(given),
                given.expiresAt());
        IssuedApiKey issued = manager.issue(request.actor(), request.tenant(), wanted);
        return Reply.created(
                Paths.of(ALL, request.tenant(), issued.record().id()),
                new IssuedKey(ApiKey.of(issued.record()), issued.key().reveal()));
    }

    private static Scopes scopes(NewKey given) {
        List<String> texts = given.scopes();
        if (texts == null) {
            return Scopes.CALLS;
        }
        try {
            return Scopes.of(texts);
        } catch (IllegalArgumentException e) {
            throw Problems.invalid("the field 'scopes': " + e.getMessage());
        }
    }

    private Reply revoke(AdminRequest request) {
        manager.revoke(request.actor(), request.tenant(), request.variable("key"));
        return Reply.done();
    }
}
