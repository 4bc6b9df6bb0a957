package io.bactrian.model;

import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.spi.Configurer;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriParams;
import org.jspecify.annotations.Nullable;

/** The options of a {@code model:} endpoint as Camel sets them; {@link ModelSettings} is what becomes of them at start. */
@Configurer
@UriParams
public class ModelConfiguration implements Cloneable {

    @UriParam(defaultValue = "llm", enums = "llm,text-embedding", description = "What the model is to do.")
    private String type = "llm";

    @UriParam(
            description = "Whether the answer comes piece by piece: the body is then a ModelStream, which ends with its"
                    + " exchange.")
    private boolean stream;

    @UriParam(
            label = "security",
            description = "The tenant who pays. For routes of one tenant; without it the exchange property"
                    + " BactrianTenant says who pays, and without that the default tenant of the installation.")
    private @Nullable String tenant;

    @UriParam(
            label = "security",
            description =
                    "The name of the one of the tenant's credentials that pays, instead of the one in force. Never"
                            + " a key: keys are kept where the tenant's credentials are.")
    private @Nullable String credential;

    @UriParam(
            defaultValue = "300000",
            javaType = "java.time.Duration",
            description = "How long the call may take, the reading of a stream included. A deadline that the exchange"
                    + " carries (property BactrianDeadline) can make it sooner.")
    private long timeout = 300_000;

    @UriParam(
            javaType = "java.time.Duration",
            description = "How long a stream may take until its first content before the next credential, or a fallback"
                    + " model, is asked. Without it the installation's setting bactrian.retry.first-token-timeout"
                    + " holds, and without that the time of the call.")
    private long firstTokenTimeout;

    @UriParam(description = "Instructions for the model, put before the prompt.")
    private @Nullable String systemMessage;

    @UriParam(label = "parameters", description = "How far the model may stray from the most likely answer.")
    private @Nullable Double temperature;

    @UriParam(label = "parameters", description = "The share of the most likely tokens that are considered.")
    private @Nullable Double topP;

    @UriParam(label = "parameters", description = "The most tokens the answer may have.")
    private @Nullable Integer maxTokens;

    @UriParam(label = "parameters", description = "Makes answers repeatable, as far as the provider can.")
    private @Nullable Long seed;

    @UriParam(label = "parameters", description = "How far tokens that have occurred are avoided.")
    private @Nullable Double presencePenalty;

    @UriParam(label = "parameters", description = "How far tokens that have occurred often are avoided.")
    private @Nullable Double frequencyPenalty;

    @UriParam(
            label = "parameters",
            description = "Texts that end the answer: separated by commas, or a JSON array of strings.")
    private @Nullable String stop;

    @UriParam(label = "parameters", description = "Who is asking, as the provider may learn it.")
    private @Nullable String user;

    @UriParam(
            label = "parameters",
            enums = "text,json_object,json_schema",
            description = "The form of the answer. With json_schema the option jsonSchema holds the schema.")
    private @Nullable String responseFormat;

    @UriParam(
            label = "parameters",
            description = "The JSON Schema of the answer: the schema itself, or classpath:NAME.")
    private @Nullable String jsonSchema;

    @UriParam(
            label = "parameters",
            description = "The class that the answer is read into: a record or a bean. Its JSON Schema is sent along,"
                    + " and the body is an instance of it.")
    private @Nullable String outputClass;

    @UriParam(
            label = "parameters",
            description = "The length of the vectors, for text-embedding models that let one choose.")
    private @Nullable Integer dimensions;

    @UriParam(
            label = "parameters",
            defaultValue = "document",
            enums = "document,query",
            description = "Whether texts are stored to be found or are searched with, for text-embedding models that"
                    + " tell one from the other.")
    private @Nullable String inputType;

    @UriParam(
            label = "advanced",
            description = "The headers of a message that replace options, separated by commas: CamelModelName,"
                    + " CamelModelTemperature, CamelModelTopP, CamelModelMaxTokens, CamelModelSeed,"
                    + " CamelModelPresencePenalty, CamelModelFrequencyPenalty, CamelModelStop, CamelModelDimensions."
                    + " None by default; tenant, credential, provider and addresses are never among them.")
    private @Nullable String headerOverrides;

    @UriParam(
            label = "parameters",
            prefix = "param.",
            multiValue = true,
            description = "Further parameters of the model by the names of the OpenAI chat API, such as param.top_k=5."
                    + " Numbers, true and false and JSON are sent as such; text in double quotes is always text.")
    private Map<String, Object> additionalParameters = new LinkedHashMap<>();

    /** An independent copy. */
    public ModelConfiguration copy() {
        try {
            ModelConfiguration copy = (ModelConfiguration) clone();
            copy.additionalParameters = new LinkedHashMap<>(additionalParameters);
            return copy;
        } catch (CloneNotSupportedException e) {
            throw new RuntimeCamelException(e);
        }
    }

    public String getType() {
        return type;
    }

    public void setType(String type) {
        this.type = type;
    }

    public boolean isStream() {
        return stream;
    }

    public void setStream(boolean stream) {
        this.stream = stream;
    }

    public @Nullable String getTenant() {
        return tenant;
    }

    public void setTenant(@Nullable String tenant) {
        this.tenant = tenant;
    }

    public @Nullable String getCredential() {
        return credential;
    }

    public void setCredential(@Nullable String credential) {
        this.credential = credential;
    }

    public long getTimeout() {
        return timeout;
    }

    public void setTimeout(long timeout) {
        this.timeout = timeout;
    }

    public long getFirstTokenTimeout() {
        return firstTokenTimeout;
    }

    public void setFirstTokenTimeout(long firstTokenTimeout) {
        this.firstTokenTimeout = firstTokenTimeout;
    }

    public @Nullable String getSystemMessage() {
        return systemMessage;
    }

    public void setSystemMessage(@Nullable String systemMessage) {
        this.systemMessage = systemMessage;
    }

    public @Nullable Double getTemperature() {
        return temperature;
    }

    public void setTemperature(@Nullable Double temperature) {
        this.temperature = temperature;
    }

    public @Nullable Double getTopP() {
        return topP;
    }

    public void setTopP(@Nullable Double topP) {
        this.topP = topP;
    }

    public @Nullable Integer getMaxTokens() {
        return maxTokens;
    }

    public void setMaxTokens(@Nullable Integer maxTokens) {
        this.maxTokens = maxTokens;
    }

    public @Nullable Long getSeed() {
        return seed;
    }

    public void setSeed(@Nullable Long seed) {
        this.seed = seed;
    }

    public @Nullable Double getPresencePenalty() {
        return presencePenalty;
    }

    public void setPresencePenalty(@Nullable Double presencePenalty) {
        this.presencePenalty = presencePenalty;
    }

    public @Nullable Double getFrequencyPenalty() {
        return frequencyPenalty;
    }

    public void setFrequencyPenalty(@Nullable Double frequencyPenalty) {
        this.frequencyPenalty = frequencyPenalty;
    }

    public @Nullable String getStop() {
        return stop;
    }

    public void setStop(@Nullable String stop) {
        this.stop = stop;
    }

    public @Nullable String getUser() {
        return user;
    }

    public void setUser(@Nullable String user) {
        this.user = user;
    }

    public @Nullable String getResponseFormat() {
        return responseFormat;
    }

    public void setResponseFormat(@Nullable String responseFormat) {
        this.responseFormat = responseFormat;
    }

    public @Nullable String getJsonSchema() {
        return jsonSchema;
    }

    public void setJsonSchema(@Nullable String jsonSchema) {
        this.jsonSchema = jsonSchema;
    }

    public @Nullable String getOutputClass() {
        return outputClass;
    }

    public void setOutputClass(@Nullable String outputClass) {
        this.outputClass = outputClass;
    }

    public @Nullable Integer getDimensions() {
        return dimensions;
    }

    public void setDimensions(@Nullable Integer dimensions) {
        this.dimensions = dimensions;
    }

    public @Nullable String getInputType() {
        return inputType;
    }

    public void setInputType(@Nullable String inputType) {
        this.inputType = inputType;
    }

    public @Nullable String getHeaderOverrides() {
        return headerOverrides;
    }

    public void setHeaderOverrides(@Nullable String headerOverrides) {
        this.headerOverrides = headerOverrides;
    }

    public Map<String, Object> getAdditionalParameters() {
        return additionalParameters;
    }

    public void setAdditionalParameters(Map<String, Object> additionalParameters) {
        this.additionalParameters = additionalParameters;
    }
}
