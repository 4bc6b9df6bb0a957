package io.bactrian.core.tool;

import io.bactrian.core.error.SafeText;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who depends on which tool: endpoints and agents, by a name that people know. When a tool goes or changes, each of them is told
 * of in the log, so that nobody finds out by a call that fails. Thread-safe.
 */
public final class ToolDependents {

    private static final Logger LOG = LoggerFactory.getLogger(ToolDependents.class);
    private static final int LONGEST_NAME = 512;

    // how often each is registered: an endpoint may have several producers
    private final ConcurrentHashMap<Dependent, Integer> registered = new ConcurrentHashMap<>();

    /**
     * Somebody.
     *
     * @param tool the tool as they name it
     * @param name who they are
     */
    private record Dependent(String tool, String name) {

        Dependent {
            if (name.isBlank() || name.length() > LONGEST_NAME || !SafeText.showable(name)) {
                throw new IllegalArgumentException(
                        "a dependent is named by 1 to " + LONGEST_NAME + " characters that can be shown");
            }
        }
    }

    /** Somebody's being registered. */
    @FunctionalInterface
    public interface Registration extends AutoCloseable {

        /** They no longer depend on the tool. Any number of times. */
        @Override
        void close();
    }

    /** As {@link #register(String, String)}, of the tool of that address. */
    public Registration register(String name, ToolAddress tool) {
        return register(name, tool.toString());
    }

    /**
     * Says that somebody depends on a tool, whether or not there is one of that name at the moment.
     *
     * @param name who, such as {@code route ask: agent:helper}; no secret, no option of a URI
     * @param tool the tool: its bare name, {@code PROVIDER/NAME}, or a whole address
     * @return to be closed when that is over
     * @throws IllegalArgumentException if the name cannot be shown, or has more than 512 characters
     */
    public Registration register(String name, String tool) {
        Dependent dependent = new Dependent(tool, name);
        registered.merge(dependent, 1, Integer::sum);
        AtomicBoolean over = new AtomicBoolean();
        return () -> {
            if (over.compareAndSet(false, true)) {
                registered.computeIfPresent(dependent, (key, times) -> times == 1 ? null : times - 1);
            }
        };
    }

    /** Who depends on a tool, by name. */
    public List<String> of(ToolAddress tool) {
        return registered.keySet().stream()
                .filter(dependent -> ToolManager.isNamed(tool, dependent.tool()))
                .map(Dependent::name)
                .distinct()
                .sorted()
                .toList();
    }

    /** All tools that somebody depends on, as they name them, each with who does, by name. */
    public Map<String, List<String>> all() {
        return registered.keySet().stream()
                .collect(Collectors.groupingBy(
                        Dependent::tool,
                        TreeMap::new,
                        Collectors.collectingAndThen(
                                Collectors.mapping(Dependent::name, Collectors.toList()),
                                names -> names.stream().sorted().toList())));
    }

    /**
     * Warns each dependent of a tool, one line for each.
     *
     * @param tool the tool
     * @param what what has become of it, such as {@code is gone: route 'r1' has stopped}
     */
    public void warn(ToolAddress tool, String what) {
        for (String name : of(tool)) {
            LOG.warn("{} calls {}, which {}", name, tool, what);
        }
    }
}
