package io.bactrian.core.tool;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * The names by which a model calls tools: 1 to 64 of {@code a-z A-Z 0-9 _ -}, the first a letter or {@code _}, as every provider
 * takes them, each for one tool only. A tool keeps its own name where no other has it; otherwise its provider's stands before it.
 * The same tools always get the same names, in whatever order they come.
 */
public final class ToolAliases {

    private static final int LONGEST = 64;
    private static final int MARK_BYTES = 4;

    private final Map<String, ToolAddress> tools = new LinkedHashMap<>();
    private final Map<ToolAddress, String> aliases = new HashMap<>();

    private ToolAliases() {}

    /** Names for these tools. */
    public static ToolAliases of(Collection<ToolAddress> addresses) {
        ToolAliases named = new ToolAliases();
        TreeSet<ToolAddress> ordered = new TreeSet<>(addresses);
        Map<String, Integer> bare = new HashMap<>();
        ordered.forEach(address -> bare.merge(legal(address.tool()), 1, Integer::sum));
        // names of their own first: no other tool's longer name may take one away
        ordered.stream()
                .filter(address -> bare.getOrDefault(legal(address.tool()), 0) == 1)
                .forEach(address -> named.put(legal(address.tool()), address));
        ordered.stream()
                .filter(address -> !named.aliases.containsKey(address))
                .forEach(address -> named.put(named.longer(address), address));
        return named;
    }

    private void put(String alias, ToolAddress address) {
        tools.put(alias, address);
        aliases.put(address, alias);
    }

    private String longer(ToolAddress address) {
        String withProvider = legal(address.provider() + "_" + address.tool());
        if (!tools.containsKey(withProvider)) {
            return withProvider;
        }
        String withType = legal(address.type() + "_" + address.provider() + "_" + address.tool());
        String alias = withType;
        // whoever names tools may have made their marks collide
        for (int n = 1; tools.containsKey(alias); n++) {
            alias = marked(withType, address + "#" + n);
        }
        return alias;
    }

    private static String legal(String name) {
        String legal = name.replaceAll("[^a-zA-Z0-9_-]", "_");
        if (Character.isDigit(legal.charAt(0)) || legal.charAt(0) == '-') {
            legal = "_" + legal;
        }
        return legal.length() <= LONGEST && legal.equals(name) ? legal : marked(legal, name);
    }

    /** Two names that differ only in what no model may write must not become one. */
    private static String marked(String legal, String name) {
        byte[] sum = sha256(name);
        String mark = "_" + HexFormat.of().formatHex(sum, 0, MARK_BYTES);
        return legal.substring(0, Math.min(legal.length(), LONGEST - mark.length())) + mark;
    }

    private static byte[] sha256(String name) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            // every Java platform has it
            throw new IllegalStateException(e);
        }
    }

    /** The tool that a model means. */
    public Optional<ToolAddress> find(String alias) {
        return Optional.ofNullable(tools.get(alias));
    }

    /** The name of a tool. */
    public Optional<String> aliasOf(ToolAddress address) {
        return Optional.ofNullable(aliases.get(address));
    }

    /** All names with their tools. */
    public Map<String, ToolAddress> all() {
        return Map.copyOf(tools);
    }
}
