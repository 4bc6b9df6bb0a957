package io.bactrian.tool.workflow;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.MisconfiguredException;
import io.bactrian.core.tool.ToolAddress;
import io.bactrian.support.BactrianEngine;
import io.bactrian.support.CallTraffic;
import io.bactrian.support.tool.ToolConfiguration;
import io.bactrian.support.tool.ToolConstants;
import io.bactrian.support.tool.ToolEndpointSupport;
import io.bactrian.support.tool.ToolReference;
import io.bactrian.support.tool.ToolSettings;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.apache.camel.Category;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.UriEndpoint;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriPath;
import org.jspecify.annotations.Nullable;

/** Makes a route a tool (from), and calls such tools (to). */
@UriEndpoint(
        firstVersion = "0.1.0",
        scheme = ToolWorkflowEndpoint.SCHEME,
        title = "AI Tool Workflow",
        syntax = "tool-workflow:toolName",
        category = {Category.AI},
        headersClass = ToolConstants.class)
public class ToolWorkflowEndpoint extends ToolEndpointSupport {

    static final String SCHEME = "tool-workflow";
    static final String PARAMETER_PREFIX = "parameter.";

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_-]{0,63}");

    @UriPath(
            description =
                    "The name of the tool: 1 to 64 letters, digits, underscores and hyphens. Models choose by name and"
                            + " description.")
    @Metadata(required = true)
    private String toolName;

    @UriParam(
            label = "consumer",
            description =
                    "What the tool is good for, as a model and people read it. Without it the description of the route.")
    private @Nullable String description;

    @UriParam(
            label = "consumer",
            prefix = PARAMETER_PREFIX,
            multiValue = true,
            description =
                    "The parameters of the tool by name, such as parameter.order_id=string,required:The order number. Each"
                            + " begins with its type: string, number, integer, boolean, date, file, files, object, array, or"
                            + " select(a|b|c). Flags follow, each behind a comma: required; form, for one that whoever builds the route or"
                            + " agent sets and no model sees; default=VALUE, in double quotes if it holds a comma or a colon. The"
                            + " description follows a colon.")
    private Map<String, Object> shortParameters = new LinkedHashMap<>();

    @UriParam(
            label = "consumer",
            description =
                    "The parameters as a JSON Schema of an object, whose properties they are: classpath:NAME, file:NAME or the"
                            + " schema itself. A text of the format file is a file, by its id. Or parameters in the short form, each as"
                            + " NAME=TYPE..., with semicolons between them. Can stand beside parameters that are options of their own.")
    private @Nullable String parameters;

    @UriParam(
            label = "consumer",
            description =
                    "The JSON Schema that the structured result has to fit: classpath:NAME, file:NAME or the schema itself.")
    private @Nullable String outputSchema;

    @UriParam(
            label = "consumer",
            description =
                    "The version of the tool. To be changed when its parameters or its result change: callers may insist on"
                            + " one.")
    private @Nullable String version;

    @UriParam(
            label = "consumer,security",
            description =
                    "The tenants whom the tool is for, separated by commas. Without it, or with an asterisk, all.")
    private @Nullable String tenants;

    @UriParam(
            label = "consumer,security",
            defaultValue = "auto",
            enums = "auto,ask,deny",
            description = "Whether a person is asked before a model calls the tool, or it is not called at all.")
    private String approval = "auto";

    @UriParam(
            label = "consumer",
            description = "Whether a call that failed may be made again: only if doing it twice is as good as once.")
    private boolean retriable;

    @UriParam(label = "consumer", description = "Words by which the tool is found, separated by commas.")
    private @Nullable String tags;

    @UriParam(label = "consumer", description = "What people see instead of the name.")
    private @Nullable String label;

    @UriParam(
            label = "producer",
            description =
                    "The version of the tool that the call is meant for: 2 is met by 2, 2.1 and 2.1.4, and not by 3. A call"
                            + " that would get to another one is refused. Without it, whichever there is.")
    private @Nullable String requiredVersion;

    /**
     * @param uri the URI
     * @param component the component
     * @param configuration the options of calls, this endpoint's own copy
     * @param path the path of the URI
     */
    public ToolWorkflowEndpoint(
            String uri, ToolWorkflowComponent component, ToolConfiguration configuration, String path) {
        super(uri, component, configuration, SCHEME, path);
        this.toolName = path;
    }

    @Override
    protected ToolReference reference(String toolPath) {
        return named(toolPath);
    }

    /** @throws IllegalArgumentException if it is no name of such a tool */
    static ToolReference named(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "a tool-workflow: endpoint is written tool-workflow:NAME, of 1 to 64 letters, digits, '_' and '-'");
        }
        return new ToolReference.Addressed(ToolAddress.workflow(name));
    }

    @Override
    public Producer createProducer() throws Exception {
        List<String> misplaced = consumerOptions();
        if (!misplaced.isEmpty()) {
            throw new MisconfiguredException(
                    ErrorCode.MISCONFIGURED,
                    "the options " + misplaced + " declare a tool, where it is published: write them at from(" + SCHEME
                            + ":" + address() + "), and not where it is called");
        }
        return new WorkflowProducer(this, super.createProducer());
    }

    private List<String> consumerOptions() {
        TreeSet<String> given = new TreeSet<>();
        shortParameters.keySet().forEach(name -> given.add(PARAMETER_PREFIX + name));
        add(given, "description", given(description));
        add(given, "parameters", given(parameters));
        add(given, "outputSchema", given(outputSchema));
        add(given, "version", given(version));
        add(given, "tenants", given(tenants));
        add(given, "approval", !approval.equals("auto"));
        add(given, "retriable", retriable);
        add(given, "tags", given(tags));
        add(given, "label", given(label));
        return List.copyOf(given);
    }

    static boolean given(@Nullable String value) {
        return value != null && !value.isBlank();
    }

    private static void add(TreeSet<String> options, String name, boolean given) {
        if (given) {
            options.add(name);
        }
    }

    @Override
    public Consumer createConsumer(Processor processor) throws Exception {
        List<String> misplaced = producerOptions();
        if (!misplaced.isEmpty()) {
            throw new MisconfiguredException(
                    ErrorCode.MISCONFIGURED,
                    "the options " + misplaced + " are for calls of a tool: write them where " + SCHEME + ":"
                            + address() + " is called. Whom a tool is for is said by tenants=");
        }
        WorkflowConsumer consumer = new WorkflowConsumer(this, processor);
        consumer.setHealthCheck(new WorkflowToolHealthCheck(consumer, address()));
        configureConsumer(consumer);
        return consumer;
    }

    /** What is set here and not for the component as a whole. */
    private List<String> producerOptions() {
        ToolConfiguration own = getConfiguration();
        ToolConfiguration common = ((ToolWorkflowComponent) getComponent()).getConfiguration();
        TreeSet<String> given = new TreeSet<>();
        add(given, "tenant", given(own.getTenant()) && !Objects.equals(own.getTenant(), common.getTenant()));
        add(
                given,
                "credential",
                given(own.getCredential()) && !Objects.equals(own.getCredential(), common.getCredential()));
        add(given, "stream", own.isStream() && !common.isStream());
        own.getFormValues().keySet().stream()
                .filter(name -> !common.getFormValues().containsKey(name))
                .forEach(name -> given.add("form." + name));
        add(given, "requiredVersion", given(requiredVersion));
        return List.copyOf(given);
    }

    /** How callers of the options are to be settled; there once the endpoint is initialized. */
    ToolSettings callSettings() {
        return settings();
    }

    /** What the endpoint calls; there once it has started. */
    BactrianEngine callEngine() {
        return engine();
    }

    /** The calls so far; there once the endpoint has started. */
    CallTraffic callTraffic() {
        return traffic();
    }

    public String getToolName() {
        return toolName;
    }

    public void setToolName(String toolName) {
        this.toolName = toolName;
    }

    public @Nullable String getDescription() {
        return description;
    }

    public void setDescription(@Nullable String description) {
        this.description = description;
    }

    public Map<String, Object> getShortParameters() {
        return shortParameters;
    }

    public void setShortParameters(Map<String, Object> shortParameters) {
        this.shortParameters = shortParameters;
    }

    public @Nullable String getParameters() {
        return parameters;
    }

    public void setParameters(@Nullable String parameters) {
        this.parameters = parameters;
    }

    public @Nullable String getOutputSchema() {
        return outputSchema;
    }

    public void setOutputSchema(@Nullable String outputSchema) {
        this.outputSchema = outputSchema;
    }

    public @Nullable String getVersion() {
        return version;
    }

    public void setVersion(@Nullable String version) {
        this.version = version;
    }

    public @Nullable String getTenants() {
        return tenants;
    }

    public void setTenants(@Nullable String tenants) {
        this.tenants = tenants;
    }

    public String getApproval() {
        return approval;
    }

    public void setApproval(String approval) {
        this.approval = approval;
    }

    public boolean isRetriable() {
        return retriable;
    }

    public void setRetriable(boolean retriable) {
        this.retriable = retriable;
    }

    public @Nullable String getTags() {
        return tags;
    }

    public void setTags(@Nullable String tags) {
        this.tags = tags;
    }

    public @Nullable String getLabel() {
        return label;
    }

    public void setLabel(@Nullable String label) {
        this.label = label;
    }

    public @Nullable String getRequiredVersion() {
        return requiredVersion;
    }

    public void setRequiredVersion(@Nullable String requiredVersion) {
        this.requiredVersion = requiredVersion;
    }
}
