package io.bactrian.tool.workflow;

import io.bactrian.core.json.JsonObject;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tool.ToolResult;
import io.bactrian.core.tool.ToolStream;
import java.time.Duration;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A plain Camel context with the test engine; routes are added and started by the test. */
abstract class WorkflowTestBase {

    DefaultCamelContext context;
    TestEngine engine;
    ProducerTemplate template;

    @BeforeEach
    void makeContext() {
        context = new DefaultCamelContext();
        context.getShutdownStrategy().setTimeout(5);
        engine = new TestEngine().in(context);
        template = context.createProducerTemplate();
    }

    @AfterEach
    void closeContext() throws Exception {
        context.close();
    }

    /** Routes, as lambdas write them. */
    @FunctionalInterface
    interface Routes {
        void on(RouteBuilder routes) throws Exception;
    }

    static RouteBuilder routes(Routes routes) {
        return new RouteBuilder() {
            @Override
            public void configure() throws Exception {
                routes.on(this);
            }
        };
    }

    /** Adds routes and starts the context. */
    void start(Routes routes) throws Exception {
        context.addRoutes(routes(routes));
        context.start();
        template.start();
    }

    /** Adds routes to a context that runs. */
    void add(Routes routes) throws Exception {
        context.addRoutes(routes(routes));
    }

    ToolResult call(String tool, JsonObject arguments) {
        return engine.call(tool, arguments);
    }

    ToolResult call(String tool) {
        return engine.call(tool, JsonObject.EMPTY);
    }

    ToolStream stream(String tool) {
        return engine.stream(TestEngine.claim(TenantId.DEFAULT, Duration.ofSeconds(20)), tool, JsonObject.EMPTY);
    }

    /** A body that is set as it is, with no language looking at it. */
    static org.apache.camel.Processor body(Object body) {
        return exchange -> exchange.getMessage().setBody(body);
    }
}
