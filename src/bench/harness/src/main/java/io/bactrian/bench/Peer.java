package io.bactrian.bench;

import java.util.List;

/**
 * A subject as the driver knows it.
 *
 * @param id what it is called in figures
 * @param label what it is called in tables
 * @param module the folder that it is built in, whose class path it runs on
 * @param type its class
 * @param kind what it is there for
 * @param options further options of its process
 */
record Peer(String id, String label, String module, String type, Kind kind, List<String> options) {

    /** What a subject is there for. */
    enum Kind {
        /** Nothing built, nothing parsed. */
        FLOOR,
        /** What a user would write by hand; the best of them is what all are measured against. */
        BARE,
        /** What a user would take instead of us. */
        OTHER,
        /** Ours. */
        OURS
    }

    private static final String BACTRIAN = "io.bactrian.bench.bactrian.Bactrian";

    static final Peer RAW =
            new Peer("raw", "raw socket, canned bytes", "bare", bare("RawSocket"), Kind.FLOOR, List.of());
    static final Peer HC5 =
            new Peer("hc5", "Apache HttpClient 5 + Jackson tree", "bare", bare("ApacheClient"), Kind.BARE, List.of());
    static final Peer OKHTTP =
            new Peer("okhttp", "OkHttp + Jackson tree", "bare", bare("SquareClient"), Kind.BARE, List.of());
    static final Peer JDK =
            new Peer("jdk", "java.net.http + Jackson tree", "bare", bare("JdkClient"), Kind.BARE, List.of());
    static final Peer OPENAI = new Peer(
            "openai-java", "openai-java", "openai-java", "io.bactrian.bench.openai.OpenAiJava", Kind.OTHER, List.of());
    static final Peer LANGCHAIN4J = new Peer(
            "langchain4j",
            "langchain4j-open-ai",
            "langchain4j",
            "io.bactrian.bench.langchain4j.LangChain4j",
            Kind.OTHER,
            List.of());
    static final Peer CAMEL = new Peer(
            "camel-lc4j",
            "camel-langchain4j-chat route",
            "camel-langchain4j",
            "io.bactrian.bench.camel.CamelLangChain4j",
            Kind.OTHER,
            List.of());
    static final Peer OURS = new Peer("bactrian", "Bactrian model: route", "bactrian", BACTRIAN, Kind.OURS, List.of());
    static final Peer STORED = new Peer(
            "bactrian-h2",
            "Bactrian model: route, tenants in H2",
            "bactrian",
            BACTRIAN,
            Kind.OURS,
            List.of("-Dbench.store=true"));
    static final Peer INSIDE = new Peer(
            "bactrian-inside",
            "Bactrian model: route, with a timer before the transport",
            "bactrian",
            BACTRIAN,
            Kind.OURS,
            List.of("-Dbench.inside=true"));

    private static String bare(String type) {
        return "io.bactrian.bench.bare." + type;
    }

    /** Ours with that many tenants of ten credentials, 64 of which call in turn. */
    static Peer withTenants(int tenants) {
        return new Peer(
                "tenants-" + tenants,
                tenants + (tenants == 1 ? " tenant" : " tenants"),
                "bactrian",
                BACTRIAN,
                Kind.OURS,
                List.of("-Dbench.tenants=" + tenants, "-Dbench.hot=64", "-Xmx4g"));
    }
}
