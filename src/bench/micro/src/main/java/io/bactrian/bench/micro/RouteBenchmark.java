package io.bactrian.bench.micro;

import io.bactrian.core.tenant.TenantId;
import io.bactrian.engine.Installation;
import io.bactrian.support.BactrianConstants;
import io.bactrian.support.BactrianEngine;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.util.Properties;
import java.util.UUID;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** A governed call through a route, with metrics, but without JSON and network: Camel, the component, the chain. */
@State(Scope.Benchmark)
public class RouteBenchmark {

    /** Where tenants and credentials are kept. */
    @Param({"memory", "h2"})
    public String kept;

    private DefaultCamelContext context;
    private ProducerTemplate template;
    private Endpoint governed;
    private Endpoint empty;
    private TenantId tenant;

    /** Starts a context with two routes. */
    @Setup
    public void setUp() throws Exception {
        context = new DefaultCamelContext();
        if ("h2".equals(kept)) {
            Properties settings = new Properties();
            settings.setProperty("bactrian.store.url", "jdbc:h2:mem:" + UUID.randomUUID());
            context.getPropertiesComponent().setInitialProperties(settings);
        }
        context.getRegistry().bind("scripted", new Scripted());
        context.getRegistry().bind("meters", new SimpleMeterRegistry());
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:governed").to("model:scripted/" + Scripted.MODEL);
                from("direct:empty").process(exchange -> exchange.getMessage().setBody("two humps"));
            }
        });
        tenant = Scripted.addTenants(((Installation) BactrianEngine.of(context)).store(), 1, 10)[0];
        context.start();
        template = context.createProducerTemplate();
        governed = context.getEndpoint("direct:governed");
        empty = context.getEndpoint("direct:empty");
        if (governed().getException() != null) {
            throw governed().getException();
        }
    }

    /** Ends the context. */
    @TearDown
    public void tearDown() throws IOException {
        context.close();
    }

    private Exchange send(Endpoint endpoint) {
        return template.request(endpoint, exchange -> {
            exchange.setProperty(BactrianConstants.TENANT, tenant);
            exchange.setProperty(BactrianConstants.USER, Scripted.MEMBER);
            exchange.getMessage().setBody("How many humps has a Bactrian camel?");
        });
    }

    /** To a model. */
    @Benchmark
    public Exchange governed() {
        return send(governed);
    }

    /** To nothing: what Camel's exchange costs by itself. */
    @Benchmark
    public Exchange empty() {
        return send(empty);
    }
}
