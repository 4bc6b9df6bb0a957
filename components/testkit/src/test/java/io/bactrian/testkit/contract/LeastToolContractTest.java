package io.bactrian.testkit.contract;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.InvokeTimeoutException;
import io.bactrian.core.error.ProtocolException;
import io.bactrian.core.error.UnavailableException;
import io.bactrian.core.json.JsonCodec;
import io.bactrian.core.json.JsonObject;
import io.bactrian.core.tenant.Deadline;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tool.Tool;
import io.bactrian.core.tool.ToolEntity;
import io.bactrian.core.tool.ToolErrors;
import io.bactrian.core.tool.ToolInvokeMessage;
import io.bactrian.core.tool.ToolProviderController;
import io.bactrian.core.tool.ToolProviderEntity;
import io.bactrian.core.tool.ToolProviderSource;
import io.bactrian.core.tool.ToolProviderType;
import io.bactrian.core.tool.ToolStream;
import io.bactrian.json.ToolJson;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The suite of tools against tools that can do least: they run elsewhere, are told nothing of who calls, and give one text or one
 * value when they are through.
 */
class LeastToolContractTest extends ToolContract {

    private static final int MOST_CHARACTERS = 2_000_000;

    private final ExecutorService elsewhere = Executors.newCachedThreadPool();

    private record Provider(List<Tool> tools) implements ToolProviderController, ToolProviderSource {
        @Override
        public ToolProviderEntity entity() {
            return ToolProviderEntity.of(ContractTools.PROVIDER, "The tools of the contract");
        }

        @Override
        public ToolProviderType toolProviderType() {
            return ToolProviderType.API;
        }

        @Override
        public Optional<ToolProviderController> provider(TenantId tenant, String name) {
            return name.equals(ContractTools.PROVIDER) ? Optional.of(this) : Optional.empty();
        }

        @Override
        public List<ToolProviderController> providers(TenantId tenant) {
            return List.of(this);
        }
    }

    @Override
    protected ToolProviderType type() {
        return ToolProviderType.API;
    }

    @Override
    protected JsonCodec json() {
        return ToolJson.codec();
    }

    @Override
    protected List<? extends ToolProviderSource> sources(ContractEnvironment environment, ContractPlay work) {
        return List.of(new Provider(ContractTools.names().stream()
                .map(name -> tool(name, work, environment.json()))
                .toList()));
    }

    private Tool tool(String name, ContractPlay work, JsonCodec json) {
        ToolEntity wanted = ContractTools.entity(ContractTools.PROVIDER, name);
        ToolEntity entity = ToolEntity.of(
                        ContractTools.PROVIDER, name, wanted.description().llm())
                .parameters(wanted.llmParameters())
                .build();
        return new Tool(
                ToolProviderType.API,
                entity,
                (arguments, runtime) ->
                        send(name, work, arguments.values(), runtime.caller().deadline()),
                json);
    }

    private ToolStream send(String name, ContractPlay work, JsonObject arguments, Deadline deadline) {
        Future<List<ToolInvokeMessage>> answer = elsewhere.submit(() -> answer(work.perform(name, arguments, null)));
        try {
            return ToolStream.of(answer.get(deadline.remainingNanos(), TimeUnit.NANOSECONDS));
        } catch (TimeoutException e) {
            throw new InvokeTimeoutException(
                    ErrorCode.DEADLINE_EXCEEDED, "the call's time was up before " + name + " was through");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnavailableException(ErrorCode.CANCELLED, "the call of " + name + " was cancelled");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof TooMuch) {
                throw new ProtocolException(ErrorCode.RESPONSE_TOO_LARGE, name + " answered too much");
            }
            throw ToolErrors.failed(name + " failed elsewhere");
        }
    }

    /** Says that the other side sends more than anybody reads. */
    private static final class TooMuch extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    private static List<ToolInvokeMessage> answer(ToolStream performed) {
        List<ToolInvokeMessage> messages = new ArrayList<>();
        long characters = 0;
        try (performed) {
            while (performed.hasNext()) {
                ToolInvokeMessage message = performed.next();
                boolean text = message instanceof ToolInvokeMessage.Text;
                boolean json = message instanceof ToolInvokeMessage.Json;
                boolean another = !messages.isEmpty() && messages.get(0).getClass() != message.getClass();
                if (another || !text && !json) {
                    throw new UnsupportedOperationException("there is one text, or one value");
                }
                characters += message.toString().length();
                if (characters > MOST_CHARACTERS) {
                    throw new TooMuch();
                }
                messages.add(message);
            }
        }
        return messages;
    }

    @Override
    protected void withdraw() {
        elsewhere.shutdownNow();
    }

    @Override
    protected Set<ToolCapability> cannot() {
        return EnumSet.allOf(ToolCapability.class);
    }
}
