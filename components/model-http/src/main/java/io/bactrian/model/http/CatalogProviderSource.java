package io.bactrian.model.http;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.MisconfiguredException;
import io.bactrian.core.model.DialectEnvironment;
import io.bactrian.core.provider.ProviderEntity;
import io.bactrian.core.provider.ProviderId;
import io.bactrian.core.provider.ProviderSource;
import io.bactrian.json.YamlProblems;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The provider catalogue: one YAML file per provider. First the files that come with this jar, then those of the folder
 * that the setting {@value #FOLDER} names, which add providers or take the place of ours. Read strictly: a key that is
 * not known, or a value that is wrong, is an error; all errors of all files are told at once.
 */
public final class CatalogProviderSource implements ProviderSource {

    /** The setting that names a folder of further declarations. */
    public static final String FOLDER = "bactrian.catalog.folder";

    private static final String OURS = "providers/";
    private static final String INDEX = "providers.index";

    private final @Nullable Path folder;

    private CatalogProviderSource(@Nullable Path folder) {
        this.folder = folder;
    }

    /** The declarations that come with this jar. */
    public static CatalogProviderSource builtIn() {
        return new CatalogProviderSource(null);
    }

    /** The declarations that come with this jar, and those of a folder. */
    public static CatalogProviderSource withFolder(Path folder) {
        return new CatalogProviderSource(folder);
    }

    /** As the setting says. */
    public static CatalogProviderSource of(DialectEnvironment environment) {
        Optional<String> named = environment.setting(FOLDER).filter(text -> !text.isBlank());
        if (named.isEmpty()) {
            return builtIn();
        }
        try {
            return withFolder(Path.of(named.get().strip()));
        } catch (InvalidPathException notAPath) {
            throw misconfigured(FOLDER + " is not the name of a folder");
        }
    }

    @Override
    public List<ProviderEntity> providers() {
        List<YamlProblems> problems = new ArrayList<>();
        Map<ProviderId, ProviderEntity> all = new LinkedHashMap<>();
        for (String name : names()) {
            YamlProblems found = new YamlProblems(OURS + name);
            problems.add(found);
            ProviderReader.read(ours(OURS + name), found).ifPresent(provider -> all.put(provider.provider(), provider));
        }
        if (folder != null) {
            all.putAll(ofFolder(folder, problems));
        }
        YamlProblems.refuseAny(problems);
        return List.copyOf(all.values());
    }

    private static Map<ProviderId, ProviderEntity> ofFolder(Path folder, List<YamlProblems> problems) {
        Map<ProviderId, ProviderEntity> found = new LinkedHashMap<>();
        for (Path file : filesOf(folder)) {
            YamlProblems ofFile = new YamlProblems(folder.getFileName() + "/" + file.getFileName());
            problems.add(ofFile);
            ProviderEntity provider = text(file, ofFile)
                    .flatMap(text -> ProviderReader.read(text, ofFile))
                    .orElse(null);
            if (provider != null && found.put(provider.provider(), provider) != null) {
                ofFile.add(1, "another file of this folder declares the provider " + provider.provider() + " too");
            }
        }
        return found;
    }

    private static List<Path> filesOf(Path folder) {
        if (!Files.isDirectory(folder)) {
            throw misconfigured(FOLDER + ": there is no folder " + folder);
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file ->
                            file.toString().endsWith(".yaml") || file.toString().endsWith(".yml"))
                    .sorted()
                    .toList();
        } catch (IOException unreadable) {
            throw misconfigured(FOLDER + ": the folder " + folder + " cannot be read");
        }
    }

    private static Optional<String> text(Path file, YamlProblems problems) {
        try {
            return Optional.of(Files.readString(file));
        } catch (IOException unreadable) {
            problems.add(1, "cannot be read as text in UTF-8");
            return Optional.empty();
        }
    }

    /** A jar has no folders to list, so its files are listed in an index. */
    static List<String> names() {
        return ours(INDEX)
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .toList();
    }

    private static String ours(String resource) {
        try (InputStream in = CatalogProviderSource.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw misconfigured("this jar lacks its own file " + resource);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw misconfigured("this jar's own file " + resource + " cannot be read");
        }
    }

    private static MisconfiguredException misconfigured(String problem) {
        return new MisconfiguredException(ErrorCode.MISCONFIGURED, problem);
    }

    @Override
    public String toString() {
        return "CatalogProviderSource[" + (folder == null ? "built in" : folder) + "]";
    }
}
