package io.bactrian.cli;

import io.bactrian.core.limit.LimitFields;
import io.bactrian.core.limit.RateLimit;
import io.bactrian.core.limit.RateLimitRule;
import io.bactrian.core.limit.RateResource;
import io.bactrian.core.manage.LimitManager;
import io.bactrian.core.manage.RuleView;
import io.bactrian.core.tenant.TenantId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code bactrian limit}. */
@Command(
        name = "limit",
        description = "Rate limits: how many calls and tokens a tenant may have in a time, and how many calls at once.",
        synopsisSubcommandLabel = "COMMAND")
final class LimitCommands extends CommandGroup {

    @ParentCommand
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private RootCommand root;

    @Command(
            name = "set",
            description = {
                "Sets a limit, in place of the one of its name. It is in force at once, and within a second on every other",
                "node. What counts of it goes on counting."
            })
    int set(
            @Parameters(paramLabel = "NAME", description = "Its name: 1 to 100 letters, digits, '.', '-' and '_'.")
                    String name,
            @Option(names = "--requests", paramLabel = "NUMBER", description = "How many calls in the time.") @Nullable
                    String requests,
            @Option(names = "--tokens", paramLabel = "NUMBER", description = "How many tokens in the time.") @Nullable
                    String tokens,
            @Option(names = "--concurrent", paramLabel = "NUMBER", description = "How many calls at once.") @Nullable
                    String concurrent,
            @Option(names = "--per", paramLabel = "TIME", description = "In which time, 1s to 31d; by default 1m.")
                    @Nullable
                    String per,
            @Option(
                            names = "--app",
                            paramLabel = "APP",
                            description = "For calls of that app alone; '*' for each app by itself.")
                    @Nullable
                    String app,
            @Option(
                            names = "--model",
                            paramLabel = "MODEL",
                            description =
                                    "PROVIDER/MODEL, PROVIDER, PROVIDER/* or '*', the last two for each by itself.")
                    @Nullable
                    String model,
            @Option(
                            names = "--api-key",
                            paramLabel = "ID",
                            description = "For calls with that API key alone; '*' for each key by itself.")
                    @Nullable
                    String apiKey,
            @Mixin TenantOption option) {
        Map<String, String> fields = Rules.given(
                "requests",
                requests,
                "tokens",
                tokens,
                "concurrent",
                concurrent,
                "per",
                per,
                "app",
                app,
                "model",
                model,
                "api-key",
                apiKey);
        return root.session.with(installation -> {
            Rules.requireStore(installation);
            TenantId tenant = option.in(installation);
            LimitManager limits = installation.limitManager();
            String afterwards = Rules.afterwards(limits.find(Session.OPERATOR, tenant, name));
            RateLimitRule rule =
                    limits.set(Session.OPERATOR, tenant, name, fields).rule();
            String summary = rule.limits().stream().map(RateLimit::rule).collect(Collectors.joining(", "));
            return done(root, LimitFields.KIND, name, "set: " + summary + afterwards);
        });
    }

    @Command(name = "list", description = "Lists the limits that a tenant keeps to.")
    int list(@Mixin TenantOption option) {
        return root.session.with(installation -> {
            List<RuleView<RateLimitRule>> views =
                    installation.limitManager().list(Session.OPERATOR, option.in(installation));
            if (root.json) {
                root.session.printJson(views.stream().map(LimitCommands::json).toList());
                return CommandLineTool.DONE;
            }
            Table table = new Table(
                    "limit", "app", "model", "api key", "requests", "tokens", "concurrent", "per", "set by", "in");
            views.forEach(view -> table.row(cells(view)));
            return table.print(root.session, false);
        });
    }

    private static @Nullable Object[] cells(RuleView<RateLimitRule> view) {
        Map<String, String> fields = LimitFields.of(view.rule());
        return new @Nullable Object[] {
            view.rule().name(),
            fields.get("app"),
            fields.get("model"),
            fields.get("api-key"),
            fields.get(RateResource.REQUESTS.text()),
            fields.get(RateResource.TOKENS.text()),
            fields.get(RateResource.CONCURRENT.text()),
            fields.get("per"),
            view.setBy(),
            Rules.declaredIn(view)
        };
    }

    private static Map<String, Object> json(RuleView<RateLimitRule> view) {
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("name", view.rule().name());
        LimitFields.of(view.rule()).forEach((field, text) -> shown.put(field.replace('-', '_'), text));
        for (RateResource resource : RateResource.values()) {
            if (view.rule().amount(resource) > 0) {
                shown.put(resource.text(), view.rule().amount(resource));
            }
        }
        Rules.describe(view, shown);
        return shown;
    }

    @Command(name = "remove", description = "Removes a limit.")
    int remove(@Parameters(paramLabel = "NAME", description = "The limit.") String name, @Mixin TenantOption option) {
        return root.session.with(installation -> {
            Rules.requireStore(installation);
            TenantId tenant = option.in(installation);
            LimitManager limits = installation.limitManager();
            Optional<RuleView<RateLimitRule>> known = limits.find(Session.OPERATOR, tenant, name);
            if (!limits.remove(Session.OPERATOR, tenant, name)) {
                throw Rules.unknown(LimitFields.KIND, "limit", tenant);
            }
            return done(root, LimitFields.KIND, name, "removed" + Rules.afterwards(known));
        });
    }
}
