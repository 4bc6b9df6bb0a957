package io.bactrian.agent;

import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.spi.Configurer;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriParams;
import org.jspecify.annotations.Nullable;

/** The options of an {@code agent:} endpoint as Camel sets them; {@link AgentSettings} is what becomes of them at start. */
@Configurer
@UriParams
public class AgentConfiguration implements Cloneable {

    @UriParam(
            defaultValue = "default",
            description =
                    "The model that is asked: PROVIDER/MODEL, or default for the tenant's default " + "language model.")
    private @Nullable String model;

    @UriParam(
            description = "The tools that the model may call, with commas between them: NAME, PROVIDER/NAME or "
                    + "an address such as tool-builtin:time/current_time, each with an asterisk for "
                    + "anything, or #TAG. Without it the model has no tools.")
    private @Nullable String tools;

    @UriParam(
            defaultValue = "fail",
            enums = "fail,ignore",
            description = "What to do about a tool that an option names and the tenant does not have: refuse the "
                    + "run, or do without it and say so in the log.")
    private @Nullable String missingTools;

    @UriParam(
            label = "security",
            description = "The tools whose calls a person has to approve, named as in the option tools. Tools "
                    + "that ask by themselves do so anyway.")
    private @Nullable String ask;

    @UriParam(
            label = "security",
            description = "The tenant who pays. For routes of one tenant; without it the exchange property "
                    + "BactrianTenant says who pays, and without that the default tenant of the "
                    + "installation.")
    private @Nullable String tenant;

    @UriParam(
            label = "security",
            description = "The name of the one of the tenant's credentials that pays for the model, instead of "
                    + "the one in force. Never a key: keys are kept where the tenant's credentials are.")
    private @Nullable String credential;

    @UriParam(
            description = "Whether the run comes event by event: the body is then an AgentStream, which ends "
                    + "with its exchange.")
    private boolean stream;

    @UriParam(
            defaultValue = "300000",
            javaType = "java.time.Duration",
            description = "How long the run may take, the reading of a stream included. A deadline that the "
                    + "exchange carries (property BactrianDeadline) can make it sooner.")
    private long timeout = 300_000;

    @UriParam(description = "Instructions for the model, put before what was said.")
    private @Nullable String systemMessage;

    @UriParam(
            label = "limits",
            defaultValue = "10",
            description = "How many turns with tools a run has, 0 to 99. After the last one the model is asked "
                    + "once more, without tools.")
    private int maxIterations = 10;

    @UriParam(
            label = "limits",
            defaultValue = "0",
            description = "How many tokens a run may use: no further question is asked once they are used. 0 "
                    + "for any number.")
    private long tokenBudget;

    @UriParam(
            label = "limits",
            description = "What a run may cost, in the currency of the model's price, such as 0.50: no further "
                    + "question is asked once it is spent.")
    private @Nullable String priceBudget;

    @UriParam(
            label = "limits",
            defaultValue = "0",
            description =
                    "How many tools of one turn run at the same time. 0 for as many as the installation " + "lets run.")
    private int parallel;

    @UriParam(
            defaultValue = "true",
            description = "Whether what is said is remembered under the conversation that the exchange property "
                    + "BactrianConversation names.")
    private boolean remember = true;

    @UriParam(
            label = "limits",
            defaultValue = "50",
            description = "How many messages of the conversation so far the model is shown: the last ones, in whole "
                    + "turns.")
    private int historyMessages = 50;

    @UriParam(label = "parameters", description = "How far the model may stray from the most likely answer.")
    private @Nullable Double temperature;

    @UriParam(label = "parameters", description = "The share of the most likely tokens that are considered.")
    private @Nullable Double topP;

    @UriParam(label = "parameters", description = "The most tokens one answer may have.")
    private @Nullable Integer maxTokens;

    @UriParam(label = "parameters", description = "Makes answers repeatable, as far as the provider can.")
    private @Nullable Long seed;

    @UriParam(
            label = "parameters",
            description = "The JSON Schema that the last answer has to fit: a JSON object, or classpath:NAME of "
                    + "one. A model that misses it is told so once.")
    private @Nullable String jsonSchema;

    @UriParam(
            prefix = "param.",
            multiValue = true,
            description = "Further model parameters: param.NAME=value each, such as param.top_k=40.")
    private Map<String, Object> additionalParameters = new LinkedHashMap<>();

    @UriParam(
            prefix = "form.",
            multiValue = true,
            description = "What is set for tools already, so that the model neither sees nor chooses it: "
                    + "form.TOOL.PARAMETER=value each, TOOL being a name or PROVIDER/NAME.")
    private Map<String, Object> formValues = new LinkedHashMap<>();

    @UriParam(
            prefix = "toolCredential.",
            multiValue = true,
            description = "The names of the credentials to use for tools, instead of the default ones: "
                    + "toolCredential.TOOL=NAME each, TOOL named as in the option tools.")
    private Map<String, Object> toolCredentials = new LinkedHashMap<>();

    /** These options, to be changed without changing the original. */
    public AgentConfiguration copy() {
        try {
            AgentConfiguration copy = (AgentConfiguration) clone();
            copy.additionalParameters = new LinkedHashMap<>(additionalParameters);
            copy.formValues = new LinkedHashMap<>(formValues);
            copy.toolCredentials = new LinkedHashMap<>(toolCredentials);
            return copy;
        } catch (CloneNotSupportedException e) {
            throw new RuntimeCamelException(e);
        }
    }

    public @Nullable String getModel() {
        return model;
    }

    public void setModel(@Nullable String model) {
        this.model = model;
    }

    public @Nullable String getTools() {
        return tools;
    }

    public void setTools(@Nullable String tools) {
        this.tools = tools;
    }

    public @Nullable String getMissingTools() {
        return missingTools;
    }

    public void setMissingTools(@Nullable String missingTools) {
        this.missingTools = missingTools;
    }

    public @Nullable String getAsk() {
        return ask;
    }

    public void setAsk(@Nullable String ask) {
        this.ask = ask;
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

    public boolean isStream() {
        return stream;
    }

    public void setStream(boolean stream) {
        this.stream = stream;
    }

    public long getTimeout() {
        return timeout;
    }

    public void setTimeout(long timeout) {
        this.timeout = timeout;
    }

    public @Nullable String getSystemMessage() {
        return systemMessage;
    }

    public void setSystemMessage(@Nullable String systemMessage) {
        this.systemMessage = systemMessage;
    }

    public int getMaxIterations() {
        return maxIterations;
    }

    public void setMaxIterations(int maxIterations) {
        this.maxIterations = maxIterations;
    }

    public long getTokenBudget() {
        return tokenBudget;
    }

    public void setTokenBudget(long tokenBudget) {
        this.tokenBudget = tokenBudget;
    }

    public @Nullable String getPriceBudget() {
        return priceBudget;
    }

    public void setPriceBudget(@Nullable String priceBudget) {
        this.priceBudget = priceBudget;
    }

    public int getParallel() {
        return parallel;
    }

    public void setParallel(int parallel) {
        this.parallel = parallel;
    }

    public int getHistoryMessages() {
        return historyMessages;
    }

    public void setHistoryMessages(int historyMessages) {
        this.historyMessages = historyMessages;
    }

    public boolean isRemember() {
        return remember;
    }

    public void setRemember(boolean remember) {
        this.remember = remember;
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

    public @Nullable String getJsonSchema() {
        return jsonSchema;
    }

    public void setJsonSchema(@Nullable String jsonSchema) {
        this.jsonSchema = jsonSchema;
    }

    public Map<String, Object> getAdditionalParameters() {
        return additionalParameters;
    }

    public void setAdditionalParameters(Map<String, Object> additionalParameters) {
        this.additionalParameters = additionalParameters;
    }

    public Map<String, Object> getFormValues() {
        return formValues;
    }

    public void setFormValues(Map<String, Object> formValues) {
        this.formValues = formValues;
    }

    public Map<String, Object> getToolCredentials() {
        return toolCredentials;
    }

    public void setToolCredentials(Map<String, Object> toolCredentials) {
        this.toolCredentials = toolCredentials;
    }
}
