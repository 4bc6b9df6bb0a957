package io.bactrian.core.access;

import io.bactrian.core.error.SafeText;
import io.bactrian.core.provider.ProviderId;
import io.bactrian.core.tool.ToolAddress;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What an API key was made for, whatever its role allows: {@code models} and {@code tools} for calls, each with an optional
 * pattern of names in which {@code *} stands for any characters ({@code models:openai/*}, {@code tools:time/*},
 * {@code tools:tool-workflow:*}); {@code admin:read} and {@code admin:write} for the configuration, of which the second holds the
 * first. Immutable.
 */
public final class Scopes {

    /** Calls of all models and tools, and nothing else: what a key has unless it was made for something else. */
    public static final Scopes CALLS = of(List.of("models", "tools"));

    /** Everything. */
    public static final Scopes ALL = of(List.of("models", "tools", "admin:write"));

    private static final int MOST = 50;
    private static final int LONGEST = 512;
    private static final String MODELS = "models";
    private static final String TOOLS = "tools";
    private static final String READ = "admin:read";
    private static final String WRITE = "admin:write";
    private static final String RULE =
            "a scope is models, models:PROVIDER/MODEL, tools, tools:PROVIDER/TOOL (with * for"
                    + " anything), admin:read or admin:write";

    private final List<String> texts;
    private final List<Wildcard> models;
    private final List<Wildcard> tools;
    private final boolean reads;
    private final boolean writes;

    private Scopes(List<String> texts) {
        this.texts = texts;
        this.models = patterns(texts, MODELS);
        this.tools = patterns(texts, TOOLS);
        this.writes = texts.contains(WRITE);
        this.reads = writes || texts.contains(READ);
    }

    /**
     * The scopes of their texts.
     *
     * @throws IllegalArgumentException if there are none, more than 50, or one of them is none
     */
    public static Scopes of(Collection<String> texts) {
        if (texts.isEmpty() || texts.size() > MOST) {
            throw new IllegalArgumentException("an API key has 1 to " + MOST + " scopes: " + RULE);
        }
        TreeMap<String, Boolean> sorted = new TreeMap<>();
        for (String text : texts) {
            sorted.put(checked(text.strip()), true);
        }
        return new Scopes(List.copyOf(sorted.keySet()));
    }

    private static String checked(String text) {
        boolean known = text.equals(MODELS) || text.equals(TOOLS) || text.equals(READ) || text.equals(WRITE);
        boolean pattern = named(text, MODELS) || named(text, TOOLS);
        if (!known && !pattern || text.length() > LONGEST || !SafeText.showable(text)) {
            throw new IllegalArgumentException(RULE);
        }
        return text;
    }

    // a bare name would mean all providers' models of that name, those to come included
    private static boolean named(String text, String kind) {
        String begin = kind + ":";
        if (!text.startsWith(begin)) {
            return false;
        }
        String pattern = text.substring(begin.length());
        return !pattern.isBlank() && (pattern.contains("/") || pattern.contains(":") || pattern.equals("*"));
    }

    private static List<Wildcard> patterns(List<String> texts, String kind) {
        return texts.stream()
                .filter(text -> text.equals(kind) || text.startsWith(kind + ":"))
                .map(text -> new Wildcard(text.equals(kind) ? "*" : text.substring(kind.length() + 1)))
                .toList();
    }

    /** The scopes as texts, sorted. */
    public List<String> texts() {
        return texts;
    }

    /** Whether a permission is within them; of calls, whether any are. */
    public boolean admit(Permission permission) {
        return switch (permission) {
            case MODEL_EMBED, MODEL_INVOKE -> !models.isEmpty();
            case TOOL_INVOKE -> !tools.isEmpty();
            default -> permission.reads() ? reads : writes;
        };
    }

    /** Whether calls of that model are within them. */
    public boolean admitModel(ProviderId provider, String model) {
        return matches(models, provider + "/" + model);
    }

    /** Whether calls of that tool are within them. */
    public boolean admitTool(ToolAddress tool) {
        return matches(tools, tool.provider() + "/" + tool.tool()) || matches(tools, tool.toString());
    }

    private static boolean matches(List<Wildcard> patterns, String name) {
        return patterns.stream().anyMatch(pattern -> pattern.matches(name));
    }

    /** Whether they hold all that others do. */
    public boolean cover(Scopes others) {
        return (reads || !others.reads)
                && (writes || !others.writes)
                && cover(models, others.models)
                && cover(tools, others.tools);
    }

    private static boolean cover(List<Wildcard> ours, List<Wildcard> theirs) {
        return theirs.stream().allMatch(their -> ours.stream().anyMatch(our -> our.covers(their)));
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Scopes scopes && scopes.texts.equals(texts);
    }

    @Override
    public int hashCode() {
        return texts.hashCode();
    }

    @Override
    public String toString() {
        return String.join(",", texts);
    }
}
