package io.bactrian.core.balance;

import io.bactrian.core.error.ErrorCode;
import org.jspecify.annotations.Nullable;

/** One credential of one model, with what is known of both. Shared by all calls, and by the pools of one after another configuration. */
final class Slot {

    final CooldownKey credentialKey;
    final CooldownKey deploymentKey;
    final Health credential;
    final Health deployment;
    final Load load;
    final FailureWindow window;
    private volatile @Nullable ErrorCode lastError;

    Slot(CooldownKey credentialKey, CooldownKey deploymentKey, Health credential, Health deployment) {
        this.credentialKey = credentialKey;
        this.deploymentKey = deploymentKey;
        this.credential = credential;
        this.deployment = deployment;
        this.load = new Load();
        this.window = new FailureWindow();
    }

    void lastError(ErrorCode code) {
        lastError = code;
    }

    @Nullable
    ErrorCode lastError() {
        return lastError;
    }

    /** When it can be tried; the past if now. */
    long until(long now) {
        long one = credential.until(now);
        long other = deployment.until(now);
        return one - other > 0 ? one : other;
    }
}
