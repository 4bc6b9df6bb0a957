package io.bactrian.bench;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The comparison as a picture: wall time and allocation of one call, as multiples of the best bare client. */
final class Picture {

    private static final int WIDTH = 920;
    private static final int LABEL = 300;
    private static final int BAR = 250;
    private static final int GAP = 40;
    private static final int ROW = 26;
    private static final int TOP = 92;

    private final Results results;
    private final Jvms jvms;
    private final StringBuilder svg = new StringBuilder();

    Picture(Results results, Jvms jvms) {
        this.results = results;
        this.jvms = jvms;
    }

    String svg() {
        Map<Scenario, Rounds> asks = results.asks.get(jvms.newest());
        Rounds rounds = asks == null ? null : asks.get(Scenario.SMALL);
        List<String> ids = rounds == null
                ? List.of()
                : rounds.ids().stream()
                        .filter(id -> !id.equals(Peer.INSIDE.id()))
                        .toList();
        int height = TOP + ids.size() * ROW + 46;
        svg.append(String.format(
                Locale.ROOT,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" role=\"img\" font-family=\"system-ui, sans-serif\" font-size=\"13\">%n",
                WIDTH,
                height,
                WIDTH,
                height));
        svg.append(
                "<title>Wall time and allocated bytes of one call, compared with the best bare HTTP client</title>\n");
        svg.append("<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n");
        text(16, 28, "start", "#1f2328", 17, "One chat call, 1.4 KB answer, loopback, JDK " + jvms.newest());
        text(
                16,
                48,
                "start",
                "#59636e",
                12,
                "Multiples of the best bare client of the same round; the line shows the lowest and the highest round. Shorter is better.");
        if (rounds != null) {
            panel(rounds, ids, "wallP50", "wall time, p50", LABEL, "µs", 1);
            panel(rounds, ids, "bytes", "allocated bytes", LABEL + BAR + GAP, "KB", 1_024);
        }
        return svg.append("</svg>\n").toString();
    }

    private void panel(
            Rounds rounds, List<String> ids, String figure, String title, int left, String unit, double scale) {
        double most = 1;
        for (String id : ids) {
            most = Math.max(most, rounds.ratioToLeast(id, Report.BARE, figure).median());
        }
        double pixels = (BAR - 70) / most;
        text(left, TOP - 14, "start", "#1f2328", 13, title);
        for (int i = 0; i < ids.size(); i++) {
            row(rounds, ids.get(i), figure, left, TOP + i * ROW, pixels, unit, scale);
        }
        double one = left + pixels;
        svg.append(String.format(
                Locale.ROOT,
                "<line x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\" stroke=\"#59636e\" stroke-dasharray=\"3 3\"/>%n",
                one,
                one,
                TOP - 6,
                TOP + ids.size() * ROW + 4));
        text((int) one, TOP + ids.size() * ROW + 20, "middle", "#59636e", 11, "1.0×");
    }

    private void row(
            Rounds rounds, String id, String figure, int left, int y, double pixels, String unit, double scale) {
        Spread ratio = rounds.ratioToLeast(id, Report.BARE, figure);
        String color = id.startsWith(Peer.OURS.id()) ? "#b35900" : id.equals(Peer.RAW.id()) ? "#c4ccd4" : "#4d7ea8";
        if (left == LABEL) {
            text(LABEL - 10, y + 15, "end", "#1f2328", 13, label(id));
        }
        double end = left + ratio.median() * pixels;
        svg.append(String.format(
                Locale.ROOT,
                "<rect x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\" rx=\"2\" fill=\"%s\"/>%n",
                left,
                y + 2,
                Math.max(1, end - left),
                ROW - 9,
                color));
        double high = Math.min(left + BAR - 66, left + ratio.max() * pixels);
        svg.append(String.format(
                Locale.ROOT,
                "<line x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\" stroke=\"#1f2328\"/>%n",
                left + ratio.min() * pixels,
                high,
                y + 10,
                y + 10));
        double absolute = rounds.spread(id, figure).median() / scale;
        text(
                (int) Math.max(end, high) + 6,
                y + 15,
                "start",
                "#1f2328",
                12,
                Spread.number(ratio.median(), 2) + "× · " + Spread.number(absolute, scale == 1 ? 0 : 1) + " " + unit);
    }

    private static String label(String id) {
        for (Peer peer : List.of(
                Peer.RAW,
                Peer.HC5,
                Peer.OKHTTP,
                Peer.JDK,
                Peer.OPENAI,
                Peer.LANGCHAIN4J,
                Peer.CAMEL,
                Peer.OURS,
                Peer.STORED)) {
            if (peer.id().equals(id)) {
                return peer.label();
            }
        }
        return id;
    }

    private void text(int x, int y, String anchor, String color, int size, String text) {
        svg.append(String.format(
                Locale.ROOT,
                "<text x=\"%d\" y=\"%d\" text-anchor=\"%s\" fill=\"%s\" font-size=\"%d\">%s</text>%n",
                x,
                y,
                anchor,
                color,
                size,
                text.replace("&", "&amp;").replace("<", "&lt;")));
    }
}
