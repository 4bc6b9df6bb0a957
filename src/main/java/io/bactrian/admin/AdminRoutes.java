package io.bactrian.admin;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.model.rest.RestBindingMode;
import org.apache.camel.model.rest.RestDefinition;
import org.apache.camel.model.rest.RestParamType;

/** The routes of the administration in Camel's Rest DSL: one for each operation, all to the dispatcher. */
final class AdminRoutes extends RouteBuilder {

    /** Where the paths of the administration begin. */
    static final String ROOT = "/admin";

    private static final String BEAN = "bactrianAdministration";
    private static final String SECURITY = "key";
    private static final String JSON = "application/json";
    private static final Map<String, String> VARIABLES = Map.of(
            "tenant", "The tenant.",
            "user", "The member.",
            "key", "The id of the API key.",
            "provider", "The provider.",
            "credential", "The id of the credential.",
            "type", "What the model does: llm, text-embedding, rerank, speech2text, moderation or tts.",
            "model", "The model's name; a slash in it is written %2F.",
            "approval", "The id of the approval.",
            "rule", "The name of the budget or limit.");

    private final Map<String, Operations> byTag;
    private final AdminDispatcher dispatcher;

    /**
     * @param byTag the operations, by what they are about
     * @param dispatcher does them
     */
    AdminRoutes(Map<String, Operations> byTag, AdminDispatcher dispatcher) {
        this.byTag = new LinkedHashMap<>(byTag);
        this.dispatcher = dispatcher;
    }

    @Override
    public void configure() {
        bindToRegistry(BEAN, dispatcher);
        byTag.forEach((tag, operations) -> {
            RestDefinition rest = rest(ROOT).tag(tag).bindingMode(RestBindingMode.off);
            rest.securityDefinitions()
                    .bearerToken(
                            SECURITY,
                            "An API key with the scope admin:read or admin:write, or the operator's token.",
                            null)
                    .end();
            operations.all().forEach(operation -> define(rest, operation));
        });
    }

    private static void define(RestDefinition rest, Operation operation) {
        String path = operation.path().substring(ROOT.length());
        switch (operation.method()) {
            case GET -> rest.get(path);
            case POST -> rest.post(path);
            case PUT -> rest.put(path);
            case PATCH -> rest.patch(path);
            case DELETE -> rest.delete(path);
        }
        rest.id(operation.id())
                .routeId(Operations.route(operation))
                .description(operation.summary() + " Needs " + operation.permission() + ".")
                .produces(JSON)
                .security(SECURITY);
        parameters(rest, operation);
        body(rest, operation);
        answers(rest, operation);
        rest.to("bean:" + BEAN);
    }

    private static void parameters(RestDefinition rest, Operation operation) {
        for (String name : operation.variables()) {
            rest.param()
                    .name(name)
                    .type(RestParamType.path)
                    .dataType("string")
                    .required(true)
                    .description(VARIABLES.getOrDefault(name, name))
                    .endParam();
        }
        for (Parameter parameter : operation.parameters()) {
            var described = rest.param()
                    .name(parameter.name())
                    .type(RestParamType.query)
                    .dataType(parameter.type())
                    .required(false)
                    .description(parameter.description());
            if (!parameter.allowed().isEmpty()) {
                described.allowableValues(parameter.allowed());
            }
            if (parameter.usual() != null) {
                described.defaultValue(parameter.usual());
            }
            described.endParam();
        }
        if (operation.current() != null) {
            condition(rest, "If-None-Match", "Not if what is there has one of these tags, or * for any.");
            condition(rest, "If-Match", "Only if what is there has one of these tags, or * for any.");
        }
    }

    private static void condition(RestDefinition rest, String name, String description) {
        rest.param()
                .name(name)
                .type(RestParamType.header)
                .dataType("string")
                .required(false)
                .description(description)
                .endParam();
    }

    private static void body(RestDefinition rest, Operation operation) {
        Class<?> takes = operation.takes();
        if (takes != null) {
            rest.consumes(JSON)
                    .type(takes)
                    .param()
                    .name("body")
                    .type(RestParamType.body)
                    .required(true)
                    .description("At most 64 KiB.")
                    .endParam();
        }
    }

    private static void answers(RestDefinition rest, Operation operation) {
        var done = rest.responseMessage().code(operation.status());
        if (operation.gives() == null) {
            done.message("It is done.");
        } else {
            done.message(operation.status() == 201 ? "It is there." : "Here it is.");
            // by the name that class loaders know it by, which for a nested one is not what responseModel(Class) takes
            done.setResponseModel(operation.gives().getName());
        }
        if (operation.current() != null && operation.gives() != null) {
            done.header("ETag")
                    .description("The tag of what is there now.")
                    .dataType("string")
                    .endHeader();
        }
        if (operation.status() == 201) {
            done.header("Location")
                    .description("Where it is.")
                    .dataType("string")
                    .endHeader();
        }
        done.endResponseMessage();
        if (operation.current() != null && !operation.writes()) {
            rest.responseMessage()
                    .code(304)
                    .message("It is what If-None-Match names.")
                    .endResponseMessage();
        }
        errors(operation).forEach((status, message) -> {
            var error = rest.responseMessage().code(status).message(message);
            error.setResponseModel(ErrorShapes.ErrorBody.class.getName());
            error.endResponseMessage();
        });
    }

    private static Map<Integer, String> errors(Operation operation) {
        Map<Integer, String> errors = new LinkedHashMap<>();
        errors.put(400, "Something that was given is wrong; the message names it.");
        errors.put(401, "No key that is in force.");
        errors.put(403, "The key may not do this; the message says what it takes.");
        if (!operation.variables().isEmpty()) {
            errors.put(404, "There is nothing at this path, or it is another tenant's.");
        }
        if (operation.current() != null) {
            errors.put(412, "The condition does not hold.");
        }
        if (operation.takes() != null) {
            errors.put(413, "The body is larger than 64 KiB.");
            errors.put(415, "The body is not application/json.");
        }
        errors.put(429, "Too many wrong keys came from this address.");
        errors.put(503, "The database or a worker is not to be had now.");
        return errors;
    }

    /** The paths of the administration among those that a Camel context has in its Rest DSL. */
    static List<RestDefinition> among(List<RestDefinition> all) {
        return all.stream().filter(rest -> ROOT.equals(rest.getPath())).toList();
    }
}
