package io.bactrian.core.tool;

import java.util.Locale;

/** What a provider's tools are about; the values are those of Dify's tool labels. */
public enum ToolLabel {
    SEARCH,
    IMAGE,
    VIDEOS,
    WEATHER,
    FINANCE,
    DESIGN,
    TRAVEL,
    SOCIAL,
    NEWS,
    MEDICAL,
    PRODUCTIVITY,
    EDUCATION,
    BUSINESS,
    ENTERTAINMENT,
    UTILITIES,
    RAG,
    OTHER;

    /** The value as written. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
