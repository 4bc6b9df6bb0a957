package io.bactrian.admin;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.bactrian.core.balance.Cooldown;
import io.bactrian.core.balance.CredentialState;
import io.bactrian.core.config.ModelFallback;
import io.bactrian.core.error.FailureClass;
import io.bactrian.core.manage.BalancingView;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How calls of a model are spread, in JSON. */
final class BalancingShapes {

    private BalancingShapes() {}

    /** How calls of a model are spread, and which models are asked when no credential is left. */
    @Shape
    @Schema(name = "Balancing")
    record Balancing(
            @JsonProperty(required = true)
            @Schema(description = "Whether calls are spread; fallbacks are asked in any case.")
            boolean enabled,

            @JsonProperty(required = true) @Schema(allowableValues = {"round_robin", "weighted", "power_of_two"})
            String strategy,

            @JsonProperty(required = true)
            @Schema(description = "Whether calls of one conversation stay with one credential.")
            boolean sticky,

            @JsonProperty(required = true) List<Entry> entries,
            @JsonProperty(required = true) List<Fallback> fallbacks,

            @Schema(description = "The file that says so, and is applied again at the next start.") @Nullable
            String managedBy) {

        static Balancing of(BalancingView view) {
            return new Balancing(
                    view.balancing().enabled(),
                    view.balancing().strategy().text(),
                    view.balancing().sticky(),
                    view.entries().stream().map(Entry::of).toList(),
                    view.balancing().fallbacks().stream().map(Fallback::of).toList(),
                    view.managedBy().orElse(null));
        }
    }

    /** One of the credentials that calls are spread over. */
    @Shape
    @Schema(name = "BalancingEntry")
    record Entry(
            @JsonProperty(required = true) @Schema(description = "Its id; __inherit__ for whichever is in force.")
            String credential,

            @Nullable String name,

            @JsonProperty(required = true) @Schema(description = "Whether it takes part.")
            boolean enabled,

            @JsonProperty(required = true) @Schema(description = "Its share.", minimum = "1", maximum = "1000")
            int weight) {

        static Entry of(BalancingView.Entry entry) {
            return new Entry(
                    entry.entry().key(),
                    entry.name().map(Object::toString).orElse(null),
                    entry.entry().enabled(),
                    entry.entry().weight());
        }
    }

    /** A model that is asked when the other one cannot answer. */
    @Shape
    @Schema(name = "Fallback")
    record Fallback(
            @JsonProperty(required = true) String provider,
            @JsonProperty(required = true) String model,

            @Schema(
                    description = "After which failures; by default credential_dead, rate_limited, overloaded and"
                            + " transient.")
            @Nullable
            List<String> on) {

        static Fallback of(ModelFallback fallback) {
            return new Fallback(
                    fallback.provider().value(),
                    fallback.model(),
                    fallback.on().stream().sorted().map(FailureClass::text).toList());
        }
    }

    /** How calls of a model are to be spread. */
    @Shape
    @Schema(name = "BalancingChange")
    record BalancingChange(
            @Schema(description = "By default true if there are entries.") @Nullable
            Boolean enabled,

            @Schema(
                    description = "By default weighted if there are weights, else round_robin.",
                    allowableValues = {"round_robin", "weighted", "power_of_two"})
            @Nullable
            String strategy,

            @Nullable Boolean sticky,
            @Nullable List<WantedEntry> entries,
            @Nullable List<Fallback> fallbacks) {}

    /** One of the credentials that calls are to be spread over. */
    @Shape
    @Schema(name = "NewBalancingEntry")
    record WantedEntry(
            @JsonProperty(required = true)
            @Schema(description = "Its id or its name; __inherit__ for whichever is in force.")
            String credential,

            @Schema(description = "Whether it takes part; by default it does.") @Nullable
            Boolean enabled,

            @Schema(description = "Its share; by default 1.", minimum = "1", maximum = "1000") @Nullable
            Integer weight) {}

    /** How the credentials of a model are doing, on the node that answers. */
    @Shape
    @Schema(name = "BalancingState")
    record State(
            @JsonProperty(required = true) @Schema(description = "Whether the model can be called, and if not, why.")
            String status,

            @JsonProperty(required = true) List<CredentialHealth> credentials) {}

    /** How one credential is doing. */
    @Shape
    @Schema(name = "CredentialHealth")
    record CredentialHealth(
            @JsonProperty(required = true) String name,

            @Schema(description = "Its id, where there is one.") @Nullable
            String credential,

            @JsonProperty(required = true) int weight,

            @JsonProperty(required = true) @Schema(description = "How many attempts were made.")
            long requests,

            @JsonProperty(required = true) @Schema(description = "How many of them failed by its fault.")
            long errors,

            @JsonProperty(required = true) @Schema(description = "How many are under way.")
            int inFlight,

            @Schema(description = "How long its answers take to begin, in milliseconds, if known.") @Nullable
            Long latencyMillis,

            @Schema(description = "The code of its last failure.") @Nullable
            String lastError,

            @Schema(description = "Why it is out, if it is.") @Nullable
            Cooling cooling) {

        static CredentialHealth of(CredentialState state) {
            return new CredentialHealth(
                    state.name(),
                    state.id().isEmpty() ? null : state.id(),
                    state.weight(),
                    state.requests(),
                    state.errors(),
                    state.inFlight(),
                    state.latency().isZero() ? null : state.latency().toMillis(),
                    state.lastError() == null ? null : state.lastError().text(),
                    state.cooldown() == null ? null : Cooling.of(state.cooldown()));
        }
    }

    /** Why a credential is out, and until when. */
    @Shape
    @Schema(name = "Cooling")
    record Cooling(
            @JsonProperty(required = true) @Schema(description = "When it is tried again.")
            Instant until,

            @JsonProperty(required = true)
            @Schema(
                    description = "What is out: the credential for all its models, or this model alone.",
                    allowableValues = {"credential", "deployment"})
            String scope,

            @JsonProperty(required = true) @Schema(description = "The class of the failure.")
            String reason,

            @JsonProperty(required = true) @Schema(description = "The failure.")
            String code,

            @JsonProperty(required = true) @Schema(description = "How many times in a row.")
            int times) {

        static Cooling of(Cooldown cooldown) {
            return new Cooling(
                    cooldown.until(),
                    cooldown.key().scope().text(),
                    cooldown.reason().text(),
                    cooldown.code().text(),
                    cooldown.trips());
        }
    }
}
