package io.bactrian.cli;

import io.bactrian.core.config.CredentialVisibility;
import io.bactrian.core.manage.CredentialView;
import io.bactrian.core.tenant.UserId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Credentials as they are shown: what they are for, whose calls may use them, their values without secrets. */
final class CredentialReport {

    private CredentialReport() {}

    static int print(List<CredentialView> views, Session session, boolean json) {
        if (json) {
            session.printJson(views.stream().map(CredentialReport::shown).toList());
            return CommandLineTool.DONE;
        }
        Table table = new Table("id", "name", "for", "active", "visible to", "values", "previous until", "managed by");
        views.forEach(view -> table.row(
                view.id(),
                view.name(),
                view.scope(),
                view.active(),
                visibleTo(view),
                view.unreadable().map(reason -> "unreadable: " + reason).orElseGet(() -> values(view)),
                view.previousUntil().orElse(null),
                view.managedBy().orElse(null)));
        return table.print(session, false);
    }

    /** Whose calls may use it; those of one whose owner has left and that lists nobody are nobody's. */
    static String visibleTo(CredentialView view) {
        CredentialVisibility visibility = view.visibility();
        if (!visibility.isPrivate()) {
            return "all";
        }
        if (!view.usable()) {
            return visibility.owner() == null
                    ? "nobody"
                    : "nobody (its owner " + visibility.owner() + " is no member any more)";
        }
        return String.join(
                ", ",
                Stream.concat(Stream.ofNullable(visibility.owner()), visibility.members().stream())
                        .map(UserId::value)
                        .distinct()
                        .toList());
    }

    private static String values(CredentialView view) {
        return String.join(
                " ",
                view.values().entrySet().stream()
                        .map(entry -> entry.getKey() + "=" + entry.getValue())
                        .toList());
    }

    private static Map<String, Object> shown(CredentialView view) {
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("id", view.id().value());
        shown.put("name", view.name().value());
        shown.put("for", view.scope().toString());
        shown.put("active", view.active());
        shown.put("version", view.version());
        shown.put("visibility", view.visibility().text());
        @Nullable UserId owner = view.visibility().owner();
        if (owner != null) {
            shown.put("owner", owner.value());
        }
        List<String> users =
                view.visibility().members().stream().map(UserId::value).toList();
        if (!users.isEmpty()) {
            shown.put("users", users);
        }
        shown.put("usable", view.usable());
        shown.put("values", view.values());
        view.unreadable().ifPresent(reason -> shown.put("unreadable", reason));
        view.previousUntil().ifPresent(until -> shown.put("previous_until", until.toString()));
        view.managedBy().ifPresent(file -> shown.put("managed_by", file));
        return shown;
    }
}
