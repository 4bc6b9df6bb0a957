package io.bactrian.support.tool;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.MisconfiguredException;
import io.bactrian.core.invoke.Invocation;
import io.bactrian.core.json.JsonObject;
import io.bactrian.core.tenant.CallerClaim;
import io.bactrian.core.tool.Tool;
import io.bactrian.core.tool.ToolCallback;
import io.bactrian.core.tool.ToolDependents;
import io.bactrian.core.tool.ToolParameter;
import io.bactrian.core.tool.ToolParameterType;
import io.bactrian.core.tool.ToolRequest;
import io.bactrian.core.tool.ToolResult;
import io.bactrian.core.tool.ToolStream;
import io.bactrian.support.ExchangeCaller;
import io.bactrian.support.StreamLeases;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.support.DefaultAsyncProducer;
import org.jspecify.annotations.Nullable;

/** Calls a tool with what is on a message and puts what comes of it on the body. Keeps nothing of a message. */
final class ToolProducer extends DefaultAsyncProducer {

    private final ToolEndpointSupport endpoint;
    private @Nullable ToolHealth health;
    private ToolDependents.@Nullable Registration dependence;

    ToolProducer(ToolEndpointSupport endpoint) {
        super(endpoint);
        this.endpoint = endpoint;
    }

    @Override
    public boolean process(Exchange exchange, AsyncCallback callback) {
        try {
            call(exchange);
        } catch (RuntimeException | Error e) {
            exchange.setException(e);
        }
        callback.done(true);
        return true;
    }

    private void call(Exchange exchange) {
        ToolSettings settings = endpoint.settings();
        Message message = exchange.getMessage();
        ToolReference reference = settings.reference();
        if (reference == null) {
            reference = endpoint.dynamicReference(exchange.removeProperty(ToolSendDynamicAwareSupport.REFERENCE));
        }
        ToolAnswerHeaders.clear(message);
        CallerClaim claim = ExchangeCaller.claim(exchange, settings.tenant(), settings.timeout());
        JsonObject formValues = settings.formValues();
        // the chain finds the tool: a call that is refused before is not read, and told nothing of the tool
        Invocation call = Invocation.of(
                claim,
                reference.target(settings.credential()),
                ToolRequest.ofRoute(tool -> arguments(message, tool, formValues), formValues));
        message.setBody(settings.stream() ? stream(call, exchange, reference) : result(call, message));
    }

    private JsonObject arguments(Message message, Tool tool, JsonObject formValues) {
        if (!formValues.isEmpty()) {
            formValues.names().forEach(name -> checkFormValue(name, tool));
        }
        return new ToolArgumentsBody(endpoint.engine().json(), formValues, tool).read(message);
    }

    private ToolResult result(Invocation call, Message message) {
        ToolResult result = null;
        try {
            result = endpoint.engine().toolEngine().workflowInvoke(call, ToolCallback.NONE);
            endpoint.traffic().succeeded();
            return result;
        } catch (RuntimeException e) {
            endpoint.traffic().failed(e);
            throw e;
        } finally {
            ToolAnswerHeaders.write(message, call, result);
        }
    }

    private ToolStream stream(Invocation call, Exchange exchange, ToolReference reference) {
        ToolStream stream;
        try {
            stream = endpoint.engine().toolEngine().genericInvoke(call, ToolCallback.NONE);
            endpoint.traffic().succeeded();
        } catch (RuntimeException e) {
            endpoint.traffic().failed(e);
            throw e;
        } finally {
            ToolAnswerHeaders.write(exchange.getMessage(), call, null);
        }
        return StreamLeases.of(exchange.getContext()).lease(stream, exchange, reference.toString());
    }

    /** A value for a parameter that the tool does not have would be lost without a word, and a secret stands in no URI. */
    private void checkFormValue(String name, Tool tool) {
        ToolParameter parameter = tool.entity()
                .parameter(name)
                .orElseThrow(() -> wrong(name, "the tool " + tool.address() + " has no such parameter"));
        if (parameter.type() == ToolParameterType.SECRET_INPUT) {
            throw wrong(name, "a secret is no option, since URIs are shown: put it on the body");
        }
    }

    private MisconfiguredException wrong(String parameter, String rule) {
        return new MisconfiguredException(
                ErrorCode.MISCONFIGURED,
                "the option " + ToolConfiguration.FORM_PREFIX + parameter + " of a " + endpoint.scheme()
                        + ": endpoint is wrong: " + rule);
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        health = ToolHealth.start(endpoint);
        if (endpoint.settings().reference() instanceof ToolReference.Named named) {
            dependence = endpoint.engine().toolManager().dependents().register(named.toString(), named.name());
        }
    }

    @Override
    protected void doStop() throws Exception {
        if (health != null) {
            health.stop();
            health = null;
        }
        if (dependence != null) {
            dependence.close();
            dependence = null;
        }
        super.doStop();
    }
}
