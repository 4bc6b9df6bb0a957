package io.bactrian.core.invoke;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.RefusedException;
import io.bactrian.core.model.LlmRequest;
import io.bactrian.core.model.TextEmbeddingRequest;
import io.bactrian.core.tenant.Caller;
import io.bactrian.core.tool.ToolRequest;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds the credentials that may pay, leaves out those that a policy forbids, and checks the request by the model's rules. */
final class CredentialInterceptor implements Interceptor {

    private static final Logger LOG = LoggerFactory.getLogger(CredentialInterceptor.class);

    private final CredentialResolver resolver;
    private final @Nullable ToolCredentialResolver toolResolver;
    private final List<CredentialPolicy> policies;

    CredentialInterceptor(
            CredentialResolver resolver,
            @Nullable ToolCredentialResolver toolResolver,
            List<CredentialPolicy> policies) {
        this.resolver = resolver;
        this.toolResolver = toolResolver;
        this.policies = List.copyOf(policies);
    }

    @Override
    public Phase phase() {
        return Phase.CREDENTIAL;
    }

    @Override
    public InvocationReply intercept(Invocation invocation, Next next) {
        Resolution found = resolve(invocation);
        invocation.trace().resolved(found);
        Resolution allowed = allowed(found, invocation.caller());
        checkParameters(allowed, invocation.request());
        return next.proceed(invocation.withResolution(allowed));
    }

    private Resolution resolve(Invocation invocation) {
        if (toolResolver != null
                && invocation.target() instanceof InvocationTarget.Tool tool
                && invocation.request() instanceof ToolRequest request
                && request.resolved() != null) {
            return toolResolver.resolve(
                    invocation.caller(), tool, request.resolved().provider());
        }
        return resolve(invocation.caller(), invocation.target());
    }

    /** How the credentials of a call are found now, policies not yet asked. */
    Resolution resolve(Caller caller, InvocationTarget target) {
        if (target instanceof InvocationTarget.Model model) {
            return resolver.resolve(caller.tenant(), caller.user(), model);
        }
        if (target instanceof InvocationTarget.Tool tool && toolResolver != null) {
            return toolResolver.resolve(caller, tool);
        }
        throw new IllegalStateException("the tenant phase looks default models and named tools up, not " + target);
    }

    /** What is left of a resolution after the policies; thrown is why nothing is. */
    Resolution allowed(Resolution found, Caller caller) {
        found.refusal().ifPresent(refusal -> {
            throw refusal.toException();
        });
        return policies.isEmpty() ? found : checked(found, caller);
    }

    private static void checkParameters(Resolution resolution, InvocationRequest request) {
        resolution.model().ifPresent(model -> {
            if (request instanceof LlmRequest llm) {
                llm.parameters().check(model);
            } else if (request instanceof TextEmbeddingRequest embedding) {
                embedding.parameters().check(model);
            }
        });
    }

    private Resolution checked(Resolution found, Caller caller) {
        BitSet allowed = new BitSet(found.candidates().size());
        String reason = "";
        for (int i = 0; i < found.candidates().size(); i++) {
            Optional<String> violation = violationOf(caller, found.candidates().get(i));
            if (violation.isEmpty()) {
                allowed.set(i);
            } else {
                reason = violation.get();
            }
        }
        if (allowed.isEmpty()) {
            throw new RefusedException(
                    ErrorCode.CREDENTIAL_POLICY_VIOLATION, "no credential may be used for this call: " + reason);
        }
        return found.selection(allowed);
    }

    private Optional<String> violationOf(Caller caller, CredentialRef ref) {
        for (CredentialPolicy policy : policies) {
            try {
                Optional<String> violation = policy.violation(caller, ref);
                if (violation.isPresent()) {
                    return violation;
                }
            } catch (RuntimeException e) {
                // a check that cannot run refuses
                LOG.warn(
                        "credential policy {} failed, {} is not used",
                        policy.getClass().getName(),
                        ref,
                        e);
                return Optional.of("a credential policy could not be asked");
            }
        }
        return Optional.empty();
    }
}
