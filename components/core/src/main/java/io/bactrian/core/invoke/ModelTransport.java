package io.bactrian.core.invoke;

import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.InvokeTimeoutException;
import io.bactrian.core.model.LlmRequest;
import io.bactrian.core.model.LlmResult;
import io.bactrian.core.model.ModelCall;
import io.bactrian.core.model.ModelDialect;
import io.bactrian.core.model.ModelRequest;
import io.bactrian.core.model.Price;
import io.bactrian.core.model.TextEmbeddingRequest;
import io.bactrian.core.model.TextEmbeddingResult;
import io.bactrian.core.model.TokenUsage;
import io.bactrian.core.provider.AIModelEntity;
import io.bactrian.core.provider.ProviderEntity;
import io.bactrian.core.tenant.Caller;
import org.jspecify.annotations.Nullable;

/** Makes one attempt at a model: hands the call and the chosen candidate to its provider's dialect. */
final class ModelTransport {

    private final Dialects dialects;

    ModelTransport(Dialects dialects) {
        this.dialects = dialects;
    }

    InvocationReply send(Invocation invocation) {
        Caller caller = invocation.caller();
        if (caller.deadline().expired()) {
            throw new InvokeTimeoutException(
                    ErrorCode.DEADLINE_EXCEEDED, "the call's time was up before the model was asked");
        }
        Resolution resolution = invocation.resolution();
        Candidate candidate = resolution.candidate(invocation.candidate());
        ProviderEntity provider = resolution.provider().orElseThrow();
        AIModelEntity model = resolution.model().orElseThrow();
        ModelCall call = new ModelCall(
                provider, model, candidate.wireModel, candidate.credentials, caller.requestId(), caller.deadline());
        ModelDialect dialect = dialects.named(provider.dialect());
        invocation.trace().attempt();
        if (invocation.request() instanceof ModelRequest request) {
            checkType(request, resolution.modelTarget());
            return ask(dialect, call, request);
        }
        throw new IllegalStateException("a model is asked a ModelRequest");
    }

    private static void checkType(ModelRequest request, InvocationTarget.Model target) {
        if (request.type() != target.type()) {
            throw new BadRequestException(
                    ErrorCode.MODEL_TYPE_UNSUPPORTED,
                    "a request of type " + request.type() + " was sent to " + target + ": set the option type=");
        }
    }

    private static InvocationReply ask(ModelDialect dialect, ModelCall call, ModelRequest request) {
        if (request instanceof LlmRequest llm) {
            return llm.stream() ? dialect.streamLlm(call, llm) : priced(call, dialect.invokeLlm(call, llm));
        }
        if (request instanceof TextEmbeddingRequest embedding) {
            return priced(call, dialect.invokeTextEmbedding(call, embedding));
        }
        throw new IllegalStateException(
                "unknown kind of request: " + request.getClass().getName());
    }

    private static LlmResult priced(ModelCall call, LlmResult result) {
        return result.withPrice(price(call, result.usage()));
    }

    private static TextEmbeddingResult priced(ModelCall call, TextEmbeddingResult result) {
        return result.withPrice(price(call, result.usage()));
    }

    private static @Nullable Price price(ModelCall call, @Nullable TokenUsage usage) {
        return usage == null || call.model().pricing() == null
                ? null
                : Price.of(usage, call.model().pricing());
    }
}
