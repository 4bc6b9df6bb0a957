package io.bactrian.core.model;

import io.bactrian.core.credential.Credentials;
import io.bactrian.core.provider.AIModelEntity;
import io.bactrian.core.provider.ProviderEntity;
import io.bactrian.core.tenant.Deadline;
import io.bactrian.core.tenant.RequestId;

/** One attempt to call one model with one credential, as a dialect gets it. A class: records print their fields. */
public final class ModelCall {

    private final ProviderEntity provider;
    private final AIModelEntity model;
    private final String wireModel;
    private final Credentials credentials;
    private final RequestId requestId;
    private final Deadline deadline;

    /**
     * @param provider the provider's declaration
     * @param model the model's declaration
     * @param wireModel the name to send, which a hosted entry may have mapped to another
     * @param credentials what opens it
     * @param requestId the id of the call
     * @param deadline when the call must be over
     */
    public ModelCall(
            ProviderEntity provider,
            AIModelEntity model,
            String wireModel,
            Credentials credentials,
            RequestId requestId,
            Deadline deadline) {
        this.provider = provider;
        this.model = model;
        this.wireModel = wireModel;
        this.credentials = credentials;
        this.requestId = requestId;
        this.deadline = deadline;
    }

    /** The provider's declaration. */
    public ProviderEntity provider() {
        return provider;
    }

    /** The model's declaration. */
    public AIModelEntity model() {
        return model;
    }

    /** The name to send. */
    public String wireModel() {
        return wireModel;
    }

    /** What opens it. */
    public Credentials credentials() {
        return credentials;
    }

    /** The id of the call. */
    public RequestId requestId() {
        return requestId;
    }

    /** When the call must be over. */
    public Deadline deadline() {
        return deadline;
    }

    @Override
    public String toString() {
        return "ModelCall[" + provider.provider() + "/" + wireModel + ", " + requestId + "]";
    }
}
