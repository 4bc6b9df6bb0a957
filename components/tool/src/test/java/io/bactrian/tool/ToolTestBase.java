package io.bactrian.tool;

import static org.assertj.core.api.Assertions.assertThat;

import io.bactrian.core.error.InvokeException;
import io.bactrian.support.StreamLeases;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A plain Camel context with the test engine; routes are added and started by the test. */
abstract class ToolTestBase {

    static final String ECHO = "tool:demo/echo";
    static final String ADD = "tool:add";
    static final String STREAM = "tool:demo/live?stream=true";
    static final String FORECAST = "tool:weather/forecast";

    DefaultCamelContext context;
    TestEngine engine;
    ScriptedTools tools;
    ProducerTemplate template;

    @BeforeEach
    void makeContext() {
        context = new DefaultCamelContext();
        context.getShutdownStrategy().setTimeout(5);
        engine = new TestEngine().in(context);
        tools = engine.tools;
        template = context.createProducerTemplate();
    }

    @AfterEach
    void closeContext() throws Exception {
        context.close();
    }

    /** Adds routes and starts the context. */
    void start(RouteBuilder routes) throws Exception {
        context.addRoutes(routes);
        context.start();
        template.start();
    }

    /** Starts the context without routes. */
    void start() {
        context.start();
        template.start();
    }

    Exchange call(String uri, Object body) {
        return template.request(uri, asked -> asked.getMessage().setBody(body));
    }

    InvokeException refusal(String uri, Object body) {
        InvokeException refusal = call(uri, body).getException(InvokeException.class);
        assertThat(refusal).isNotNull();
        return refusal;
    }

    MockEndpoint mock(String name) {
        return context.getEndpoint("mock:" + name, MockEndpoint.class);
    }

    int openStreams() {
        return StreamLeases.of(context).openCount();
    }
}
