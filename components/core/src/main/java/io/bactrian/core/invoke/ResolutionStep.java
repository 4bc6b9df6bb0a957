package io.bactrian.core.invoke;

/**
 * One step of the priority chain and what came of it.
 *
 * @param source the step
 * @param outcome what came of it
 * @param reason why, in a sentence
 * @param lookedAt the row, property or file that decided
 */
public record ResolutionStep(CredentialSource source, Outcome outcome, String reason, String lookedAt) {

    /** What came of a step. */
    public enum Outcome {
        /** Its credential may pay. */
        TAKEN,
        /** It had none to give: the next step was asked. */
        PASSED_OVER,
        /** It is configured but cannot be used: the chain ended here. */
        STOPPED
    }
}
