package io.bactrian.testkit.contract;

import static io.bactrian.testkit.contract.StoreFixture.ACME;
import static io.bactrian.testkit.contract.StoreFixture.GLOBEX;
import static io.bactrian.testkit.contract.StoreFixture.LOCAL;
import static io.bactrian.testkit.contract.StoreFixture.OPENAI;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.invoke.CredentialRef;
import io.bactrian.core.invoke.CredentialSource;
import io.bactrian.core.invoke.InvocationTarget;
import io.bactrian.core.invoke.Phase;
import io.bactrian.core.model.Price;
import io.bactrian.core.model.TokenUsage;
import io.bactrian.core.provider.ModelType;
import io.bactrian.core.tenant.AppId;
import io.bactrian.core.tenant.RequestId;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tenant.UserId;
import io.bactrian.core.tool.ToolAddress;
import io.bactrian.core.tool.ToolProviderType;
import io.bactrian.core.usage.TokenCount;
import io.bactrian.core.usage.UsageDimension;
import io.bactrian.core.usage.UsageLoss;
import io.bactrian.core.usage.UsageOutcome;
import io.bactrian.core.usage.UsageQuery;
import io.bactrian.core.usage.UsageRecord;
import io.bactrian.core.usage.UsageReport;
import io.bactrian.core.usage.UsageStore;
import io.bactrian.core.usage.UsageSum;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * What every store of usage has to do. A subclass gives an empty one before each test; there are the tenants {@code acme} and
 * {@code globex}.
 */
public abstract class UsageStoreContract {

    /** A model. */
    protected static final InvocationTarget GPT = InvocationTarget.Model.of(OPENAI, "gpt-4o", ModelType.LLM);

    /** Another one. */
    protected static final InvocationTarget TINY = InvocationTarget.Model.of(LOCAL, "tiny/1", ModelType.LLM);

    /** A tool. */
    protected static final InvocationTarget CLOCK_TOOL =
            new InvocationTarget.Tool(new ToolAddress(ToolProviderType.BUILTIN, "time", "current_time"), null);

    /** The day of most of what happens. */
    protected static final LocalDate MONDAY = LocalDate.of(2026, 3, 2);

    private static final Instant NOON = Instant.parse("2026-03-02T12:00:00Z");
    private static final TokenUsage USED = new TokenUsage(1, 2, 3, 4, 5, 6, 7);

    private final AtomicLong ids = new AtomicLong();

    /** For subclasses. */
    protected UsageStoreContract() {}

    /** The store under test. The same one through the whole of a test. */
    protected abstract UsageStore usage();

    /** A record with everything. */
    protected final UsageRecord record(@Nullable TenantId tenant, InvocationTarget target, Instant at) {
        return new UsageRecord(
                new UUID(7, ids.incrementAndGet()),
                new RequestId("r-1"),
                tenant,
                new UserId("ann"),
                new AppId("shop"),
                target,
                new CredentialRef(CredentialSource.CUSTOM_PROVIDER, OPENAI, "c-1", "main", 1),
                true,
                UsageOutcome.Ended.OK,
                2,
                1,
                USED,
                TokenCount.REPORTED,
                price("0.0000123", "USD"),
                at,
                Duration.ofNanos(1_234_567),
                Duration.ofNanos(234_567));
    }

    /** The same with another user, app, outcome, count and price. */
    protected static UsageRecord changed(
            UsageRecord record,
            @Nullable UserId user,
            @Nullable AppId app,
            UsageOutcome outcome,
            TokenCount counted,
            @Nullable Price price) {
        return new UsageRecord(
                record.id(),
                record.requestId(),
                record.tenant(),
                user,
                app,
                record.target(),
                record.credential(),
                record.streamed(),
                outcome,
                record.attempts(),
                record.failedAttempts(),
                record.tokens(),
                counted,
                price,
                record.startedAt(),
                record.duration(),
                record.firstContent());
    }

    /** What something cost, half of it the prompt's. */
    protected static Price price(String total, String currency) {
        return new Price(BigDecimal.ZERO, new BigDecimal(total), currency);
    }

    private UsageRecord gpt() {
        return record(ACME, GPT, NOON);
    }

    private void append(UsageRecord... records) {
        usage().append(List.of(records), List.of());
    }

    private static UsageQuery query(UsageDimension by) {
        return new UsageQuery(ACME, by, MONDAY, null, 100);
    }

    /** The sums since Monday. */
    protected final List<UsageSum> sums(UsageDimension by) {
        UsageReport report = usage().report(query(by));
        assertThat(report.complete()).isTrue();
        return report.sums();
    }

    private List<String> keys(UsageQuery query) {
        return usage().report(query).sums().stream().map(UsageSum::key).toList();
    }

    @Test
    void sumsUpEveryBucketOfTokens() {
        append(gpt(), gpt());
        append(gpt());

        UsageSum sum = sums(UsageDimension.MODEL).get(0);
        assertThat(sum.key()).isEqualTo("openai/gpt-4o");
        assertThat(sum.calls()).isEqualTo(3);
        assertThat(sum.tokens()).isEqualTo(new TokenUsage(3, 6, 9, 12, 15, 18, 21));
        assertThat(sum.failed()).isZero();
        assertThat(sum.aborted()).isZero();
        assertThat(sum.estimated()).isZero();
        assertThat(sum.cost()).containsOnlyKeys("USD");
        assertThat(sum.cost().get("USD")).isEqualByComparingTo("0.0000369");
    }

    @Test
    void sumsUpByModelAndToolWithTheMostCallsFirst() {
        append(record(ACME, TINY, NOON), gpt(), gpt(), record(ACME, CLOCK_TOOL, NOON));

        assertThat(keys(query(UsageDimension.MODEL)))
                .containsExactly("openai/gpt-4o", "local.gpu_1/tiny/1", "tool-builtin:time/current_time");
    }

    @Test
    void sumsUpByAppAndUserAndThoseWithout() {
        UserId bob = new UserId("bob");
        append(
                gpt(),
                gpt(),
                changed(gpt(), bob, new AppId("desk"), UsageOutcome.Ended.OK, TokenCount.REPORTED, null),
                changed(gpt(), null, null, UsageOutcome.Ended.OK, TokenCount.REPORTED, price("1", "EUR")));

        assertThat(sums(UsageDimension.APP)).extracting(UsageSum::key).containsExactly("shop", "", "desk");
        assertThat(sums(UsageDimension.USER)).extracting(UsageSum::key).containsExactly("ann", "", "bob");
        for (UsageDimension by : List.of(UsageDimension.APP, UsageDimension.USER)) {
            UsageSum nobodys = sums(by).get(1);
            assertThat(nobodys.cost().get("EUR")).isEqualByComparingTo("1");
            assertThat(sums(by).get(2).cost()).isEmpty();
        }
    }

    @Test
    void tellsOutcomesAndEstimatesApart() {
        UsageOutcome refused = new UsageOutcome.Failed(ErrorCode.RATE_LIMITED, Phase.RATE);
        UsageOutcome bug = new UsageOutcome.Failed(null, Phase.TRANSPORT);
        append(
                gpt(),
                changed(gpt(), null, null, refused, TokenCount.NONE, null),
                changed(gpt(), null, null, bug, TokenCount.NONE, null),
                changed(gpt(), null, null, UsageOutcome.Ended.ABORTED, TokenCount.ESTIMATED, null));

        UsageSum sum = sums(UsageDimension.MODEL).get(0);
        assertThat(sum.calls()).isEqualTo(4);
        assertThat(sum.failed()).isEqualTo(2);
        assertThat(sum.aborted()).isEqualTo(1);
        assertThat(sum.estimated()).isEqualTo(1);
    }

    @Test
    void addsNoCurrencyToAnother() {
        append(
                gpt(),
                changed(gpt(), null, null, UsageOutcome.Ended.OK, TokenCount.REPORTED, price("2.5", "EUR")),
                changed(gpt(), null, null, UsageOutcome.Ended.OK, TokenCount.REPORTED, price("0.5", "EUR")));

        Map<String, BigDecimal> cost = sums(UsageDimension.MODEL).get(0).cost();
        assertThat(cost).containsOnlyKeys("EUR", "USD");
        assertThat(cost.get("EUR")).isEqualByComparingTo("3");
        assertThat(cost.get("USD")).isEqualByComparingTo("0.0000123");
    }

    @Test
    void sumsUpByDayInUtcWithTheNewestFirst() {
        append(
                record(ACME, GPT, Instant.parse("2026-03-02T00:00:00Z")),
                record(ACME, GPT, Instant.parse("2026-03-02T23:59:59.999Z")),
                record(ACME, GPT, Instant.parse("2026-03-03T00:00:00Z")));

        List<UsageSum> sums = sums(UsageDimension.DAY);
        assertThat(sums).extracting(UsageSum::key).containsExactly("2026-03-03", "2026-03-02");
        assertThat(sums).extracting(UsageSum::calls).containsExactly(1L, 2L);
        assertThat(sums.get(1).cost().get("USD")).isEqualByComparingTo("0.0000246");
    }

    @Test
    void looksAtTheDaysAskedForOnly() {
        append(
                record(ACME, GPT, Instant.parse("2026-03-01T23:59:59.999Z")),
                record(ACME, TINY, NOON),
                record(ACME, CLOCK_TOOL, Instant.parse("2026-03-03T00:00:00Z")));

        assertThat(keys(new UsageQuery(ACME, UsageDimension.MODEL, MONDAY, MONDAY.plusDays(1), 10)))
                .containsExactly("local.gpu_1/tiny/1");
        assertThat(keys(new UsageQuery(ACME, UsageDimension.MODEL, MONDAY.plusDays(1), null, 10)))
                .containsExactly("tool-builtin:time/current_time");
        assertThat(keys(new UsageQuery(ACME, UsageDimension.MODEL, MONDAY.plusDays(2), null, 10)))
                .isEmpty();
    }

    @Test
    @DisplayName("CRED-15: nobody sees what another tenant, or a call without one, has used")
    void keepsTenantsApart() {
        usage().append(
                        List.of(record(GLOBEX, TINY, NOON), record(null, CLOCK_TOOL, NOON), gpt()),
                        List.of(loss(GLOBEX, 5, NOON), loss(null, 7, NOON)));

        for (UsageDimension by : UsageDimension.values()) {
            assertThat(sums(by)).hasSize(1);
            assertThat(sums(by).get(0).calls()).isEqualTo(1);
        }
        assertThat(usage().report(query(UsageDimension.MODEL)).lost()).isZero();
    }

    private UsageLoss loss(@Nullable TenantId tenant, long calls, Instant at) {
        return new UsageLoss(new UUID(8, ids.incrementAndGet()), tenant, calls, at, at.plusSeconds(1));
    }

    @Test
    void tellsHowManyCallsAreMissingInTheSums() {
        usage().append(
                        List.of(gpt()),
                        List.of(loss(ACME, 5, NOON), loss(ACME, 3, Instant.parse("2026-03-03T12:00:00Z"))));
        usage().append(List.of(), List.of(loss(ACME, 100, Instant.parse("2026-03-01T12:00:00Z"))));

        assertThat(usage().report(query(UsageDimension.MODEL)).lost()).isEqualTo(8);
        assertThat(usage().report(new UsageQuery(ACME, UsageDimension.DAY, MONDAY, MONDAY.plusDays(1), 10))
                        .lost())
                .isEqualTo(5);
    }

    @Test
    void givesTheLargestSumsAndSaysThatThereAreMore() {
        List<UsageRecord> records = new ArrayList<>();
        IntStream.range(0, 5).forEach(n -> IntStream.rangeClosed(0, n)
                .forEach(again -> records.add(record(
                        ACME,
                        InvocationTarget.Model.of(OPENAI, "m" + n, ModelType.LLM),
                        NOON.plus(Duration.ofDays(n))))));
        usage().append(records, List.of());

        UsageReport models = usage().report(new UsageQuery(ACME, UsageDimension.MODEL, MONDAY, null, 2));
        assertThat(models.sums()).extracting(UsageSum::key).containsExactly("openai/m4", "openai/m3");
        assertThat(models.complete()).isFalse();
        UsageReport days = usage().report(new UsageQuery(ACME, UsageDimension.DAY, MONDAY, null, 2));
        assertThat(days.sums()).extracting(UsageSum::key).containsExactly("2026-03-06", "2026-03-05");
        assertThat(days.complete()).isFalse();
        assertThat(usage().report(new UsageQuery(ACME, UsageDimension.DAY, MONDAY, null, 5))
                        .complete())
                .isTrue();
    }

    @Test
    void removesWhatIsOlder() {
        usage().append(
                        List.of(
                                record(ACME, GPT, Instant.parse("2026-03-03T00:00:00Z")),
                                record(ACME, TINY, NOON),
                                record(GLOBEX, TINY, NOON)),
                        List.of(loss(ACME, 3, NOON), loss(ACME, 2, Instant.parse("2026-03-03T00:00:00Z"))));

        int removed = 2;
        int rounds = 0;
        while (removed == 2) {
            removed = usage().removeBefore(Instant.parse("2026-03-03T00:00:00Z"), 2);
            assertThat(removed).isBetween(0, 2);
            assertThat(++rounds).isLessThan(10);
        }

        assertThat(keys(query(UsageDimension.MODEL))).containsExactly("openai/gpt-4o");
        assertThat(usage().report(query(UsageDimension.MODEL)).lost()).isEqualTo(2);
        assertThat(keys(new UsageQuery(GLOBEX, UsageDimension.MODEL, MONDAY, null, 10)))
                .isEmpty();
    }

    @Test
    void removesATenantsAndNobodyElses() {
        usage().append(List.of(gpt(), record(GLOBEX, TINY, NOON)), List.of(loss(ACME, 3, NOON), loss(GLOBEX, 2, NOON)));

        usage().removeTenant(ACME);
        usage().removeTenant(ACME);

        assertThat(sums(UsageDimension.DAY)).isEmpty();
        assertThat(usage().report(query(UsageDimension.DAY)).lost()).isZero();
        UsageReport others = usage().report(new UsageQuery(GLOBEX, UsageDimension.DAY, MONDAY, null, 10));
        assertThat(others.sums()).hasSize(1);
        assertThat(others.lost()).isEqualTo(2);
    }

    @Test
    void refusesQuestionsThatHaveNoAnswer() {
        assertThatThrownBy(() -> new UsageQuery(ACME, UsageDimension.DAY, MONDAY, MONDAY, 10))
                .isInstanceOf(BadRequestException.class)
                .hasMessageContaining("cannot end before");
        assertThatThrownBy(() -> new UsageQuery(ACME, UsageDimension.DAY, MONDAY, null, 0))
                .isInstanceOf(BadRequestException.class)
                .hasMessageContaining("1 to 1000");
        assertThat(usage().report(query(UsageDimension.APP)).sums()).isEmpty();
    }
}
