package io.bactrian.tool.builtin;

import io.bactrian.core.json.JsonCodec;
import io.bactrian.core.json.JsonObject;
import io.bactrian.core.tenant.Caller;
import io.bactrian.core.tool.ToolAddress;
import io.bactrian.core.tool.ToolApproval;
import io.bactrian.core.tool.ToolParameterForm;
import io.bactrian.core.tool.ToolProviderSource;
import io.bactrian.core.tool.ToolProviderType;
import io.bactrian.core.tool.ToolStream;
import io.bactrian.core.tool.annotation.AiTool;
import io.bactrian.core.tool.annotation.AiToolParameter;
import io.bactrian.core.tool.annotation.AiTools;
import io.bactrian.json.ToolJson;
import io.bactrian.testkit.contract.ContractEnvironment;
import io.bactrian.testkit.contract.ContractPlay;
import io.bactrian.testkit.contract.ContractTools;
import io.bactrian.testkit.contract.ToolCapability;
import io.bactrian.testkit.contract.ToolContract;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Annotated methods as tools. */
class AnnotatedToolContractTest extends ToolContract {

    /** The contract tools as somebody would write them. */
    @AiTools(provider = ContractTools.PROVIDER, description = "The tools of the contract")
    public static class Tools {

        private final ContractPlay work;

        Tools(ContractPlay work) {
            this.work = work;
        }

        @AiTool(description = "Gives back its arguments")
        public ToolStream echo(
                Caller caller,
                @AiToolParameter(description = "The text") String text,
                @AiToolParameter(description = "How many", min = 1, max = 10, defaultValue = "3") int count,
                @AiToolParameter(
                                description = "Which color",
                                options = {"red", "green"})
                        Optional<String> color,
                @AiToolParameter(description = "Whether exactly") Optional<Boolean> exact,
                @AiToolParameter(description = "Whatever belongs to it") Optional<Map<String, Object>> details,
                @AiToolParameter(description = "Some words") Optional<List<String>> words,
                @AiToolParameter(description = "How it is done", form = ToolParameterForm.FORM) Optional<String> mode) {
            Map<String, Object> given = new LinkedHashMap<>();
            given.put("text", text);
            given.put("count", count);
            color.ifPresent(value -> given.put("color", value));
            exact.ifPresent(value -> given.put("exact", value));
            details.ifPresent(value -> given.put("details", value));
            words.ifPresent(value -> given.put("words", value));
            mode.ifPresent(value -> given.put("mode", value));
            return perform(ContractTools.ECHO, JsonObject.of(given), caller);
        }

        @AiTool(description = "Gives back its text")
        public ToolStream word(Caller caller, @AiToolParameter(description = "The text") String text) {
            return perform(ContractTools.WORD, JsonObject.of("text", text), caller);
        }

        @AiTool(description = "Plays a scene")
        public ToolStream play(Caller caller, @AiToolParameter(description = "The scene") String scene) {
            return perform(ContractTools.PLAY, JsonObject.of("scene", scene), caller);
        }

        @AiTool(description = "Asks first", approval = ToolApproval.ASK)
        public ToolStream asked(Caller caller, @AiToolParameter(description = "The text") String text) {
            return perform(ContractTools.ASKED, JsonObject.of("text", text), caller);
        }

        @AiTool(description = "May not be called", approval = ToolApproval.DENY)
        public ToolStream refused(Caller caller, @AiToolParameter(description = "The text") String text) {
            return perform(ContractTools.REFUSED, JsonObject.of("text", text), caller);
        }

        @AiTool(description = "Is everybody's")
        public ToolStream own(Caller caller, @AiToolParameter(description = "The text") String text) {
            return perform(ContractTools.OWN, JsonObject.of("text", text), caller);
        }

        private ToolStream perform(String tool, JsonObject arguments, Caller caller) {
            ToolAddress address = new ToolAddress(ToolProviderType.BUILTIN, ContractTools.PROVIDER, tool);
            return work.perform(tool, arguments, ContractPlay.nested(caller, address));
        }
    }

    @Override
    protected ToolProviderType type() {
        return ToolProviderType.BUILTIN;
    }

    @Override
    protected JsonCodec json() {
        return ToolJson.codec();
    }

    @Override
    protected List<? extends ToolProviderSource> sources(ContractEnvironment environment, ContractPlay work) {
        return new UserToolFactory().sources(environment.withBeans(new Tools(work)));
    }

    @Override
    protected Set<ToolCapability> cannot() {
        return EnumSet.of(ToolCapability.PER_TENANT);
    }
}
