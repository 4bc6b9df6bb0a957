package io.bactrian.cli;

import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.MisconfiguredException;
import io.bactrian.core.manage.RuleView;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.engine.Installation;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the commands about budgets and limits share. */
final class Rules {

    private Rules() {}

    /** Fields that were given, of names and values in turn. */
    static Map<String, String> given(@Nullable String... namesAndValues) {
        Map<String, String> fields = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            String name = namesAndValues[i];
            String value = namesAndValues[i + 1];
            if (name != null && value != null) {
                fields.put(name, value);
            }
        }
        return fields;
    }

    /** Refuses to change what would be gone when the command ends. */
    static void requireStore(Installation installation) {
        if (!installation.persistent()) {
            throw new MisconfiguredException(
                    ErrorCode.MISCONFIGURED,
                    "budgets and limits are kept in the database, and there is none: set bactrian.store.enabled, or declare"
                            + " them in properties or in config/workspaces");
        }
    }

    /** What becomes of a change by hand to what a file declares. */
    static String afterwards(Optional<? extends RuleView<?>> before) {
        return before.flatMap(RuleView::managedBy)
                .map(file -> "; " + file + " declares it and is applied again at the next start")
                .orElse("");
    }

    /** Where a rule is declared; null for one that was set by hand. */
    static @Nullable String declaredIn(RuleView<?> view) {
        return view.property().or(view::managedBy).orElse(null);
    }

    /** Adds who has set a rule and where. */
    static void describe(RuleView<?> view, Map<String, Object> shown) {
        shown.put("set_by", view.setBy().text());
        view.property().ifPresent(property -> shown.put("property", property));
        view.managedBy().ifPresent(file -> shown.put("managed_by", file));
        if (view.property().isEmpty()) {
            shown.put("version", view.version());
        }
    }

    static BadRequestException unknown(String kind, String command, TenantId tenant) {
        return new BadRequestException(
                ErrorCode.INVALID_PARAM,
                "tenant '" + tenant + "' keeps no " + kind + " of that name: ./bactrian " + command + " list --tenant "
                        + tenant + " shows those it has");
    }
}
