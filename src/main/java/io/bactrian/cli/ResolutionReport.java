package io.bactrian.cli;

import io.bactrian.core.invoke.CredentialRef;
import io.bactrian.core.invoke.Resolution;
import io.bactrian.core.invoke.ResolutionStep;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The whole of a {@link Resolution} in words: every step, what came of it, why, and what was looked at. */
final class ResolutionReport {

    private ResolutionReport() {}

    static void print(Resolution resolution, Session session, boolean json) {
        if (json) {
            session.printJson(shown(resolution));
            return;
        }
        session.print(resolution.target() + " for tenant '" + resolution.tenant() + "'");
        int number = 0;
        for (ResolutionStep step : resolution.steps()) {
            number++;
            session.print("  " + number + ". " + step.source().text() + ": " + outcome(step));
            session.print("     why: " + step.reason());
            session.print("     looked at: " + step.lookedAt());
        }
        resolution.candidates().forEach(candidate -> session.print("pays: " + candidate));
        if (resolution.stale()) {
            session.print("as it was known before its source stopped answering");
        }
        resolution.refusal().ifPresent(refusal -> {
            session.print("refused: " + refusal.code().text());
            session.print("  " + refusal.message());
        });
    }

    private static Map<String, Object> shown(Resolution resolution) {
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("tenant", resolution.tenant().value());
        shown.put("provider", resolution.modelTarget().provider().value());
        shown.put("model", resolution.modelTarget().model());
        shown.put("type", resolution.modelTarget().type().text());
        List<Map<String, Object>> steps = new ArrayList<>();
        resolution.steps().forEach(step -> {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("source", step.source().text());
            one.put("outcome", outcome(step));
            one.put("reason", step.reason());
            one.put("looked_at", step.lookedAt());
            steps.add(one);
        });
        shown.put("steps", steps);
        shown.put(
                "candidates",
                resolution.candidates().stream().map(ResolutionReport::shown).toList());
        shown.put("stale", resolution.stale());
        resolution.refusal().ifPresent(refusal -> {
            shown.put("code", refusal.code().text());
            shown.put("message", refusal.message());
        });
        return shown;
    }

    private static Map<String, Object> shown(CredentialRef ref) {
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("source", ref.source().text());
        shown.put("provider", ref.provider().value());
        shown.put("id", ref.id());
        shown.put("name", ref.name());
        shown.put("version", ref.version());
        if (ref.previousUntil() != null) {
            shown.put("previous_until", ref.previousUntil().toString());
        }
        return shown;
    }

    private static String outcome(ResolutionStep step) {
        return step.outcome().name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
