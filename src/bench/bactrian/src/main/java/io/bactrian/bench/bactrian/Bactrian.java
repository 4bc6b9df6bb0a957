package io.bactrian.bench.bactrian;

import io.bactrian.bench.Answer;
import io.bactrian.bench.Canned;
import io.bactrian.bench.Pieces;
import io.bactrian.bench.Subject;
import io.bactrian.core.error.InvokeException;
import io.bactrian.core.model.LlmResult;
import io.bactrian.core.model.LlmResultChunk;
import io.bactrian.core.model.ModelStream;
import io.bactrian.core.model.TokenUsage;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tenant.UserId;
import io.bactrian.support.BactrianConstants;
import io.bactrian.support.BactrianEngine;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;

/**
 * A route to {@code model:}, governed: each call names a tenant and a member of it, whose role is looked up, whose
 * credential is resolved, and whose call is counted by Micrometer. System properties of the process choose what there is:
 * {@code bench.store} keeps it in H2 instead of in memory, {@code bench.tenants} says how many tenants there are,
 * {@code bench.hot} how many of them call, {@code bench.inside} notes what of a call is spent in the transport.
 */
public final class Bactrian implements Subject {

    private static final String READER = "reader";

    private final DefaultCamelContext context = new DefaultCamelContext();
    private final ProducerTemplate template = context.createProducerTemplate();
    private final AtomicInteger turn = new AtomicInteger();
    private final UserId user = new UserId(Tenants.MEMBER);
    private TenantId[] hot = {};
    private Endpoint ask = context.getEndpoint("direct:ask");
    private Endpoint stream = context.getEndpoint("direct:stream");
    private TransportTimer timer = new TransportTimer();
    private boolean inside;

    @Override
    public void open(Setup setup) throws Exception {
        inside = Boolean.getBoolean("bench.inside");
        Properties settings = new Properties();
        settings.setProperty("bactrian.egress.allow", "127.0.0.1:" + setup.port());
        settings.setProperty(
                "bactrian.egress.max-connections-per-host", Integer.toString(Math.max(256, setup.connections())));
        if (Boolean.getBoolean("bench.store")) {
            settings.setProperty(
                    "bactrian.store.url",
                    "jdbc:h2:mem:bench-" + setup.scenario().text());
        }
        context.getPropertiesComponent().setInitialProperties(settings);
        context.getRegistry().bind("meters", new SimpleMeterRegistry());
        if (inside) {
            context.getRegistry().bind("timer", timer);
        }
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:ask").to("model:openai-compatible/" + Canned.MODEL);
                from("direct:stream")
                        .to("model:openai-compatible/" + Canned.MODEL + "?stream=true")
                        .process(Bactrian::read);
            }
        });
        hot = Tenants.add(BactrianEngine.of(context), setup.baseUrl());
        context.start();
        ask = context.getEndpoint("direct:ask");
        stream = context.getEndpoint("direct:stream");
    }

    private Exchange send(Endpoint endpoint, Object reader) throws Exception {
        TenantId tenant = hot[Math.floorMod(turn.getAndIncrement(), hot.length)];
        Exchange exchange = template.request(endpoint, asked -> {
            asked.setProperty(BactrianConstants.TENANT, tenant);
            asked.setProperty(BactrianConstants.USER, user);
            asked.setProperty(READER, reader);
            asked.getMessage().setBody(Canned.QUESTION);
        });
        if (exchange.getException() != null) {
            throw exchange.getException();
        }
        return exchange;
    }

    @Override
    public void ask(Answer answer) throws Exception {
        LlmResult result = send(ask, answer).getMessage().getBody(LlmResult.class);
        TokenUsage usage = Objects.requireNonNull(result.usage());
        answer.is(result.text(), usage.promptTokens(), usage.completionTokens());
    }

    @Override
    public void stream(Pieces pieces) throws Exception {
        send(stream, pieces);
    }

    /** What stands in the route behind the model: reads the stream as a route's own processor does. */
    private static void read(Exchange exchange) {
        Pieces pieces = exchange.getProperty(READER, Pieces.class);
        AtomicBoolean cut = new AtomicBoolean();
        try (ModelStream answer = exchange.getMessage().getBody(ModelStream.class)) {
            pieces.opened(() -> {
                cut.set(true);
                answer.close();
            });
            while (answer.hasNext()) {
                LlmResultChunk chunk = answer.next();
                pieces.piece(chunk.text());
                TokenUsage usage = chunk.usage();
                if (usage != null) {
                    pieces.usage(usage.promptTokens(), usage.completionTokens());
                }
            }
        } catch (InvokeException failed) {
            if (!cut.get()) {
                throw failed;
            }
        }
    }

    @Override
    public long upstreamNanos() {
        return inside ? timer.nanos() : -1;
    }

    @Override
    public void close() throws IOException {
        context.close();
    }
}
