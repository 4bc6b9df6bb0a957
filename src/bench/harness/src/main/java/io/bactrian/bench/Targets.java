package io.bactrian.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What the product wants to reach, and whether it does. Times are judged by their median over the rounds. */
final class Targets {

    /**
     * One of them.
     *
     * @param what it is about
     * @param wanted the bound
     * @param measured what came out
     * @param verdict met, not met, or why there is none
     */
    record Row(String what, String wanted, String measured, String verdict) {}

    static final String MET = "met";
    static final String MISSED = "**not met**";
    private static final String UNMEASURED = "not measured in this run";
    private static final int EVENTS_BETWEEN = 900;

    private final Results results;
    private final List<Row> rows = new ArrayList<>();

    private Targets(Results results) {
        this.results = results;
    }

    static List<Row> of(Results results, Jvms jvms) {
        Targets targets = new Targets(results);
        results.asks.forEach((version, asks) -> targets.overhead("JDK " + version, asks.get(Scenario.SMALL)));
        targets.chain();
        targets.resolution();
        targets.tenants();
        targets.streaming();
        targets.tools();
        targets.rows.add(new Row("MCP tool call ÷ the MCP SDK's callTool", "≤ 0.35", "–", "there are no MCP tools yet"));
        targets.rows.add(new Row("quota at 10,000 concurrent callers", "0 overshoot", "–", "counted by tests, not timed here"));
        targets.held();
        return targets.rows;
    }

    private void row(String what, double bound, int decimals, String unit, Optional<Spread> measured) {
        String wanted = "≤ " + trimmed(bound) + unit;
        rows.add(measured.map(spread -> new Row(
                        what,
                        wanted,
                        (spread.min() == spread.max()
                                        ? Spread.number(spread.median(), decimals)
                                        : spread.text(decimals))
                                + unit,
                        spread.median() <= bound ? MET : MISSED))
                .orElse(new Row(what, wanted, "–", UNMEASURED)));
    }

    private static String trimmed(double bound) {
        return bound == Math.rint(bound) && bound >= 10
                ? String.format(Locale.ROOT, "%,d", (long) bound)
                : String.format(Locale.ROOT, "%s", bound);
    }

    private void overhead(String jdk, Rounds rounds) {
        row(
                "governed call through a Camel route ÷ bare HttpClient 5, wall p50, " + jdk,
                1.0,
                2,
                "×",
                Optional.of(rounds.ratio("bactrian", "hc5", "wallP50")));
        row("the same, allocated bytes, " + jdk, 0.9, 2, "×", Optional.of(rounds.ratio("bactrian", "hc5", "bytes")));
    }

    private void chain() {
        Optional<Figures> chain = results.micro("Chain.chain", "budgets");
        row(
                "the chain alone, warm, two budgets from a local lease",
                4,
                2,
                " µs",
                chain.map(figures -> Spread.of(figures.get("nanos") / 1e3)));
        row("the same, allocated", 2_048, 0, " B", chain.map(figures -> Spread.of(figures.get("bytes"))));
    }

    private void resolution() {
        Optional<Figures> one = results.micro("Resolution.hot", "1");
        Optional<Figures> million = results.micro("Resolution.hot", "1000000");
        row(
                "warm credential resolution among 1,000,000 credentials",
                200,
                1,
                " ns",
                million.map(figures -> Spread.of(figures.get("nanos"))));
        row(
                "the same ÷ among 1",
                1.05,
                2,
                "×",
                one.flatMap(base -> million.map(figures -> Spread.of(figures.get("nanos") / base.get("nanos")))));
    }

    private void tenants() {
        results.tenants.ifPresent(rounds -> {
            List<String> ids = List.copyOf(rounds.ids());
            String most = ids.get(ids.size() - 1);
            row(
                    "whole call, " + most.replace("tenants-", "") + " tenants × 10 credentials ÷ one tenant, wall p50",
                    1.05,
                    2,
                    "×",
                    Optional.of(rounds.ratio(most, ids.get(0), "wallP50")));
        });
    }

    private void streaming() {
        Rounds burst100 = results.streams.get(Scenario.BURST100);
        Rounds burst1000 = results.streams.get(Scenario.BURST1000);
        Rounds first = results.streams.get(Scenario.FIRST);
        boolean measured = burst100 != null && burst1000 != null && first != null;
        row(
                "streaming: each event over a raw read, wall",
                2.5,
                2,
                " µs",
                measured
                        ? Optional.of(
                                Rounds.perEvent(burst100, burst1000, EVENTS_BETWEEN, "bactrian", "raw", "wallP50"))
                        : Optional.empty());
        row(
                "the same, allocated",
                200,
                0,
                " B",
                measured
                        ? Optional.of(Rounds.perEvent(burst100, burst1000, EVENTS_BETWEEN, "bactrian", "raw", "bytes"))
                        : Optional.empty());
        row(
                "first piece over a raw socket's, p50",
                100,
                0,
                " µs",
                measured ? Optional.of(first.over("bactrian", "raw", "firstP50")) : Optional.empty());
        row(
                "close() until the upstream sees the connection end, p50",
                1_000,
                0,
                " µs",
                Optional.ofNullable(results.cancels.get("bactrian"))
                        .flatMap(figures -> figures.find("cancelP50"))
                        .map(Spread::of));
    }

    private void tools() {
        Optional<Figures> direct = results.micro("Tool.direct", "-");
        Optional<Figures> workflow = results.micro("Tool.workflow", "-");
        Optional<Figures> upperCase = results.micro("Tool.directUpperCase", "-");
        Optional<Figures> builtin = results.micro("Tool.builtin", "-");
        row(
                "a builtin tool ÷ a direct: call that does the same",
                2,
                2,
                "×",
                upperCase.flatMap(
                        base -> builtin.map(figures -> Spread.of(figures.get("nanos") / base.get("nanos")))));
        row(
                "a workflow tool over a direct: call of the same route",
                5,
                2,
                " µs",
                direct.flatMap(
                        base -> workflow.map(figures -> Spread.of((figures.get("nanos") - base.get("nanos")) / 1e3))));
    }

    private void held() {
        row(
                "10,000 open streams, heap for each",
                20,
                1,
                " KB",
                results.held("bactrian", 10_000).map(figures -> Spread.of(figures.get("heapBytes") / 1_024)));
    }
}
