package io.bactrian.testkit.contract;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.json.JsonCodec;
import io.bactrian.core.tenant.Caller;
import io.bactrian.core.tool.Tool;
import io.bactrian.core.tool.ToolAddress;
import io.bactrian.core.tool.ToolApproval;
import io.bactrian.core.tool.ToolLimits;
import io.bactrian.core.tool.ToolPolicy;
import io.bactrian.core.tool.ToolProviderSource;
import io.bactrian.core.tool.ToolProviderType;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;

/**
 * What every kind of tools has to do, called through the whole chain. A kind publishes the {@link ContractTools}, each of which does
 * {@link ContractPlay#perform}, says where its tools come from, and what it cannot do.
 */
@Timeout(120)
public abstract class ToolContract
        implements ToolDiscoveryContract,
                ToolArgumentContract,
                ToolModelArgumentContract,
                ToolCallerContract,
                ToolMessageContract,
                ToolStreamContract,
                ToolErrorContract,
                ToolDeadlineContract,
                ToolApprovalContract,
                ToolNestingContract,
                ToolCallbackContract,
                ToolObservationContract {

    private final ContractPlay play = new ContractPlay();
    private @Nullable ContractEngine engine;

    /** The kind. */
    protected abstract ToolProviderType type();

    /** Reads and checks JSON. */
    protected abstract JsonCodec json();

    /**
     * Makes the sources of the kind's tools.
     *
     * @param environment what the engine lends them
     * @param work what the tools do
     */
    protected abstract List<? extends ToolProviderSource> sources(ContractEnvironment environment, ContractPlay work);

    /** What the kind cannot do. */
    protected abstract Set<ToolCapability> cannot();

    /** Publishes what can only be published once the engine is there. By default nothing. */
    protected void publish(ContractEngine started, ContractPlay work) throws Exception {
        // most kinds have published all with their sources
    }

    /** Takes back what {@link #publish} did. By default nothing. */
    protected void withdraw() throws Exception {
        // most kinds are closed with their sources
    }

    @Override
    public ToolAddress address(String tool) {
        return new ToolAddress(type(), ContractTools.PROVIDER, tool);
    }

    @Override
    public ErrorCode foreignError() {
        return ErrorCode.TOOL_INVOKE_ERROR;
    }

    @Override
    public final boolean can(ToolCapability capability) {
        return !cannot().contains(capability);
    }

    @Override
    public final ContractPlay play() {
        return play;
    }

    @Override
    public final ContractEngine engine() {
        if (engine == null) {
            throw new IllegalStateException("the engine is made before each test");
        }
        return engine;
    }

    @BeforeEach
    final void startEngine() throws Exception {
        List<ToolPolicy> policies = can(ToolCapability.APPROVAL) ? List.of() : List.of(ToolContract::approvalByName);
        ToolLimits limits = new ToolLimits(Duration.ofMinutes(2), 10_000, 1_000_000, 2_000, true, 8);
        engine = new ContractEngine(
                new ContractEngine.Settings(json(), List.of(ACME, GLOBEX), limits, DEEPEST, policies),
                environment -> sources(environment, play));
        publish(engine, play);
    }

    /** What tools that cannot say it themselves need. */
    private static ToolApproval approvalByName(Caller caller, Tool tool) {
        return ContractTools.entity(ContractTools.PROVIDER, tool.entity().name())
                .approval();
    }

    @AfterEach
    final void closeEngine() throws Exception {
        withdraw();
        engine().close();
    }
}
