package io.bactrian.tool;

import static org.assertj.core.api.Assertions.assertThat;

import io.bactrian.support.tool.ToolConstants;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A tool's name is written as it is, whatever it holds. Runs a second time in a JVM that speaks Turkish. */
class ToolNamesTest extends ToolTestBase {

    static List<String> names() {
        return ScriptedTools.ODD_NAMES;
    }

    @ParameterizedTest
    @MethodSource("names")
    void callsTheToolOfThatName(String name) {
        start();

        Exchange exchange = call("tool:odd/" + name, null);

        assertThat(exchange.getException()).isNull();
        assertThat(exchange.getMessage().getHeader(ToolConstants.TOOL_NAME)).isEqualTo(name);
        assertThat(tools.lastCall().tool()).isEqualTo(name);
    }

    @ParameterizedTest
    @MethodSource("names")
    void callsTheToolThatAnExpressionNames(String name) throws Exception {
        start(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:call").toD("tool:odd/${header.which}");
            }
        });

        Exchange exchange =
                template.request("direct:call", asked -> asked.getMessage().setHeader("which", name));

        assertThat(exchange.getException()).isNull();
        assertThat(tools.lastCall().tool()).isEqualTo(name);
    }
}
