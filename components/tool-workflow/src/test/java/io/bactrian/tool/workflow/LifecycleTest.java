package io.bactrian.tool.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.InvokeException;
import io.bactrian.core.error.UnavailableException;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tool.Tool;
import io.bactrian.core.tool.ToolAddress;
import io.bactrian.core.tool.ToolDependents;
import io.bactrian.testkit.CanaryScanner;
import io.bactrian.testkit.LogCapture;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tools come and go with their routes, and whoever depends on them is told. */
@Timeout(30)
class LifecycleTest extends WorkflowTestBase {

    private static final ToolAddress X = ToolAddress.workflow("x");

    private void publish(String options, String answer) throws Exception {
        start(routes -> routes.from("tool-workflow:x?description=x" + options)
                .routeId("r1")
                .setBody(routes.constant(answer)));
    }

    /** Replaces the route, as a reload of its source does. */
    private void reload(String options, String answer) throws Exception {
        add(routes -> routes.from("tool-workflow:x?description=x" + options)
                .routeId("r1")
                .setBody(routes.constant(answer)));
    }

    @Test
    void isThereOnlyWhileTheRouteRuns() throws Exception {
        start(routes -> routes.from("tool-workflow:x?description=x")
                .routeId("r1")
                .autoStartup(false)
                .setBody(routes.constant("done")));
        assertThat(engine.toolManager().find(TenantId.DEFAULT, X)).isEmpty();

        context.getRouteController().startRoute("r1");
        assertThat(call("x").text()).isEqualTo("done");

        context.getRouteController().stopRoute("r1");
        assertThat(engine.toolManager().tools(TenantId.DEFAULT)).isEmpty();
        assertThatThrownBy(() -> call("x"))
                .isInstanceOf(BadRequestException.class)
                .extracting(thrown -> ((InvokeException) thrown).code())
                .isEqualTo(ErrorCode.TOOL_NOT_FOUND);

        context.getRouteController().startRoute("r1");
        assertThat(call("x").text()).isEqualTo("done");
    }

    @Test
    void saysThatItIsSuspended() throws Exception {
        publish("", "done");

        context.getRouteController().suspendRoute("r1");
        assertThat(engine.toolManager().find(TenantId.DEFAULT, X)).isPresent();
        assertThatThrownBy(() -> call("x"))
                .isInstanceOf(UnavailableException.class)
                .hasMessageContaining("tool-workflow:x")
                .hasMessageContaining("route 'r1' is suspended");

        context.getRouteController().resumeRoute("r1");
        assertThat(call("x").text()).isEqualTo("done");
    }

    @Test
    void refusesACallThatFoundTheToolBeforeItsRouteStopped() throws Exception {
        publish("", "done");
        Tool found = engine.toolManager().get(TenantId.DEFAULT, X);

        context.getRouteController().stopRoute("r1");

        assertThatThrownBy(() -> found.forkToolRuntime(new io.bactrian.core.tool.ToolRuntime(
                                new io.bactrian.core.tenant.Caller(
                                        TenantId.DEFAULT,
                                        null,
                                        null,
                                        null,
                                        io.bactrian.core.tenant.InvokeSource.ROUTE,
                                        0,
                                        new io.bactrian.core.tenant.RequestId("r"),
                                        io.bactrian.core.tenant.Deadline.in(java.time.Duration.ofSeconds(5))),
                                io.bactrian.core.tool.ToolInvokeFrom.WORKFLOW,
                                io.bactrian.core.credential.Credentials.NONE,
                                io.bactrian.core.tool.ToolCredentialType.UNAUTHORIZED,
                                io.bactrian.core.json.JsonObject.EMPTY))
                        .invoke(io.bactrian.core.json.JsonObject.EMPTY))
                .isInstanceOf(UnavailableException.class)
                .hasMessageContaining("route 'r1' has stopped");
    }

    @Test
    void isUpdatedWhenARouteOfTheSameIdReplacesIt() throws Exception {
        publish("&parameter.a=string", "old");

        reload("&parameter.b=integer", "new");

        assertThat(call("x").text()).isEqualTo("new");
        assertThat(engine.tools().published()).hasSize(1);
        assertThat(engine.toolManager().get(TenantId.DEFAULT, X).entity().parameter("b"))
                .isPresent();
        assertThat(engine.toolManager().get(TenantId.DEFAULT, X).entity().parameter("a"))
                .isEmpty();
    }

    @Test
    void isUpdatedByAReloadOfYaml() throws Exception {
        context.start();
        String yaml = """
                - route:
                    id: r1
                    from:
                      uri: tool-workflow:x
                      parameters:
                        description: says what it is
                      steps:
                        - setBody:
                            constant: ANSWER
                """;
        var loader = PluginHelper.getRoutesLoader(context);
        loader.loadRoutes(ResourceHelper.fromString("r.yaml", yaml.replace("ANSWER", "one")));
        assertThat(call("x").text()).isEqualTo("one");

        loader.updateRoutes(ResourceHelper.fromString("r.yaml", yaml.replace("ANSWER", "two")));

        assertThat(call("x").text()).isEqualTo("two");
        assertThat(engine.tools().published()).hasSize(1);
    }

    @Test
    void aRouteThatCannotPublishDoesNotTakeTheOthersToolAway() throws Exception {
        publish("", "first");

        assertThatThrownBy(() -> add(routes -> routes.from("tool-workflow:x?description=other")
                        .routeId("r2")
                        .setBody(routes.constant("second"))))
                .hasStackTraceContaining("route 'r2' (all tenants) cannot publish tool-workflow:x")
                .hasStackTraceContaining("route 'r1' (all tenants)");

        assertThat(call("x").text()).isEqualTo("first");
    }

    @Test
    void letsCallsEndThatHaveBegun() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        start(routes -> routes.from("tool-workflow:x?description=x")
                .routeId("r1")
                .process(exchange -> {
                    entered.countDown();
                    release.await();
                    exchange.getMessage().setBody("ended well");
                }));
        CompletableFuture<String> call =
                CompletableFuture.supplyAsync(() -> call("x").text());
        assertThat(entered.await(10, TimeUnit.SECONDS)).isTrue();
        CompletableFuture<Boolean> stop = CompletableFuture.supplyAsync(() -> {
            try {
                return context.getRouteController().stopRoute("r1", 20, TimeUnit.SECONDS, false);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        assertThat(stop).isNotDone();

        release.countDown();

        assertThat(call.get(10, TimeUnit.SECONDS)).isEqualTo("ended well");
        stop.get(20, TimeUnit.SECONDS);
        assertThat(engine.tools().published()).isEmpty();
    }

    @Test
    void tellsEachDependentThatAToolIsGone() throws Exception {
        start(routes -> {
            routes.from("tool-workflow:x?description=x").routeId("r1").setBody(routes.constant("done"));
            routes.from("direct:ask").routeId("ask").to("tool-workflow:x?timeout=5s");
        });
        ToolDependents dependents = engine.toolManager().dependents();
        ToolDependents.Registration agent = dependents.register("route chat: agent:helper", X);
        assertThat(dependents.of(X)).containsExactly("route ask: tool-workflow:x", "route chat: agent:helper");

        try (LogCapture log = new CanaryScanner().captureLogs()) {
            context.getRouteController().stopRoute("r1");

            assertThat(log.text().lines().filter(line -> line.contains("WARN") && line.contains("is gone")))
                    .hasSize(2)
                    .anyMatch(line -> line.contains("route ask: tool-workflow:x calls tool-workflow:x"))
                    .anyMatch(line -> line.contains("route chat: agent:helper calls tool-workflow:x"))
                    .allMatch(line -> line.contains("route 'r1'"));
        }
        agent.close();
        agent.close();
        context.getRouteController().stopRoute("ask");
        context.removeRoute("ask");
        assertThat(dependents.all()).isEmpty();
    }

    @Test
    void tellsDependentsWhatHasChanged() throws Exception {
        publish("&version=1&parameter.a=string&parameter.b=string", "old");
        try (var agent = engine.toolManager().dependents().register("agent:helper", X);
                LogCapture log = new CanaryScanner().captureLogs()) {
            reload("&version=2&parameter.b=integer&parameter.c=string,required", "new");

            assertThat(log.text().lines().filter(line -> line.contains("has changed")))
                    .singleElement()
                    .asString()
                    .contains(
                            "WARN",
                            "agent:helper calls tool-workflow:x",
                            "version 1 is now 2",
                            "parameter 'a' is gone",
                            "parameter 'b' accepts something else",
                            "parameter 'c' is new and required");
            assertThat(agent).isNotNull();
        }
    }

    @Test
    void doesNotCallItAChangeWhenNothingACallerHasToKnowIsDifferent() throws Exception {
        publish("&version=1&parameter.a=string:what", "old");
        try (var agent = engine.toolManager().dependents().register("agent:helper", X);
                LogCapture log = new CanaryScanner().captureLogs()) {
            reload("&version=1&parameter.a=string:what+it+is", "new");

            assertThat(log.text()).doesNotContain("has changed");
            assertThat(agent).isNotNull();
        }
    }

    @Test
    void warnsNobodyWhenAllStops() throws Exception {
        start(routes -> {
            routes.from("tool-workflow:x?description=x").routeId("r1").setBody(routes.constant("done"));
            routes.from("direct:ask").to("tool-workflow:x");
        });
        try (LogCapture log = new CanaryScanner().captureLogs()) {
            context.stop();

            assertThat(log.text()).doesNotContain("is gone");
        }
        assertThat(engine.tools().published()).isEmpty();
    }

    @Test
    void keepsDependentsOfToolsThatAreNotThereYet() {
        ToolDependents dependents = new ToolDependents();
        var one = dependents.register("b", X);
        var two = dependents.register("b", X);
        dependents.register("a", ToolAddress.workflow("w"));

        assertThat(dependents.all())
                .isEqualTo(Map.of("tool-workflow:x", List.of("b"), "tool-workflow:w", List.of("a")));
        one.close();
        one.close();
        assertThat(dependents.of(X)).containsExactly("b");
        two.close();
        assertThat(dependents.of(X)).isEmpty();
        assertThatThrownBy(() -> dependents.register("a\nb", X)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> dependents.register(" ", X)).isInstanceOf(IllegalArgumentException.class);
    }
}
