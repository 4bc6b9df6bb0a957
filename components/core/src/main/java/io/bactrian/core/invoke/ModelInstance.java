package io.bactrian.core.invoke;

import io.bactrian.core.model.LlmRequest;
import io.bactrian.core.model.LlmResult;
import io.bactrian.core.model.ModelRequest;
import io.bactrian.core.model.ModelStream;
import io.bactrian.core.model.TextEmbeddingRequest;
import io.bactrian.core.model.TextEmbeddingResult;
import io.bactrian.core.tenant.CallerClaim;

/** One model, ready to be called on somebody's behalf. Each call passes the whole chain. */
public final class ModelInstance {

    private final InvocationChain chain;
    private final CallerClaim claim;
    private final InvocationTarget target;

    ModelInstance(InvocationChain chain, CallerClaim claim, InvocationTarget target) {
        this.chain = chain;
        this.claim = claim;
        this.target = target;
    }

    /** Asks a language model and waits for the whole answer. */
    public LlmResult invokeLlm(LlmRequest request) {
        return (LlmResult) invoke(Invocation.of(claim, target, request.streaming(false)));
    }

    /** Asks a language model for an answer piece by piece; whoever gets it closes it. */
    public ModelStream streamLlm(LlmRequest request) {
        return (ModelStream) invoke(Invocation.of(claim, target, request.streaming(true)));
    }

    /** Turns texts into vectors. */
    public TextEmbeddingResult invokeTextEmbedding(TextEmbeddingRequest request) {
        return (TextEmbeddingResult) invoke(Invocation.of(claim, target, request));
    }

    /** The call of a request, for those who need its trace; to be sent with {@link #invoke}. */
    public Invocation invocation(ModelRequest request) {
        return Invocation.of(claim, target, request);
    }

    /**
     * Sends a call through the chain.
     *
     * @return {@link LlmResult}, {@link ModelStream} or {@link TextEmbeddingResult}, after the request
     */
    public InvocationReply invoke(Invocation invocation) {
        return chain.invoke(invocation);
    }
}
