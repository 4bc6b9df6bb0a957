package io.bactrian.search;

import io.bactrian.core.error.InvokeException;
import io.bactrian.engine.Installation;
import io.bactrian.engine.MapSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the index of the documentation while the runnable is built, so that no start has to: it takes a processor some ten
 * seconds. Where the model does not run, the build goes on without an index.
 */
public final class IndexBuilder {

    private static final Logger LOG = LoggerFactory.getLogger(IndexBuilder.class);

    private IndexBuilder() {}

    /**
     * Makes the index unless it is there.
     *
     * @param arguments the folder of the documentation, among the compiled classes
     */
    public static void main(String[] arguments) {
        List<Passage> passages = Documentation.passages();
        IndexFile file = new IndexFile(Path.of(arguments[0]), DocumentationSearch.MODEL);
        if (file.read(passages).isPresent()) {
            return;
        }
        try (Installation installation = Installation.open(new MapSettings(Map.of(), name -> null))) {
            file.write(DocumentationSearch.build(installation.modelManager(), passages));
        } catch (InvokeException e) {
            LOG.warn("no search index comes with this build, each start makes one: {}", e.getMessage());
        }
    }
}
