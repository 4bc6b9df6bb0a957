package io.bactrian.core.balance;

import io.bactrian.core.error.ErrorCode;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How one credential of a model is doing, on this node.
 *
 * @param name its name
 * @param id its id; empty where the provider asks for none
 * @param weight its share
 * @param requests how many attempts were made
 * @param errors how many of them failed by its fault
 * @param inFlight how many are under way
 * @param latency how long its answers take to begin, as a moving average; zero if not known
 * @param lastError its last failure; null for none
 * @param cooldown why it is out and until when; null if it is not
 */
public record CredentialState(
        String name,
        String id,
        int weight,
        long requests,
        long errors,
        int inFlight,
        Duration latency,
        @Nullable ErrorCode lastError,
        @Nullable Cooldown cooldown) {}
