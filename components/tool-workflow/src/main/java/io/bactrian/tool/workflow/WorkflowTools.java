package io.bactrian.tool.workflow;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.MisconfiguredException;
import io.bactrian.core.file.FileStore;
import io.bactrian.core.json.JsonCodec;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tool.ToolDependents;
import io.bactrian.core.tool.ToolEntity;
import io.bactrian.core.tool.ToolProviderController;
import io.bactrian.core.tool.ToolProviderSource;
import io.bactrian.core.tool.ToolProviderType;
import io.bactrian.support.BactrianEngine;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The routes of an installation that are published as tools. Asked without a lock: what is published is replaced as a whole
 * whenever a route starts or stops.
 */
final class WorkflowTools implements ToolProviderSource {

    private static final Logger LOG = LoggerFactory.getLogger(WorkflowTools.class);
    private static final int MOST_REMEMBERED = 10_000;

    private final JsonCodec json;
    private final FileStore files;
    private final ReentrantLock changing = new ReentrantLock();
    private volatile Map<String, List<Publication>> published = Map.of();

    // what was withdrawn last under a name, so that a change shows when it is published again
    private final Map<Key, ToolEntity> withdrawn = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, ToolEntity> eldest) {
            return size() > MOST_REMEMBERED;
        }
    };

    private record Key(String name, Set<TenantId> tenants) {
        static Key of(Publication publication) {
            return new Key(publication.name(), publication.tenants());
        }
    }

    /**
     * @param json reads and checks JSON
     * @param files where files are
     */
    WorkflowTools(JsonCodec json, FileStore files) {
        this.json = json;
        this.files = files;
    }

    /**
     * Those of an installation.
     *
     * @throws MisconfiguredException if it has none
     */
    static WorkflowTools of(BactrianEngine engine) {
        return engine.toolManager()
                .source(WorkflowTools.class)
                .orElseThrow(() -> new MisconfiguredException(
                        ErrorCode.MISCONFIGURED,
                        "the engine was assembled without bactrian-tool-workflow: add the dependency to the project whose class"
                                + " path the engine is on"));
    }

    /** Reads and checks JSON. */
    JsonCodec json() {
        return json;
    }

    /** Where files are. */
    FileStore files() {
        return files;
    }

    @Override
    public ToolProviderType toolProviderType() {
        return ToolProviderType.WORKFLOW;
    }

    @Override
    public Optional<ToolProviderController> provider(TenantId tenant, String name) {
        for (Publication publication : published.getOrDefault(name, List.of())) {
            if (publication.isFor(tenant)) {
                return Optional.of(publication);
            }
        }
        return Optional.empty();
    }

    @Override
    public List<ToolProviderController> providers(TenantId tenant) {
        List<ToolProviderController> theirs = new ArrayList<>();
        for (Publication publication : published()) {
            if (publication.isFor(tenant)) {
                theirs.add(publication);
            }
        }
        return theirs;
    }

    /** All that is published, by name. */
    List<Publication> published() {
        return published.values().stream().flatMap(List::stream).toList();
    }

    /**
     * Publishes a route. Who depends on the tool learns if it has changed since it was withdrawn.
     *
     * @throws MisconfiguredException naming both routes if another one publishes that name for a tenant of this one
     */
    void publish(Publication publication, ToolDependents dependents) {
        changing.lock();
        try {
            List<Publication> others = published.getOrDefault(publication.name(), List.of());
            others.stream().filter(publication::overlaps).findFirst().ifPresent(other -> {
                throw twice(publication, other);
            });
            List<Publication> together = new ArrayList<>(others);
            together.add(publication);
            replace(publication.name(), together);
            warnOfChange(publication, dependents);
        } finally {
            changing.unlock();
        }
        LOG.info("{} is published by {}", publication.tool().address(), publication);
    }

    private static MisconfiguredException twice(Publication publication, Publication other) {
        return new MisconfiguredException(
                ErrorCode.MISCONFIGURED,
                publication + " cannot publish " + publication.tool().address() + ", because " + other
                        + " does: give one of them another name, or set tenants= on both so that no tenant has two");
    }

    private void warnOfChange(Publication publication, ToolDependents dependents) {
        ToolEntity before = withdrawn.remove(Key.of(publication));
        if (before == null) {
            return;
        }
        List<String> changes = DeclarationChange.between(before, publication.declaration());
        if (!changes.isEmpty()) {
            dependents.warn(
                    publication.tool().address(),
                    "has changed with route '" + publication.route() + "': " + String.join(", ", changes));
        }
    }

    /**
     * Takes a publication back; does nothing if it is none any more.
     *
     * @param dependents who learns of it; to be told only while the installation goes on
     * @param told whether they are to be told
     */
    void withdraw(Publication publication, ToolDependents dependents, boolean told) {
        changing.lock();
        try {
            List<Publication> rest = new ArrayList<>(published.getOrDefault(publication.name(), List.of()));
            if (!rest.removeIf(one -> one == publication)) {
                return;
            }
            replace(publication.name(), rest);
            withdrawn.put(Key.of(publication), publication.declaration());
        } finally {
            changing.unlock();
        }
        LOG.info("{} is withdrawn: {} has stopped", publication.tool().address(), publication);
        if (told) {
            dependents.warn(publication.tool().address(), "is gone: " + publication + " has stopped");
        }
    }

    private void replace(String name, List<Publication> publications) {
        Map<String, List<Publication>> changed = new TreeMap<>(published);
        if (publications.isEmpty()) {
            changed.remove(name);
        } else {
            changed.put(name, List.copyOf(publications));
        }
        published = changed;
    }
}
