package io.bactrian.model;

import io.bactrian.support.StreamLeases;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A plain Camel context with the test engine; routes are added and started by the test. */
abstract class ModelTestBase {

    static final String CHAT = "model:openai/gpt-4o-mini";
    static final String STREAM = CHAT + "?stream=true";
    static final String EMBED = "model:openai/text-embedding-3-small?type=text-embedding";

    DefaultCamelContext context;
    TestEngine engine;
    ScriptedDialect dialect;
    ProducerTemplate template;

    @BeforeEach
    void makeContext() {
        context = new DefaultCamelContext();
        context.getShutdownStrategy().setTimeout(5);
        engine = new TestEngine().in(context);
        dialect = engine.dialect;
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

    MockEndpoint mock(String name) {
        return context.getEndpoint("mock:" + name, MockEndpoint.class);
    }

    int openStreams() {
        return StreamLeases.of(context).openCount();
    }
}
