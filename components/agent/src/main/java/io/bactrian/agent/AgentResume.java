package io.bactrian.agent;

/**
 * A body that has a run go on which waited for a person.
 *
 * @param approval the id of the approval
 */
public record AgentResume(String approval) {

    /** @throws IllegalArgumentException if it is blank */
    public AgentResume {
        if (approval.isBlank()) {
            throw new IllegalArgumentException("a run is resumed by the id of its approval");
        }
    }
}
