package io.bactrian.tool.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import io.bactrian.core.tool.ToolAddress;
import java.util.Map;
import org.apache.camel.console.DevConsole;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckHelper;
import org.apache.camel.health.HealthCheckRegistry;
import org.apache.camel.health.HealthCheckRepository;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.util.json.JsonObject;
import org.junit.jupiter.api.Test;

/** Health and console tell what is published and who calls it. */
class HealthAndConsoleTest extends WorkflowTestBase {

    private void startRoute() throws Exception {
        HealthCheckRegistry registry = HealthCheckHelper.getHealthCheckRegistry(context);
        if (registry == null) {
            registry = new org.apache.camel.impl.health.DefaultHealthCheckRegistry(context);
            context.getCamelContextExtension().addContextPlugin(HealthCheckRegistry.class, registry);
        }
        registry.setEnabled(true);
        HealthCheckRepository consumers = (HealthCheckRepository) registry.resolveById("consumers");
        consumers.setEnabled(true);
        registry.register(consumers);
        start(routes -> {
            routes.from("tool-workflow:x?description=x&version=2").routeId("r1").setBody(routes.constant("done"));
            routes.from("direct:ask").routeId("ask").to("tool-workflow:x").to("tool-workflow:gone");
        });
    }

    private HealthCheck.Result check() {
        return HealthCheckHelper.invokeReadiness(context).stream()
                .filter(result -> "consumer:r1".equals(result.getCheck().getId()))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void isReadyWhileTheToolCanBeCalled() throws Exception {
        startRoute();
        HealthCheck.Result up = check();
        assertThat(up.getState()).isEqualTo(HealthCheck.State.UP);
        assertThat(up.getDetails()).containsEntry("tool", "tool-workflow:x").containsEntry("route.id", "r1");
        assertThat(up.getCheck().isLiveness()).isFalse();

        context.getRouteController().suspendRoute("r1");
        assertThat(check().getState()).isEqualTo(HealthCheck.State.DOWN);
        HealthCheck.Result own = ((WorkflowConsumer) context.getRoute("r1").getConsumer())
                .getHealthCheck()
                .call();
        assertThat(own.getState()).isEqualTo(HealthCheck.State.DOWN);
        assertThat(own.getMessage()).hasValueSatisfying(text -> assertThat(text).contains("suspended"));

        context.getRouteController().resumeRoute("r1");
        assertThat(check().getState()).isEqualTo(HealthCheck.State.UP);
    }

    @Test
    void theConsoleShowsWhatIsPublishedWhoCallsItAndWhatIsMissing() throws Exception {
        startRoute();
        engine.toolManager().dependents().register("agent:helper", ToolAddress.workflow("x"));
        template.request("direct:ask", exchange -> {});

        JsonObject shown = (JsonObject) console().call(DevConsole.MediaType.JSON, Map.of());
        String text = (String) console().call(DevConsole.MediaType.TEXT, Map.of());

        assertThat(shown.get("published"))
                .isEqualTo(Map.of(
                        "tool-workflow:x",
                        "route 'r1' (all tenants), version 2, called by agent:helper, route ask: tool-workflow:x"));
        assertThat(shown.get("missing")).isEqualTo(Map.of("tool-workflow:gone", "route ask: tool-workflow:gone"));
        assertThat(text).contains("tool-workflow:x").contains("calls: 1");
    }

    private DevConsole console() {
        return PluginHelper.getDevConsoleResolver(context).resolveDevConsole("tool-workflow");
    }
}
