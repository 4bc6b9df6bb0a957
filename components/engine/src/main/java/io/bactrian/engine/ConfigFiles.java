package io.bactrian.engine;

import io.bactrian.core.credential.CredentialForm;
import io.bactrian.core.credential.CredentialFormSchema;
import io.bactrian.core.credential.CredentialValue;
import io.bactrian.core.credential.Credentials;
import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.MisconfiguredException;
import io.bactrian.core.provider.ModelType;
import io.bactrian.core.provider.ProviderCatalog;
import io.bactrian.core.provider.ProviderEntity;
import io.bactrian.core.provider.ProviderId;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.json.YamlNode;
import io.bactrian.json.YamlProblems;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the files under {@code config/workspaces} and {@code config/system} have in common. */
final class ConfigFiles {

    private static final Logger LOG = LoggerFactory.getLogger(ConfigFiles.class);

    private final ProviderCatalog catalog;
    private final Settings settings;

    ConfigFiles(ProviderCatalog catalog, Settings settings) {
        this.catalog = catalog;
        this.settings = settings;
    }

    ProviderCatalog catalog() {
        return catalog;
    }

    /** The YAML files of a folder by name; none if there is no such folder. */
    static List<Path> in(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> {
                        String name = file.getFileName().toString();
                        return name.endsWith(".yaml") || name.endsWith(".yml");
                    })
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw unreadable(folder, e);
        }
    }

    static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    /** What a file is called in messages: its folder and name. */
    static String nameOf(Path file) {
        Path folder = file.toAbsolutePath().getParent();
        return folder == null ? file.toString() : folder.getFileName() + "/" + file.getFileName();
    }

    private static MisconfiguredException unreadable(Path path, IOException e) {
        return new MisconfiguredException(
                ErrorCode.MISCONFIGURED,
                "cannot read " + nameOf(path) + ": " + e.getClass().getSimpleName()
                        + "; see bactrian.config.folder and the file's permissions");
    }

    /** The provider that a node names, which has to be declared. */
    Optional<ProviderEntity> provider(YamlNode node) {
        return id(node, ProviderId::new).flatMap(id -> {
            Optional<ProviderEntity> found = catalog.find(id);
            if (found.isEmpty()) {
                node.problem("there is no provider '" + id + "': use one of "
                        + catalog.all().stream().map(ProviderEntity::provider).toList()
                        + ", or declare it in config/providers");
            }
            return found;
        });
    }

    /** The type that a node names; llm if it names none. */
    static ModelType type(YamlNode node) {
        Optional<String> text = node.text();
        if (text.isEmpty()) {
            return ModelType.LLM;
        }
        Optional<ModelType> type = ModelType.of(text.get());
        if (type.isEmpty()) {
            node.problem("has to be one of " + List.of(ModelType.values()));
        }
        return type.orElse(ModelType.LLM);
    }

    /** An id made of a node's text, which has to be there. */
    static <T> Optional<T> id(YamlNode node, Function<String, T> constructor) {
        String text = node.requiredText();
        if (text.isBlank()) {
            return Optional.empty();
        }
        try {
            return Optional.of(constructor.apply(text));
        } catch (IllegalArgumentException e) {
            node.problem(String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    static Optional<TenantId> tenant(YamlNode node) {
        return id(node, TenantId::new);
    }

    /**
     * The values of a credential, placeholders resolved, checked against its form. A secret that stands in the file
     * itself is worth a warning: whoever reads the repository reads the secret.
     */
    Optional<Credentials> credentials(YamlNode values, CredentialForm form, YamlProblems problems) {
        Map<String, CredentialValue> given = new LinkedHashMap<>();
        int before = problems.all().size();
        values.map().forEach((name, node) -> value(name, node, form).ifPresent(value -> given.put(name, value)));
        if (problems.all().size() > before) {
            return Optional.empty();
        }
        try {
            return Optional.of(form.check(Credentials.of(given)));
        } catch (BadRequestException e) {
            values.problem(e.getMessage());
            return Optional.empty();
        }
    }

    private Optional<CredentialValue> value(String name, YamlNode node, CredentialForm form) {
        if (node.isBoolean()) {
            return node.flag().map(CredentialValue.Flag::new);
        }
        if (node.isNumber() && !secret(form, name)) {
            return node.number().map((BigDecimal number) -> new CredentialValue.Number(number));
        }
        Optional<String> text = node.text();
        if (text.isEmpty()) {
            return Optional.empty();
        }
        if (secret(form, name) && !text.get().contains("{{")) {
            LOG.warn(
                    "{}:{}: the secret '{}' stands in the file itself: put it elsewhere and refer to it, as {{env:NAME}}",
                    node.file(),
                    node.line(),
                    name);
        }
        try {
            return Optional.of(new CredentialValue.Text(settings.resolve(text.get())));
        } catch (RuntimeException e) {
            node.problem("the placeholder cannot be resolved: set what it names (" + placeholders(text.get()) + ")");
            return Optional.empty();
        }
    }

    private static boolean secret(CredentialForm form, String name) {
        return form.field(name).map(CredentialFormSchema::secret).orElse(false);
    }

    /** Only what stands between braces: the text around it may be part of a secret. */
    private static String placeholders(String text) {
        int from = text.indexOf("{{");
        int to = text.lastIndexOf("}}");
        return from >= 0 && to > from ? text.substring(from, to + 2) : "{{…}}";
    }
}
