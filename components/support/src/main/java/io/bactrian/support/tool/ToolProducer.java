package io.bactrian.support.tool;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.MisconfiguredException;
import io.bactrian.core.invoke.Invocation;
import io.bactrian.core.json.JsonObject;
import io.bactrian.core.tenant.CallerClaim;
import io.bactrian.core.tool.Tool;
import io.bactrian.core.tool.ToolApproval;
import io.bactrian.core.tool.ToolCallback;
import io.bactrian.core.tool.ToolDependents;
import io.bactrian.core.tool.ToolEngine;
import io.bactrian.core.tool.ToolInvokeFrom;
import io.bactrian.core.tool.ToolParameter;
import io.bactrian.core.tool.ToolParameterType;
import io.bactrian.core.tool.ToolRequest;
import io.bactrian.core.tool.ToolResult;
import io.bactrian.core.tool.ToolStream;
import io.bactrian.support.ExchangeCaller;
import io.bactrian.support.StreamLeases;
import java.util.function.Function;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.support.DefaultProducer;
import org.jspecify.annotations.Nullable;

/** Calls a tool with what is on a message and puts what comes of it on the body. Keeps nothing of a message. */
final class ToolProducer extends DefaultProducer {

    private final ToolEndpointSupport endpoint;
    private @Nullable ToolHealth health;
    private ToolDependents.@Nullable Registration dependence;

    ToolProducer(ToolEndpointSupport endpoint) {
        super(endpoint);
        this.endpoint = endpoint;
    }

    @Override
    public void process(Exchange exchange) {
        ToolSettings settings = endpoint.settings();
        Message message = exchange.getMessage();
        ToolReference reference = settings.reference();
        if (reference == null) {
            reference = endpoint.dynamicReference(exchange.removeProperty(ToolSendDynamicAwareSupport.REFERENCE));
        }
        ToolAnswerHeaders.clear(message);
        CallerClaim claim = ExchangeCaller.claim(exchange, settings.tenant(), settings.timeout());
        ToolLookup lookup = new ToolLookup(endpoint.engine(), claim, reference);
        checkFormValues(settings.formValues(), lookup);
        JsonObject arguments =
                new ToolArgumentsBody(endpoint.engine().json(), settings.formValues(), lookup).read(message);
        Invocation call = Invocation.of(
                claim,
                reference.target(settings.credential()),
                new ToolRequest(arguments, settings.formValues(), ToolInvokeFrom.WORKFLOW, ToolApproval.AUTO, null));
        message.setBody(settings.stream() ? stream(call, exchange, reference) : result(call, message));
    }

    private ToolResult result(Invocation call, Message message) {
        ToolResult result = invoke(call, message, engine -> engine.workflowInvoke(call, ToolCallback.NONE));
        ToolAnswerHeaders.answer(message, result);
        return result;
    }

    private ToolStream stream(Invocation call, Exchange exchange, ToolReference reference) {
        ToolStream stream =
                invoke(call, exchange.getMessage(), engine -> engine.genericInvoke(call, ToolCallback.NONE));
        return StreamLeases.of(exchange.getContext()).lease(stream, exchange, reference.toString());
    }

    private <T> T invoke(Invocation call, Message message, Function<ToolEngine, T> way) {
        try {
            T reply = way.apply(endpoint.engine().toolEngine());
            endpoint.traffic().succeeded();
            return reply;
        } catch (RuntimeException e) {
            endpoint.traffic().failed(e);
            throw e;
        } finally {
            ToolAnswerHeaders.call(message, call);
        }
    }

    /** A value for a parameter that the tool does not have would be lost without a word, and a secret stands in no URI. */
    private void checkFormValues(JsonObject formValues, ToolLookup lookup) {
        if (formValues.isEmpty()) {
            return;
        }
        // if there is no such tool, the call itself says so
        lookup.get().ifPresent(tool -> formValues.names().forEach(name -> checkFormValue(name, tool)));
    }

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
