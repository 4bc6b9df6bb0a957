package io.bactrian.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.bactrian.core.config.TenantRecord;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.UnauthorizedException;
import io.bactrian.core.model.ModelStream;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.testkit.CanaryScanner;
import io.bactrian.testkit.LogCapture;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.console.DevConsole;
import org.apache.camel.health.HealthCheckHelper;
import org.apache.camel.spi.BacklogTracer;
import org.apache.camel.spi.CamelEvent;
import org.apache.camel.support.EventNotifierSupport;
import org.apache.camel.support.MessageHelper;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.service.ServiceHelper;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A key that pays for calls shows nowhere that Camel shows things. */
class ModelLeakTest extends ModelTestBase {

    private static final TenantId PAYER = new TenantId("payer");

    private final CanaryScanner scanner = new CanaryScanner();
    private final List<String> observed = new CopyOnWriteArrayList<>();

    @ParameterizedTest
    @DisplayName(
            "LOG-01, LOG-03: no log, tracer, history, event, header, property, JMX bean, console or health check shows the key")
    @ValueSource(strings = {"to", "toD", "enrich", "list", "kamelet", "wireTap"})
    void theKeyIsNowhere(String way) throws Exception {
        engine.store.putTenant(new TenantRecord(PAYER, "Payer", true));
        engine.credential(PAYER, "main", scanner.plant("key"));
        watch();
        start(routes());

        try (LogCapture log = scanner.captureLogs()) {
            send(way);
            dialect.failure = request ->
                    new UnauthorizedException(ErrorCode.AUTHORIZATION_ERROR, "the provider did not accept the key");
            send(way);
            dialect.failure = null;

            assertThat(log.text()).isNotEmpty();
        }
        assertThat(dialect.lastCall()
                        .credentials()
                        .secret("api_key")
                        .orElseThrow()
                        .reveal())
                .startsWith(CanaryScanner.MARKER);
        assertThat(observed).isNotEmpty();
        scanner.assertNowhereIn(observed);
        scanner.assertNowhereIn(traces());
        scanner.assertNowhereIn(consoles());
        scanner.assertNowhereInJmx("org.apache.camel:*");
    }

    @Test
    void theKeyIsNotInAStream() {
        engine.store.putTenant(new TenantRecord(PAYER, "Payer", true));
        engine.credential(PAYER, "main", scanner.plant("key"));
        start();

        ModelStream stream = template.requestBody(STREAM + "&tenant=payer", "hello", ModelStream.class);

        scanner.assertNowhereIn(stream.toString());
        scanner.assertNowhereIn(stream.collect().toString());
    }

    private void watch() {
        context.setBacklogTracing(true);
        context.setMessageHistory(true);
        context.setSourceLocationEnabled(true);
        context.setTracing(true);
        context.setDevConsole(true);
        context.getManagementStrategy().addEventNotifier(new EventNotifierSupport() {
            @Override
            public void notify(CamelEvent event) {
                observed.add(event.toString());
                if (event instanceof CamelEvent.ExchangeEvent about) {
                    Exchange exchange = about.getExchange();
                    observed.add(exchange.getAllProperties().toString());
                    observed.add(exchange.getMessage().getHeaders().toString());
                    observed.add(String.valueOf(exchange.getVariables()));
                    observed.add(MessageHelper.dumpAsJSon(exchange.getMessage()));
                }
            }
        });
    }

    private static RouteBuilder routes() {
        return new RouteBuilder() {
            @Override
            public void configure() {
                errorHandler(defaultErrorHandler().logExhausted(true).logExhaustedMessageBody(true));
                String everything = "log:all?showAll=true&showProperties=true&showStackTrace=true&showException=true";
                from("direct:to").to(everything).to(CHAT).to(everything);
                from("direct:toD").toD("model:openai/${header.which}").to(everything);
                from("direct:enrich").enrich(CHAT).to(everything);
                from("direct:list").recipientList(constant(CHAT)).to(everything);
                from("direct:kamelet")
                        .to("kamelet:model-chat-action?provider=openai&model=gpt-4o-mini")
                        .to(everything);
                from("direct:wireTap").wireTap("direct:to").to(CHAT).to(everything);
            }
        };
    }

    private void send(String way) {
        Exchange exchange = template.request("direct:" + way, asked -> {
            asked.getMessage().setBody("hello");
            asked.getMessage().setHeader("which", "gpt-4o-mini");
            asked.setProperty(io.bactrian.support.BactrianConstants.TENANT, PAYER);
        });
        if (exchange.getException() != null) {
            scanner.assertNowhereIn(exchange.getException());
        }
        observed.add(exchange.getAllProperties().toString());
        observed.add(exchange.getMessage().getHeaders().toString());
    }

    private List<String> traces() {
        BacklogTracer tracer = context.getCamelContextExtension().getContextPlugin(BacklogTracer.class);
        List<String> traces = new ArrayList<>();
        tracer.dumpAllTracedMessages().forEach(message -> {
            traces.add(message.toXml(0));
            traces.add(String.valueOf(message.toJSon(0)));
        });
        assertThat(traces).isNotEmpty();
        return traces;
    }

    private List<String> consoles() {
        List<String> shown = new ArrayList<>();
        for (String id :
                List.of("model", "context", "route", "endpoint", "trace", "health", "inflight", "producer", "event")) {
            DevConsole console = PluginHelper.getDevConsoleResolver(context).resolveDevConsole(id);
            if (console != null) {
                ServiceHelper.startService(console);
                shown.add(String.valueOf(console.call(DevConsole.MediaType.JSON, Map.of())));
                shown.add(String.valueOf(console.call(DevConsole.MediaType.TEXT, Map.of())));
            }
        }
        HealthCheckHelper.invoke(context).forEach(result -> shown.add(result.getDetails() + " " + result.getMessage()));
        assertThat(shown).isNotEmpty();
        return shown;
    }
}
