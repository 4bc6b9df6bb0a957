package io.bactrian.tool.builtin;

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

/** A plain Camel context with the real engine, which finds the beans that the test has bound. */
abstract class BuiltinTestBase {

    static final String STATUS = "tool-builtin:orders/status";

    DefaultCamelContext context = new DefaultCamelContext();
    ProducerTemplate template = context.createProducerTemplate();

    @BeforeEach
    void bindOrders() {
        context.getShutdownStrategy().setTimeout(5);
        context.getRegistry().bind("orders", new Orders());
    }

    @AfterEach
    void closeContext() throws Exception {
        context.close();
    }

    /** Adds routes and starts the context. */
    void start(RouteBuilder routes) throws Exception {
        context.addRoutes(routes);
        start();
    }

    /** Starts the context without routes. */
    void start() {
        context.start();
        template.start();
    }

    Exchange call(String uri, Object body) {
        return template.request(uri, asked -> asked.getMessage().setBody(body));
    }

    String text(String uri, Object body) {
        Exchange exchange = call(uri, body);
        assertThat(exchange.getException()).isNull();
        return exchange.getMessage().getBody(String.class);
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
