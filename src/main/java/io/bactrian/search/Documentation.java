package io.bactrian.search;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The documentation that is packed into this jar, under {@code docs/}. */
final class Documentation {

    private static final String FOLDER = "docs";

    private Documentation() {}

    /** All of its passages, document by document, in the order of their paths. */
    static List<Passage> passages() {
        return in(Documentation::under);
    }

    /** The index of passages that came with them, if one was made when they were packed. */
    static Optional<PassageIndex> index(List<Passage> passages, String model) {
        return in(folder -> new IndexFile(folder, model).read(passages));
    }

    private interface Reading<T> {
        T from(Path folder) throws IOException;
    }

    private static <T> T in(Reading<T> reading) {
        URL location = Documentation.class.getProtectionDomain().getCodeSource().getLocation();
        try {
            return in(location.toURI(), reading);
        } catch (URISyntaxException e) {
            throw new IllegalStateException("the runnable lies in a place without a valid name", e);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the documentation in the runnable", e);
        }
    }

    private static <T> T in(URI location, Reading<T> reading) throws IOException {
        Path code = Path.of(location);
        if (Files.isDirectory(code)) {
            return reading.from(code.resolve(FOLDER));
        }
        try (FileSystem jar = FileSystems.newFileSystem(code, Map.of())) {
            return reading.from(jar.getPath(FOLDER));
        }
    }

    private static List<Passage> under(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        List<Passage> passages = new ArrayList<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(path -> path.toString().endsWith(".md"))
                    .sorted()
                    .toList()) {
                String source = folder.relativize(file).toString().replace('\\', '/');
                passages.addAll(MarkdownPassages.of(source, Files.readString(file)));
            }
        }
        return List.copyOf(passages);
    }
}
