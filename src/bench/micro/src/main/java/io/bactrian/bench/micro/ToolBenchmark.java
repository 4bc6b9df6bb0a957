package io.bactrian.bench.micro;

import io.bactrian.support.BactrianConstants;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** A tool through a route, beside a {@code direct:} call that does the same: Camel, the component, the chain, the arguments. */
@State(Scope.Benchmark)
public class ToolBenchmark {

    private static final Map<String, Object> ARGUMENTS = Map.of("order_id", "42", "verbose", true);
    private static final String SENTENCE = "two humps";
    private static final Map<String, Object> SHOUTED = Map.of("text", SENTENCE, "style", "upper");

    private DefaultCamelContext context;
    private ProducerTemplate template;
    private Endpoint direct;
    private Endpoint workflow;
    private Endpoint upperCase;
    private Endpoint builtin;

    /** Starts a context with its routes. */
    @Setup
    public void setUp() throws Exception {
        context = new DefaultCamelContext();
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:status").process(ToolBenchmark::status);
                from("tool-workflow:status?description=Says+where+an+order+is"
                                + "&parameter.order_id=RAW(string,required:The order)"
                                + "&parameter.verbose=RAW(boolean,default=false:All of it)")
                        .process(ToolBenchmark::status);
                from("direct:upper").process(exchange -> exchange.getMessage()
                        .setBody(exchange.getMessage().getBody(String.class).toUpperCase(Locale.ROOT)));
                from("direct:call-direct").to("direct:status");
                from("direct:call-workflow").to("tool-workflow:status");
                from("direct:call-upper").to("direct:upper");
                from("direct:call-builtin").to("tool-builtin:text/change_case");
            }
        });
        context.start();
        template = context.createProducerTemplate();
        direct = context.getEndpoint("direct:call-direct");
        workflow = context.getEndpoint("direct:call-workflow");
        upperCase = context.getEndpoint("direct:call-upper");
        builtin = context.getEndpoint("direct:call-builtin");
        for (Exchange first : new Exchange[] {workflow(), builtin()}) {
            if (first.getException() != null) {
                throw first.getException();
            }
        }
    }

    private static void status(Exchange exchange) {
        Map<?, ?> arguments = exchange.getMessage().getBody(Map.class);
        exchange.getMessage().setBody("order " + arguments.get("order_id") + " is on its way");
    }

    /** Ends the context. */
    @TearDown
    public void tearDown() throws IOException {
        context.close();
    }

    private Exchange send(Endpoint endpoint, Object body) {
        return template.request(endpoint, exchange -> {
            exchange.setProperty(BactrianConstants.APP, "bench");
            exchange.getMessage().setBody(body);
        });
    }

    /** A route by {@code direct:}. */
    @Benchmark
    public Exchange direct() {
        return send(direct, ARGUMENTS);
    }

    /** The same route as a tool. */
    @Benchmark
    public Exchange workflow() {
        return send(workflow, ARGUMENTS);
    }

    /** One line of Java by {@code direct:}. */
    @Benchmark
    public Exchange directUpperCase() {
        return send(upperCase, SENTENCE);
    }

    /** About the same line as a builtin tool. */
    @Benchmark
    public Exchange builtin() {
        return send(builtin, SHOUTED);
    }
}
