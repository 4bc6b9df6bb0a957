package io.bactrian.tool.workflow;

import io.bactrian.core.json.JsonCodec;
import io.bactrian.core.json.JsonObject;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tool.Tool;
import io.bactrian.core.tool.ToolAddress;
import io.bactrian.core.tool.ToolEntity;
import io.bactrian.core.tool.ToolInvokeMessage;
import io.bactrian.core.tool.ToolParameter;
import io.bactrian.core.tool.ToolParameterForm;
import io.bactrian.core.tool.ToolProviderSource;
import io.bactrian.core.tool.ToolProviderType;
import io.bactrian.core.tool.ToolStream;
import io.bactrian.json.ToolJson;
import io.bactrian.support.ExchangeCaller;
import io.bactrian.testkit.contract.ContractEngine;
import io.bactrian.testkit.contract.ContractEnvironment;
import io.bactrian.testkit.contract.ContractPlay;
import io.bactrian.testkit.contract.ContractTools;
import io.bactrian.testkit.contract.ToolCapability;
import io.bactrian.testkit.contract.ToolContract;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;

/** Routes as tools. */
class RouteToolContractTest extends ToolContract {

    private final DefaultCamelContext context = new DefaultCamelContext();

    /** The pieces that a route leaves on its body: text and JSON as a route has them, all else as messages. */
    private record Pieces(ToolStream stream) implements Iterator<Object>, AutoCloseable {
        @Override
        public boolean hasNext() {
            return stream.hasNext();
        }

        @Override
        public Object next() {
            ToolInvokeMessage message = stream.next();
            if (message instanceof ToolInvokeMessage.Text text) {
                return text.text();
            }
            return message instanceof ToolInvokeMessage.Json json ? json.json() : message;
        }

        @Override
        public void close() {
            stream.close();
        }
    }

    @Override
    protected ToolProviderType type() {
        return ToolProviderType.WORKFLOW;
    }

    @Override
    protected JsonCodec json() {
        return ToolJson.codec();
    }

    @Override
    public ToolAddress address(String tool) {
        return ToolAddress.workflow(tool);
    }

    @Override
    protected List<? extends ToolProviderSource> sources(ContractEnvironment environment, ContractPlay work) {
        return new WorkflowToolsFactory().sources(environment);
    }

    @Override
    protected void publish(ContractEngine started, ContractPlay work) throws Exception {
        new TestEngine(started).in(context);
        context.getShutdownStrategy().setTimeout(5);
        context.addRoutes(WorkflowTestBase.routes(routes -> {
            for (String name : ContractTools.names()) {
                // Camel's own error handler logs what a route throws, with its message: that is the route author's to
                // choose
                routes.from(uri(name)).errorHandler(routes.noErrorHandler()).process(exchange -> exchange.getMessage()
                        .setBody(body(name, work, exchange)));
            }
        }));
        context.start();
    }

    private static Object body(String name, ContractPlay work, Exchange exchange) {
        Map<?, ?> arguments = exchange.getMessage().getBody(Map.class);
        ToolStream performed = work.perform(
                name, JsonObject.of(arguments), ExchangeCaller.claim(exchange, null, Duration.ofMinutes(5)));
        return new Pieces(performed);
    }

    /** What a route has to write to declare the tool. */
    private static String uri(String name) {
        ToolEntity wanted = ContractTools.entity(name, name);
        String schema = ToolJson.codec()
                .write(new Tool(
                                ToolProviderType.WORKFLOW,
                                wanted,
                                (arguments, runtime) -> ToolStream.of(),
                                ToolJson.codec())
                        .functionSchema());
        String form = wanted.parameters().stream()
                .filter(parameter -> parameter.form() == ToolParameterForm.FORM)
                .map(RouteToolContractTest::form)
                .collect(Collectors.joining());
        return "tool-workflow:" + name + "?description=" + wanted.description().llm() + "&approval="
                + wanted.approval().text() + "&parameters=RAW(" + schema + ")" + form
                + (name.equals(ContractTools.OWN) ? "&tenants=" + new TenantId("acme") : "");
    }

    private static String form(ToolParameter parameter) {
        return "&parameter." + parameter.name() + "=" + parameter.type() + ",form:" + parameter.llmDescription();
    }

    @Override
    protected void withdraw() throws Exception {
        context.close();
    }

    @Override
    protected Set<ToolCapability> cannot() {
        return EnumSet.noneOf(ToolCapability.class);
    }
}
