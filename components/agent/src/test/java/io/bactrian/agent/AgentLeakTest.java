package io.bactrian.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.UnavailableException;
import io.bactrian.core.tool.ToolInvokeMessage;
import io.bactrian.core.tool.ToolStream;
import io.bactrian.testkit.CanaryScanner;
import io.bactrian.testkit.LogCapture;
import java.util.ArrayList;
import java.util.Iterator;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keys of tools, and what foreign code says when it fails, show nowhere that anybody looks. */
class AgentLeakTest extends AgentTestBase {

    private static final Logger LOG = LoggerFactory.getLogger(AgentLeakTest.class);

    private final CanaryScanner scanner = new CanaryScanner();
    private final List<String> observed = new CopyOnWriteArrayList<>();

    /** What a tool's own code may throw: its message holds what it was just working with. */
    private static final class DriverException extends RuntimeException {

        DriverException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    private static RuntimeException foreign(String secret) {
        RuntimeException inner = new DriverException("login failed: https://api.example/?key=" + secret, null);
        RuntimeException outer = new DriverException("cannot connect with " + secret, inner);
        outer.addSuppressed(new DriverException("and " + secret, null));
        return outer;
    }

    @ParameterizedTest
    @DisplayName("HDR-16, LOG-01: the message of a foreign exception is in no observation, result, exception or log")
    @ValueSource(strings = {"at once", "while read", "on closing", "with the interrupt flag"})
    void showsNothingOfWhatAToolThrows(String when) {
        String secret = scanner.plant("driver");
        tools.locked("bank").add(TestTools.taking("bank", "balance"), (arguments, runtime) -> switch (when) {
            case "at once" -> throw foreign(secret);
            case "with the interrupt flag" -> {
                Thread.currentThread().interrupt();
                throw foreign(secret);
            }
            default -> failing(when, secret);
        });
        engine.toolCredential("bank", "main", secret);
        model.call("balance", "{}").reply("Something is wrong.");
        start();

        try (LogCapture log = scanner.captureLogs()) {
            AgentResult result = ask(WITH_TOOLS, "mine");

            assertThat(codeOf(result, 0, 0))
                    .isEqualTo(
                            switch (when) {
                                case "on closing" -> null;
                                case "with the interrupt flag" -> ErrorCode.CANCELLED;
                                default -> ErrorCode.TOOL_INVOKE_ERROR;
                            });
            scanner.assertNowhereIn(observations());
            scanner.assertNowhereIn(result.toString());
            scanner.assertNowhereIn(String.valueOf(context.getTypeConverter().convertTo(Map.class, result)));
            if (when.equals("at once")) {
                assertThat(log.text())
                        .contains("tool tool-builtin:bank/balance failed")
                        .contains("AgentLeakTest$DriverException")
                        .contains("at io.bactrian.agent.AgentLeakTest.foreign");
            }
        }
    }

    private static ToolStream failing(String when, String secret) {
        Iterator<ToolInvokeMessage> messages =
                List.<ToolInvokeMessage>of(new ToolInvokeMessage.Text("so far")).iterator();
        return new ToolStream() {
            @Override
            public boolean hasNext() {
                if (!messages.hasNext() && when.equals("while read")) {
                    throw foreign(secret);
                }
                return messages.hasNext();
            }

            @Override
            public ToolInvokeMessage next() {
                return messages.next();
            }

            @Override
            public void close() {
                throw foreign(secret);
            }
        };
    }

    @Test
    @DisplayName(
            "LOG-01, LOG-03: no log, tracer, history, event, header, property, JMX bean, console or check shows a tool's key")
    void theKeyOfAToolIsNowhere() throws Exception {
        String key = scanner.plant("key");
        tools.locked("bank").text("bank", "balance", (what, runtime) -> {
            assertThat(runtime.credentials().secret("api_key").orElseThrow().reveal())
                    .isEqualTo(key);
            LOG.info("{} {}", runtime, runtime.credentials());
            return "7 coins";
        });
        tools.locked("bank").text("bank", "broken", (what, runtime) -> {
            throw foreign(key);
        });
        engine.toolCredential("bank", "main", key);
        watch();
        start(routes());

        try (LogCapture log = scanner.captureLogs()) {
            for (String way : List.of("to", "stream")) {
                model.calls(call("1", "balance", "{}"), call("2", "broken", "{}"))
                        .reply("7 coins.");
                send(way);
                model.call("balance", "{}").fail(new UnavailableException(ErrorCode.OVERLOADED, "too much going on"));
                send(way);
            }
            assertThat(log.text()).isNotEmpty();
        }
        assertThat(tools.callsOf("balance")).hasSize(4);
        assertThat(observed).isNotEmpty();
        scanner.assertNowhereIn(observed);
        scanner.assertNowhereIn(traces());
        scanner.assertNowhereIn(consoles());
        scanner.assertNowhereInJmx("org.apache.camel:*");
    }

    private void watch() {
        context.setBacklogTracing(true);
        context.setMessageHistory(true);
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
                from("direct:to").to(everything).to(WITH_TOOLS).to(everything);
                from("direct:stream")
                        .to(WITH_TOOLS + "&stream=true")
                        .convertBodyTo(String.class)
                        .to(everything);
            }
        };
    }

    private void send(String way) {
        Exchange exchange = send("direct:" + way, "hello", asked -> {});
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
        for (String id : List.of("agent", "context", "route", "endpoint", "trace", "health", "inflight", "producer")) {
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

    @Test
    @DisplayName("LOG-01: what is asked, answered and called is in no log of ours")
    void logsNothingOfWhatIsSaid() {
        String said = scanner.plant("said");
        tools.text("city", "weather", (what, runtime) -> "Rain in " + said);
        model.call("weather", "{\"what\":\"" + said + "\"}")
                .call("wether " + said, "{" + said)
                .reply("It rains in " + said);
        start();

        try (LogCapture log = scanner.captureLogs()) {
            ask(WITH_TOOLS + "&missingTools=ignore", "What about " + said + "?", in(said));

            assertThat(log.text()).doesNotContain("Exception");
        }
    }
}
