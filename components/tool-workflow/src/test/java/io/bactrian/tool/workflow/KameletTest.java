package io.bactrian.tool.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bactrian.core.json.JsonObject;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tool.ToolAddress;
import io.bactrian.core.tool.ToolApproval;
import io.bactrian.core.tool.ToolEntity;
import io.bactrian.core.tool.ToolParameter;
import java.time.Duration;
import java.util.Map;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.junit.jupiter.api.Test;

/** The Kamelets of this room. */
class KameletTest extends WorkflowTestBase {

    private void load(String yaml) throws Exception {
        context.start();
        template.start();
        PluginHelper.getRoutesLoader(context).loadRoutes(ResourceHelper.fromString("routes.yaml", yaml));
    }

    private static final String SOURCE = """
            - route:
                id: orders
                from:
                  uri: kamelet:tool-workflow-source
                  parameters:
                    toolName: order_status
                    toolDescription: Says where an order is, and why (RAW)
                    parameters: "order_id=string,required:The order number; all of it;verbose=boolean,default=false"
                    approval: ask
                    toolVersion: "2.1"
                    callTimeout: 5s
                    tenants: acme,default
                  steps:
                    - setBody:
                        simple: "order ${variable.order_id} of ${exchangeProperty.BactrianTenant} is on its way"
            """;

    @Test
    void theSourcePublishesARoute() throws Exception {
        load(SOURCE);

        ToolEntity entity = engine.toolManager()
                .get(TenantId.DEFAULT, ToolAddress.workflow("order_status"))
                .entity();
        assertThat(entity.description().llm()).isEqualTo("Says where an order is, and why (RAW)");
        assertThat(entity.approval()).isEqualTo(ToolApproval.ASK);
        assertThat(entity.version()).isEqualTo("2.1");
        assertThat(entity.timeout()).isEqualTo(Duration.ofSeconds(5));
        assertThat(entity.outputSchema()).isNull();
        assertThat(entity.parameters()).extracting(ToolParameter::name).containsExactly("order_id", "verbose");
        assertThat(call("order_status", JsonObject.of("order_id", "7")).text())
                .isEqualTo("order 7 of default is on its way");
        assertThat(engine.toolManager().find(TestEngine.BETA, ToolAddress.workflow("order_status")))
                .isEmpty();
        assertThat(context.getInflightRepository().size()).isZero();
    }

    @Test
    void theActionCallsAPublishedRoute() throws Exception {
        load(SOURCE + """
                - route:
                    from:
                      uri: direct:ask
                      steps:
                        - to:
                            uri: kamelet:tool-workflow-action
                            parameters:
                              toolName: order_status
                              tenant: acme
                              requiredVersion: "2"
                        - convertBodyTo:
                            type: String
                """);

        assertThat(template.requestBodyAndHeader("direct:ask", Map.of("order_id", "8"), "CamelToolName", "other"))
                .isEqualTo("order 8 of acme is on its way");
    }

    @Test
    void theActionNamesNothingButATool() {
        assertThatThrownBy(() -> load("""
                - route:
                    from:
                      uri: direct:ask
                      steps:
                        - to:
                            uri: kamelet:tool-workflow-action
                            parameters:
                              toolName: "x?tenant=beta"
                """)).hasStackTraceContaining("tool-workflow:NAME");
    }
}
