package io.bactrian.tool.builtin;

import io.bactrian.core.json.JsonCodec;
import io.bactrian.core.tool.Tool;
import io.bactrian.core.tool.ToolAddress;
import io.bactrian.core.tool.ToolProviderController;
import io.bactrian.core.tool.ToolProviderEntity;
import io.bactrian.core.tool.ToolProviderSource;
import io.bactrian.core.tool.ToolProviderType;
import io.bactrian.json.ToolJson;
import io.bactrian.testkit.contract.ContractEnvironment;
import io.bactrian.testkit.contract.ContractPlay;
import io.bactrian.testkit.contract.ContractTools;
import io.bactrian.testkit.contract.ToolCapability;
import io.bactrian.testkit.contract.ToolContract;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Tools of a bean that is a provider. */
class BeanToolContractTest extends ToolContract {

    private record Provider(List<Tool> tools) implements ToolProviderController {
        @Override
        public ToolProviderEntity entity() {
            return ToolProviderEntity.of(ContractTools.PROVIDER, "The tools of the contract");
        }

        @Override
        public ToolProviderType toolProviderType() {
            return ToolProviderType.BUILTIN;
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
        List<Tool> tools = ContractTools.names().stream()
                .map(name -> tool(name, work, environment.json()))
                .toList();
        return new UserToolFactory().sources(environment.withBeans(new Provider(tools)));
    }

    private Tool tool(String name, ContractPlay work, JsonCodec json) {
        ToolAddress address = address(name);
        return new Tool(
                ToolProviderType.BUILTIN,
                ContractTools.entity(ContractTools.PROVIDER, name),
                (arguments, runtime) ->
                        work.perform(name, arguments.values(), ContractPlay.nested(runtime.caller(), address)),
                json);
    }

    @Override
    protected Set<ToolCapability> cannot() {
        return EnumSet.of(ToolCapability.PER_TENANT);
    }
}
