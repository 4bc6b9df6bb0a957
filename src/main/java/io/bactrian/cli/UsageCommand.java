package io.bactrian.cli;

import io.bactrian.core.usage.UsageDimension;
import io.bactrian.core.usage.UsageQuery;
import io.bactrian.core.usage.UsageReport;
import io.bactrian.core.usage.UsageSum;
import io.bactrian.engine.Installation;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code bactrian usage}. */
@Command(
        name = "usage",
        description = {
            "Sums up what calls of a tenant have used: calls, tokens and cost. Days are those of UTC.",
            "Tokens that a provider did not tell are estimated; 'estimated' says for how many calls."
        })
final class UsageCommand implements Callable<Integer> {

    private static final int USUAL_DAYS = 30;
    private static final String NONE = "(none)";

    @ParentCommand
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private RootCommand root;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Option(
            names = "--by",
            paramLabel = "WHAT",
            defaultValue = "model",
            description = "model (and tool), app, user or day; by default ${DEFAULT-VALUE}.")
    private UsageDimension by = UsageDimension.MODEL;

    @Option(
            names = "--since",
            paramLabel = "DATE",
            description = "The first day, such as 2026-01-31; by default " + USUAL_DAYS + " days ago.")
    @Nullable
    private LocalDate since;

    @Option(
            names = "--until",
            paramLabel = "DATE",
            description = "The day after the last one; by default there is none.")
    @Nullable
    private LocalDate until;

    @Option(
            names = "--most",
            paramLabel = "NUMBER",
            defaultValue = "100",
            description = "How many sums at most, 1 to " + UsageQuery.LONGEST + "; by default ${DEFAULT-VALUE}.")
    private int most;

    @Mixin
    private TenantOption option = new TenantOption();

    @Override
    public Integer call() {
        if (most < 1 || most > UsageQuery.LONGEST) {
            throw new ParameterException(spec.commandLine(), "--most has to be from 1 to " + UsageQuery.LONGEST);
        }
        return root.session.with(installation -> {
            UsageQuery query = new UsageQuery(
                    option.in(installation), by, since == null ? usual(installation) : since, until, most);
            UsageReport report = installation.usageManager().report(Session.OPERATOR, query);
            return root.json ? json(query, report) : table(query, report);
        });
    }

    private static LocalDate usual(Installation installation) {
        return LocalDate.ofInstant(installation.clock().instant(), ZoneOffset.UTC)
                .minusDays(USUAL_DAYS);
    }

    private String name() {
        return by.name().toLowerCase(Locale.ROOT);
    }

    private int table(UsageQuery query, UsageReport report) {
        Table table =
                new Table(name(), "calls", "failed", "aborted", "input tokens", "output tokens", "estimated", "cost");
        for (UsageSum sum : report.sums()) {
            table.row(
                    sum.key().isEmpty() ? NONE : sum.key(),
                    sum.calls(),
                    sum.failed(),
                    sum.aborted(),
                    sum.tokens().promptTokens(),
                    sum.tokens().completionTokens(),
                    sum.estimated(),
                    cost(sum));
        }
        table.print(root.session, false);
        if (!report.complete()) {
            root.session.print("… there are more: raise --most");
        }
        if (report.lost() > 0) {
            root.session.print(report.lost() + " more calls since " + query.from()
                    + " are in none of these sums: their records were lost");
        }
        return CommandLineTool.DONE;
    }

    private static String cost(UsageSum sum) {
        return sum.cost().entrySet().stream()
                .map(cost -> cost.getValue().stripTrailingZeros().toPlainString() + " " + cost.getKey())
                .collect(Collectors.joining(", "));
    }

    private int json(UsageQuery query, UsageReport report) {
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("tenant", query.tenant().value());
        shown.put("since", query.from().toString());
        if (until != null) {
            shown.put("until", until.toString());
        }
        shown.put("by", name());
        shown.put("sums", report.sums().stream().map(this::json).toList());
        shown.put("complete", report.complete());
        shown.put("lost", report.lost());
        root.session.printJson(shown);
        return CommandLineTool.DONE;
    }

    private Map<String, Object> json(UsageSum sum) {
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put(name(), sum.key());
        shown.put("calls", sum.calls());
        shown.put("failed", sum.failed());
        shown.put("aborted", sum.aborted());
        shown.put("input_tokens", sum.tokens().promptTokens());
        shown.put("cache_read_tokens", sum.tokens().cacheRead());
        shown.put("output_tokens", sum.tokens().completionTokens());
        shown.put("reasoning_tokens", sum.tokens().reasoning());
        shown.put("estimated", sum.estimated());
        shown.put("cost", sum.cost());
        return shown;
    }
}
