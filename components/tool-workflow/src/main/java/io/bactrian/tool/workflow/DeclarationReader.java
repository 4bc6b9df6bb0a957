package io.bactrian.tool.workflow;

import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.InvokeException;
import io.bactrian.core.error.MisconfiguredException;
import io.bactrian.core.json.JsonObject;
import io.bactrian.core.json.JsonValue;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tool.I18nText;
import io.bactrian.core.tool.Tool;
import io.bactrian.core.tool.ToolApproval;
import io.bactrian.core.tool.ToolDescription;
import io.bactrian.core.tool.ToolEntity;
import io.bactrian.core.tool.ToolIdentity;
import io.bactrian.core.tool.ToolLabel;
import io.bactrian.core.tool.ToolParameter;
import io.bactrian.core.tool.ToolProviderEntity;
import io.bactrian.core.tool.ToolProviderType;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.apache.camel.Route;
import org.apache.camel.support.ResourceHelper;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads what a route's options declare, when it starts. Whatever is wrong is told with the route and the option. */
final class DeclarationReader {

    private static final Logger LOG = LoggerFactory.getLogger(DeclarationReader.class);
    private static final Pattern SHORT_FORM = Pattern.compile("[^\\s:{=]+=");
    private static final int MOST_PARAMETERS = 128;
    private static final int LARGEST_FILE = 1_000_000;

    private final ToolWorkflowEndpoint endpoint;
    private final WorkflowConsumer consumer;
    private final WorkflowTools tools;

    DeclarationReader(ToolWorkflowEndpoint endpoint, WorkflowConsumer consumer, WorkflowTools tools) {
        this.endpoint = endpoint;
        this.consumer = consumer;
        this.tools = tools;
    }

    /** @throws MisconfiguredException naming the route and the option that is wrong */
    Publication read() {
        String name = endpoint.getToolName();
        Set<TenantId> tenants = tenants();
        OutputSchema outputSchema = outputSchema();
        ToolEntity entity = entity(name, outputSchema == null ? null : outputSchema.schema());
        RouteTool function = new RouteTool(consumer, entity, outputSchema, tools);
        Tool tool = option("parameters", () -> new Tool(ToolProviderType.WORKFLOW, entity, function, tools.json()));
        ToolProviderEntity provider =
                ToolProviderEntity.of(name, entity.description().llm(), labels(entity.tags()));
        return new Publication(provider, tool, tenants, consumer.route());
    }

    private ToolEntity entity(String name, @Nullable JsonObject outputSchema) {
        String description = description();
        String label = given(endpoint.getLabel());
        return option("label", () -> ToolEntity.of(name, name, description)
                .identity(new ToolIdentity("", name, I18nText.of(label == null ? name : label), name, null))
                .description(ToolDescription.of(description))
                .parameters(parameters())
                .outputSchema(outputSchema)
                .tags(list(endpoint.getTags()))
                .retriable(endpoint.isRetriable())
                .approval(approval())
                .timeout(timeout())
                .version(Objects.requireNonNullElse(given(endpoint.getVersion()), ""))
                .build());
    }

    private String description() {
        String description = given(endpoint.getDescription());
        Route route = consumer.getRoute();
        if (description == null && route != null) {
            description = given(route.getDescription());
        }
        if (description == null) {
            LOG.warn(
                    "{} publishes {} without a description, by which models choose: set the option description",
                    where(),
                    endpoint.address());
            return "";
        }
        return description;
    }

    private List<ToolParameter> parameters() {
        List<ToolParameter> parameters = new ArrayList<>(listed());
        for (Map.Entry<String, Object> one : endpoint.getShortParameters().entrySet()) {
            String option = ToolWorkflowEndpoint.PARAMETER_PREFIX + one.getKey();
            if (parameters.stream().anyMatch(known -> known.name().equals(one.getKey()))) {
                throw wrong(option, "the option parameters has it too: leave one of them out");
            }
            parameters.add(option(option, () -> CompactParameter.parse(one.getKey(), String.valueOf(one.getValue()))));
        }
        if (parameters.size() > MOST_PARAMETERS) {
            throw wrong("parameters", "a tool has at most " + MOST_PARAMETERS + " of them");
        }
        return parameters;
    }

    /** What the option {@code parameters} says: a schema, or parameters in the short form. */
    private List<ToolParameter> listed() {
        String given = given(endpoint.getParameters());
        if (given == null) {
            return List.of();
        }
        return SHORT_FORM.matcher(given).lookingAt()
                ? option("parameters", () -> CompactParameter.parseAll(given))
                : option("parameters", () -> SchemaParameters.of(schema("parameters", given)));
    }

    private @Nullable OutputSchema outputSchema() {
        String schema = given(endpoint.getOutputSchema());
        return schema == null
                ? null
                : option("outputSchema", () -> new OutputSchema(schema("outputSchema", schema), tools.json()));
    }

    private JsonObject schema(String option, String written) {
        String text = written.startsWith("{") ? written : resource(option, written);
        JsonValue value = option(option, () -> tools.json().parse(text));
        if (value instanceof JsonObject schema) {
            return schema;
        }
        throw wrong(option, "it has to be a JSON Schema, an object");
    }

    private String resource(String option, String uri) {
        boolean local = uri.startsWith("classpath:") || uri.startsWith("file:");
        if (!local) {
            throw wrong(option, "it is classpath:NAME or file:NAME of a JSON Schema, or the schema itself");
        }
        try (InputStream in = ResourceHelper.resolveMandatoryResourceAsInputStream(endpoint.getCamelContext(), uri)) {
            byte[] bytes = in.readNBytes(LARGEST_FILE + 1);
            if (bytes.length > LARGEST_FILE) {
                throw wrong(option, "the file has more than " + LARGEST_FILE + " bytes");
            }
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw wrong(option, "the file is no text in UTF-8");
        } catch (IOException e) {
            throw wrong(option, "there is no such file");
        }
    }

    private Set<TenantId> tenants() {
        Set<TenantId> tenants = new LinkedHashSet<>();
        if (endpoint.getTenants() == null || endpoint.getTenants().strip().equals("*")) {
            return tenants;
        }
        for (String tenant : list(endpoint.getTenants())) {
            tenants.add(option("tenants", () -> new TenantId(tenant)));
        }
        if (tenants.isEmpty()) {
            // an empty list must not come to mean all
            throw wrong("tenants", "it names nobody: write * if the tool is for all tenants");
        }
        return tenants;
    }

    private ToolApproval approval() {
        return ToolApproval.of(endpoint.getApproval().strip())
                .orElseThrow(() -> wrong("approval", "it is auto, ask or deny"));
    }

    private @Nullable Duration timeout() {
        if (!(endpoint.getConfiguration() instanceof WorkflowConfiguration own) || !own.timeoutGiven()) {
            return null;
        }
        // more than nothing: the endpoint has checked it
        return Duration.ofMillis(own.getTimeout());
    }

    private static ToolLabel[] labels(List<String> tags) {
        return Arrays.stream(ToolLabel.values())
                .filter(label -> tags.contains(label.text()))
                .toArray(ToolLabel[]::new);
    }

    /** An option's text without blanks around it; null if there is none. */
    private static @Nullable String given(@Nullable String option) {
        return option == null || option.isBlank() ? null : option.strip();
    }

    private static List<String> list(@Nullable String text) {
        return text == null
                ? List.of()
                : Arrays.stream(text.split(",", -1))
                        .map(String::strip)
                        .filter(entry -> !entry.isEmpty())
                        .distinct()
                        .toList();
    }

    private <T> T option(String option, Supplier<T> reader) {
        try {
            return reader.get();
        } catch (IllegalArgumentException | BadRequestException e) {
            throw wrong(option, String.valueOf(e.getMessage()));
        } catch (MisconfiguredException e) {
            throw e.getMessage().startsWith(where()) ? e : wrong(option, e.getMessage());
        } catch (InvokeException e) {
            throw wrong(option, e.getMessage());
        }
    }

    private MisconfiguredException wrong(String option, String rule) {
        return new MisconfiguredException(
                ErrorCode.MISCONFIGURED,
                where() + " cannot publish tool-workflow:" + endpoint.getToolName() + ": the option " + option
                        + " is wrong: " + rule);
    }

    private String where() {
        return "route '" + consumer.route() + "'";
    }
}
