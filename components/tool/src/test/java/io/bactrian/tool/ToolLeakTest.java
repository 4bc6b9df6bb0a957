package io.bactrian.tool;

import static org.assertj.core.api.Assertions.assertThat;

import io.bactrian.core.config.TenantRecord;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.UnauthorizedException;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tool.ToolStream;
import io.bactrian.support.BactrianConstants;
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

/** A key that opens a provider shows nowhere that Camel shows things. */
class ToolLeakTest extends ToolTestBase {

    private static final TenantId PAYER = new TenantId("payer");

    private final CanaryScanner scanner = new CanaryScanner();
    private final List<String> observed = new CopyOnWriteArrayList<>();

    @ParameterizedTest
    @DisplayName(
            "LOG-01, LOG-03: no log, tracer, history, event, header, property, JMX bean, console or health check shows the key")
    @ValueSource(strings = {"to", "toD", "enrich", "list", "kamelet", "wireTap"})
    void theKeyIsNowhere(String way) throws Exception {
        addPayer();
        watch();
        start(routes());

        try (LogCapture log = scanner.captureLogs()) {
            send(way);
            tools.failure = arguments ->
                    new UnauthorizedException(ErrorCode.AUTHORIZATION_ERROR, "the provider did not accept the key");
            send(way);
            tools.failure = null;

            assertThat(log.text()).isNotEmpty();
        }
        assertThat(tools.lastCall()
                        .runtime()
                        .credentials()
                        .secret("api_key")
                        .orElseThrow()
                        .reveal())
                .startsWith(CanaryScanner.MARKER);
        scanner.assertNowhereIn(tools.lastCall().runtime().toString());
        assertThat(observed).isNotEmpty();
        scanner.assertNowhereIn(observed);
        scanner.assertNowhereIn(traces());
        scanner.assertNowhereIn(consoles());
        scanner.assertNowhereInJmx("org.apache.camel:*");
    }

    @Test
    void theKeyIsNotInAStream() {
        addPayer();
        start();

        ToolStream stream = template.requestBody(FORECAST + "?stream=true&tenant=payer", "Berlin", ToolStream.class);

        scanner.assertNowhereIn(stream.toString());
        stream.forEachRemaining(message -> scanner.assertNowhereIn(message.toString()));
    }

    @Test
    @DisplayName("LOG-01, LOG-03: what a call is made with is in no log, not even when it fails")
    void argumentsAreNotLogged() throws Exception {
        String canary = scanner.plant("argument");
        start(new RouteBuilder() {
            @Override
            public void configure() {
                errorHandler(noErrorHandler());
                from("direct:echo").to(ECHO);
                from("direct:add").to(ADD);
            }
        });

        try (LogCapture log = scanner.captureLogs()) {
            call("direct:echo", canary);
            call("direct:add", Map.of("a", canary, canary, "x", "b", List.of(canary)));
            call("direct:add", "{\"a\": " + canary);
            tools.failure = arguments -> new IllegalStateException("no");
            call("direct:echo", canary);

            assertThat(log.text()).contains("demo/echo");
        }
    }

    private void addPayer() {
        engine.store.putTenant(new TenantRecord(PAYER, "Payer", true));
        engine.credential(PAYER, "main", scanner.plant("key"));
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
                from("direct:to").to(everything).to(FORECAST).to(everything);
                from("direct:toD").toD("tool:weather/${header.which}").to(everything);
                from("direct:enrich").enrich(FORECAST).to(everything);
                from("direct:list").recipientList(constant(FORECAST)).to(everything);
                from("direct:kamelet").to("kamelet:tool-action?tool=forecast").to(everything);
                from("direct:wireTap").wireTap("direct:to").to(FORECAST).to(everything);
            }
        };
    }

    private void send(String way) {
        Exchange exchange = template.request("direct:" + way, asked -> {
            asked.getMessage().setBody("Berlin");
            asked.getMessage().setHeader("which", "forecast");
            asked.setProperty(BactrianConstants.TENANT, PAYER);
        });
        if (exchange.getException() != null) {
            scanner.assertNowhereIn(exchange.getException());
        }
        observed.add(exchange.getAllProperties().toString());
        observed.add(exchange.getMessage().getHeaders().toString());
        observed.add(String.valueOf(exchange.getMessage().getBody()));
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
                List.of("tool", "context", "route", "endpoint", "trace", "health", "inflight", "producer", "event")) {
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
