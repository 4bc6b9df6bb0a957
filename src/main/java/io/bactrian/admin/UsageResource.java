package io.bactrian.admin;

import io.bactrian.admin.UsageShapes.Report;
import io.bactrian.admin.UsageShapes.Sum;
import io.bactrian.core.access.Permission;
import io.bactrian.core.manage.UsageManager;
import io.bactrian.core.usage.UsageDimension;
import io.bactrian.core.usage.UsageQuery;
import io.bactrian.core.usage.UsageReport;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Usage over HTTP. */
final class UsageResource {

    private static final int USUAL_DAYS = 30;
    private static final int MOST = 200;

    private final UsageManager manager;
    private final Clock clock;

    UsageResource(UsageManager manager, Clock clock) {
        this.manager = manager;
        this.clock = clock;
    }

    List<Operation> operations() {
        return List.of(Operation.list(
                        "getUsage",
                        TenantResource.ONE + "/usage",
                        "Sums up what calls of a tenant have used: calls, tokens and cost.",
                        Permission.USAGE_VIEW,
                        Report.class,
                        this::report)
                .with(
                        Parameter.oneOf(
                                "by",
                                "By what; a model or tool, the app, the user or the day in UTC.",
                                Arrays.stream(UsageDimension.values())
                                        .map(UsageResource::text)
                                        .toList(),
                                text(UsageDimension.MODEL)),
                        Parameter.text("since", "The first day, such as 2026-01-31; by default 30 days ago."),
                        Parameter.text("until", "The day after the last one; by default there is none."),
                        Parameter.LIMIT));
    }

    private static String text(UsageDimension by) {
        return by.name().toLowerCase(Locale.ROOT);
    }

    private Reply report(AdminRequest request) {
        UsageDimension by = request.parameter("by")
                .map(text -> Inputs.parameter("by", text, UsageResource::dimension))
                .orElse(UsageDimension.MODEL);
        LocalDate since = day(request, "since").orElseGet(() -> LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC)
                .minusDays(USUAL_DAYS));
        Optional<LocalDate> until = day(request, "until");
        int most = request.number("limit", MOST / 4, 1, MOST);
        UsageReport report =
                manager.report(request.actor(), new UsageQuery(request.tenant(), by, since, until.orElse(null), most));
        return Reply.of(new Report(
                text(by),
                since.toString(),
                until.map(LocalDate::toString).orElse(null),
                report.sums().stream().map(Sum::of).toList(),
                report.complete(),
                report.lost()));
    }

    private static UsageDimension dimension(String text) {
        return Arrays.stream(UsageDimension.values())
                .filter(by -> text(by).equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("usage is summed up by model, app, user or day"));
    }

    private static Optional<LocalDate> day(AdminRequest request, String name) {
        try {
            return request.parameter(name).map(LocalDate::parse);
        } catch (DateTimeException e) {
            throw Problems.invalid("the parameter '" + name + "' has to be a day such as 2026-01-31");
        }
    }
}
