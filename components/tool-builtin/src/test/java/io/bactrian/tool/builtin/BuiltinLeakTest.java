package io.bactrian.tool.builtin;

import static org.assertj.core.api.Assertions.assertThat;

import io.bactrian.core.error.InvokeException;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tool.Tool;
import io.bactrian.core.tool.ToolParameter;
import io.bactrian.core.tool.ToolParameterType;
import io.bactrian.core.tool.ToolProviderType;
import io.bactrian.support.BactrianEngine;
import io.bactrian.testkit.CanaryScanner;
import io.bactrian.testkit.LogCapture;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.console.DevConsole;
import org.apache.camel.health.HealthCheckHelper;
import org.apache.camel.spi.CamelEvent;
import org.apache.camel.support.EventNotifierSupport;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.service.ServiceHelper;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What builtin tools are called with, and what goes wrong in them, shows nowhere but on the body and in the answer. */
class BuiltinLeakTest extends BuiltinTestBase {

    private final CanaryScanner scanner = new CanaryScanner();
    private final List<String> observed = new CopyOnWriteArrayList<>();

    @Test
    @DisplayName(
            "LOG-01, LOG-03, HDR-09: arguments of every tool are in no log, header, property, event, JMX bean, console or health check")
    void argumentsAreNowhere() throws Exception {
        String canary = scanner.plant("argument");
        watch();
        start(new RouteBuilder() {
            @Override
            public void configure() {
                errorHandler(noErrorHandler());
                from("direct:any").toD("tool-builtin:${exchangeProperty.tool}");
            }
        });

        try (LogCapture log = scanner.captureLogs()) {
            List<Tool> tools = tools();
            assertThat(tools).hasSizeGreaterThan(20);
            for (Tool tool : tools) {
                Map<String, Object> arguments = arguments(tool, canary);
                send(tool, arguments);
                arguments.put("CamelHttpUri", "http://" + canary + ".invalid/");
                arguments
                        .keySet()
                        .removeIf(name -> tool.entity().parameter(name).isPresent());
                send(tool, arguments);
            }
            assertThat(log.text()).isNotNull();
        }
        assertThat(observed).isNotEmpty();
        scanner.assertNowhereIn(observed);
        scanner.assertNowhereIn(consoles());
        scanner.assertNowhereInJmx("org.apache.camel:*");
    }

    @ParameterizedTest
    @DisplayName("HDR-16: what goes wrong on the way to a page is told without its URL's secrets")
    @ValueSource(
            strings = {
                "http://127.0.0.1:1/x?key=%s",
                "http://u:%s@127.0.0.1:1/",
                "https://u:%s@localhost/",
                "file:///etc/%s",
                "http://%s\u0000/",
                "http://169.254.169.254/latest/%s"
            })
    void theErrorsOfPagesDoNotShowTheirUrl(String url) {
        String canary = scanner.plant("url");
        start();

        try (LogCapture log = scanner.captureLogs()) {
            for (String tool : List.of("read_page", "fetch")) {
                InvokeException error = refusal("tool-builtin:web/" + tool, Map.of("url", url.formatted(canary)));

                scanner.assertNowhereIn(error.getMessage());
                scanner.assertNowhereIn(error);
            }
            assertThat(log.text()).isNotNull();
        }
    }

    private List<Tool> tools() {
        return BactrianEngine.of(context).toolManager().tools(new TenantId("default")).stream()
                .filter(tool -> tool.toolProviderType() == ToolProviderType.BUILTIN)
                .toList();
    }

    private static Map<String, Object> arguments(Tool tool, String canary) {
        Map<String, Object> arguments = new HashMap<>();
        for (ToolParameter parameter : tool.entity().parameters()) {
            boolean text = parameter.type() == ToolParameterType.STRING;
            boolean list = parameter.type() == ToolParameterType.ARRAY;
            arguments.put(
                    parameter.name(),
                    text
                            ? canary
                            : list ? List.of(canary) : parameter.defaultValue() == null ? 1 : parameter.defaultValue());
        }
        return arguments;
    }

    private void send(Tool tool, Map<String, Object> arguments) {
        Exchange exchange = template.request("direct:any", asked -> {
            asked.setProperty(
                    "tool",
                    tool.entity().identity().provider() + "/" + tool.entity().name());
            asked.getMessage().setBody(arguments);
        });
        observed.add(exchange.getMessage().getHeaders().keySet().toString());
        observed.add(exchange.getMessage().getHeaders().toString());
        exchange.getAllProperties().forEach((name, value) -> {
            // the exception is the answer: it is for whoever called
            if (!(value instanceof Throwable)) {
                observed.add(name + "=" + value);
            }
        });
    }

    private void watch() {
        context.setMessageHistory(true);
        context.setSourceLocationEnabled(true);
        context.getManagementStrategy().addEventNotifier(new EventNotifierSupport() {
            @Override
            public void notify(CamelEvent event) {
                if (!(event instanceof CamelEvent.FailureEvent)) {
                    observed.add(event.toString());
                }
            }
        });
    }

    private List<String> consoles() {
        List<String> shown = new ArrayList<>();
        for (String id :
                List.of("tool-builtin", "context", "route", "endpoint", "health", "inflight", "producer", "event")) {
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
