package io.bactrian.model;

import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.invoke.Invocation;
import io.bactrian.core.invoke.InvocationReply;
import io.bactrian.core.model.LlmResult;
import io.bactrian.core.model.ModelRequest;
import io.bactrian.core.model.ModelStream;
import io.bactrian.core.provider.ModelType;
import io.bactrian.support.ExchangeCaller;
import io.bactrian.support.StreamLeases;
import io.bactrian.support.TrafficHealthCheck;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckHelper;
import org.apache.camel.health.WritableHealthCheckRepository;
import org.apache.camel.support.DefaultProducer;
import org.apache.camel.support.HealthCheckComponent;
import org.jspecify.annotations.Nullable;

/** Sends what is on a message to a model and puts the answer on the body. Keeps nothing of a message. */
final class ModelProducer extends DefaultProducer {

    private final ModelEndpoint endpoint;
    private @Nullable HealthCheck healthCheck;
    private @Nullable WritableHealthCheckRepository healthChecks;

    ModelProducer(ModelEndpoint endpoint) {
        super(endpoint);
        this.endpoint = endpoint;
    }

    @Override
    public void process(Exchange exchange) {
        ModelSettings settings = endpoint.settings();
        Message message = exchange.getMessage();
        ModelAddress address = address(exchange, settings);
        ModelRequest request = settings.type() == ModelType.TEXT_EMBEDDING
                ? EmbeddingBody.request(message, settings)
                : LlmBody.request(message, settings);
        Invocation call = endpoint.engine()
                .modelManager()
                .instance(
                        ExchangeCaller.claim(exchange, settings.tenant(), settings.timeout()),
                        address.target(settings.type(), settings.credential()))
                .invocation(request);
        AnswerHeaders.clear(message);
        InvocationReply reply = invoke(call, message);
        AnswerHeaders.answer(message, reply);
        message.setBody(body(reply, exchange, address, settings));
    }

    private InvocationReply invoke(Invocation call, Message message) {
        try {
            InvocationReply reply = endpoint.engine().modelManager().chain().invoke(call);
            endpoint.traffic().succeeded();
            return reply;
        } catch (RuntimeException e) {
            endpoint.traffic().failed(e);
            throw e;
        } finally {
            AnswerHeaders.call(message, call);
        }
    }

    private static ModelAddress address(Exchange exchange, ModelSettings settings) {
        Object dynamic = exchange.removeProperty(ModelSendDynamicAware.ADDRESS);
        ModelAddress address = settings.address();
        if (address == null) {
            if (!(dynamic instanceof ModelAddress named)) {
                throw new BadRequestException(
                        ErrorCode.INVALID_PARAM, "model:* takes the model from toD or enrich: name one instead of *");
            }
            address = named;
        }
        String wanted = settings.overrides().modelName(exchange.getMessage());
        return wanted == null ? address : address.withModel(wanted);
    }

    private Object body(InvocationReply reply, Exchange exchange, ModelAddress address, ModelSettings settings) {
        if (reply instanceof ModelStream stream) {
            return StreamLeases.of(exchange.getContext()).lease(stream, exchange, address.toString());
        }
        if (reply instanceof LlmResult result && settings.outputClass() != null) {
            return StructuredAnswer.read(result, settings.outputClass());
        }
        return reply;
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        boolean wanted = endpoint.getComponent() instanceof HealthCheckComponent component
                && component.isHealthCheckProducerEnabled();
        healthChecks = HealthCheckHelper.getHealthCheckRepository(
                endpoint.getCamelContext(), "producers", WritableHealthCheckRepository.class);
        if (healthChecks == null) {
            return;
        }
        healthCheck = new TrafficHealthCheck(
                "model",
                "producer:model:" + endpoint.address() + "-" + Integer.toHexString(endpoint.hashCode()),
                endpoint.traffic(),
                endpoint.engine().clock(),
                Map.of(
                        "model",
                        endpoint.address(),
                        "type",
                        endpoint.settings().type().text()));
        healthCheck.setEnabled(wanted);
        healthChecks.addHealthCheck(healthCheck);
    }

    @Override
    protected void doStop() throws Exception {
        if (healthChecks != null && healthCheck != null) {
            healthChecks.removeHealthCheck(healthCheck);
            healthCheck = null;
        }
        super.doStop();
    }
}
