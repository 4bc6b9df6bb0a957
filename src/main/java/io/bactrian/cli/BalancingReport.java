package io.bactrian.cli;

import io.bactrian.core.config.BalancingEntry;
import io.bactrian.core.config.ModelBalancing;
import io.bactrian.core.config.ModelFallback;
import io.bactrian.core.error.FailureClass;
import io.bactrian.core.manage.BalancingView;
import io.bactrian.core.provider.ModelType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How calls of a model are spread, shown. */
final class BalancingReport {

    private BalancingReport() {}

    static int print(ModelName model, ModelType type, Optional<BalancingView> view, RootCommand root) {
        if (root.json) {
            root.session.printJson(view.map(found -> json(model, type, found))
                    .orElseGet(() -> Map.of("model", model.toString(), "type", type.text(), "enabled", false)));
            return CommandLineTool.DONE;
        }
        if (view.isEmpty()) {
            root.session.print(model + " (" + type + "): nothing is set");
            return CommandLineTool.DONE;
        }
        ModelBalancing balancing = view.get().balancing();
        root.session.print(model + " (" + type + "): " + (balancing.enabled() ? "on" : "off") + ", "
                + balancing.strategy() + (balancing.sticky() ? ", sticky" : "")
                + view.get().managedBy().map(file -> ", declared by " + file).orElse(""));
        return table(view.get()).print(root.session, false);
    }

    private static Table table(BalancingView view) {
        Table table = new Table("kind", "name", "for", "takes part", "weight", "after");
        view.entries()
                .forEach(entry -> table.row(
                        "credential",
                        name(entry),
                        entry.scope().orElse(null),
                        entry.entry().enabled(),
                        entry.entry().weight(),
                        null));
        view.balancing()
                .fallbacks()
                .forEach(fallback ->
                        table.row("fallback", fallback, null, null, null, String.join(", ", classes(fallback))));
        return table;
    }

    private static Map<String, Object> json(ModelName model, ModelType type, BalancingView view) {
        ModelBalancing balancing = view.balancing();
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("model", model.toString());
        shown.put("type", type.text());
        shown.put("enabled", balancing.enabled());
        shown.put("strategy", balancing.strategy().text());
        shown.put("sticky", balancing.sticky());
        shown.put(
                "credentials",
                view.entries().stream().map(BalancingReport::json).toList());
        shown.put(
                "fallbacks",
                balancing.fallbacks().stream()
                        .map(fallback -> Map.of("model", fallback.toString(), "on", classes(fallback)))
                        .toList());
        view.managedBy().ifPresent(file -> shown.put("managed_by", file));
        return shown;
    }

    private static Map<String, Object> json(BalancingView.Entry entry) {
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("credential", name(entry));
        if (entry.entry().credential() != null) {
            shown.put("id", entry.entry().key());
        }
        entry.scope().ifPresent(scope -> shown.put("for", scope.toString()));
        shown.put("enabled", entry.entry().enabled());
        shown.put("weight", entry.entry().weight());
        return shown;
    }

    /** A credential's name; its id if it has none any more. */
    private static String name(BalancingView.Entry entry) {
        BalancingEntry set = entry.entry();
        return entry.name().map(Object::toString).orElse(set.key());
    }

    private static List<String> classes(ModelFallback fallback) {
        return fallback.on().stream().sorted().map(FailureClass::text).toList();
    }
}
