package io.bactrian.tool.builtin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.InvokeException;
import io.bactrian.core.error.MisconfiguredException;
import io.bactrian.core.json.JsonCodec;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tool.Tool;
import io.bactrian.core.tool.ToolEntity;
import io.bactrian.core.tool.ToolEnvironment;
import io.bactrian.core.tool.ToolParameter;
import io.bactrian.core.tool.ToolParameterType;
import io.bactrian.core.tool.ToolProviderController;
import io.bactrian.core.tool.ToolProviderEntity;
import io.bactrian.core.tool.ToolProviderSource;
import io.bactrian.core.tool.ToolProviderType;
import io.bactrian.core.tool.ToolStream;
import io.bactrian.core.tool.annotation.AiTool;
import io.bactrian.core.tool.annotation.AiTools;
import io.bactrian.core.tool.annotation.AnnotatedTools;
import io.bactrian.json.ToolJson;
import io.bactrian.testkit.CanaryScanner;
import io.bactrian.testkit.LogCapture;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Beans of a project's own as tools. */
class UserToolsTest extends BuiltinTestBase {

    private record Provider(String name, ToolProviderType toolProviderType) implements ToolProviderController {
        @Override
        public ToolProviderEntity entity() {
            return ToolProviderEntity.of(name, "Of the project");
        }

        @Override
        public List<Tool> tools() {
            return List.of(new Tool(
                    ToolProviderType.BUILTIN,
                    ToolEntity.of(name, "shout", "Shouts")
                            .parameter(ToolParameter.llm("text", ToolParameterType.STRING, "what")
                                    .required())
                            .build(),
                    (arguments, runtime) -> ToolStream.ofText(arguments.text("text") + "!"),
                    ToolJson.codec()));
        }
    }

    @AiTools(provider = "trouble", description = "Fails")
    public static class Trouble {

        private final String canary;

        Trouble(String canary) {
            this.canary = canary;
        }

        @AiTool(description = "Throws what is checked")
        public String checked() throws IOException {
            throw new IOException("GET https://u:" + canary + "@host failed");
        }

        @AiTool(description = "Gives what is no JSON")
        public List<Object> strange() {
            return List.of(new Object());
        }

        @AiTool(description = "Is interrupted")
        public String interrupted() throws InterruptedException {
            throw new InterruptedException(canary);
        }
    }

    @Test
    void aControllerBeanIsAProvider() {
        context.getRegistry().bind("mine", new Provider("mine", ToolProviderType.BUILTIN));
        start();

        assertThat(text("tool-builtin:mine/shout", "hello")).isEqualTo("hello!");
        assertThat(text(STATUS, "A-1")).isEqualTo("Order A-1 is on its way.");
    }

    @Test
    void aBeanStandsInThePlaceOfAProviderThatComesWithTheComponent() {
        context.getRegistry().bind("mine", new Provider("calculator", ToolProviderType.BUILTIN));
        start();

        assertThat(text("tool-builtin:calculator/shout", "hello")).isEqualTo("hello!");
        assertThat(refusal("tool-builtin:calculator/evaluate", "1 + 1").code()).isEqualTo(ErrorCode.TOOL_NOT_FOUND);
    }

    @Test
    void twoBeansOfOneNameAreRefusedAtStart() throws Exception {
        context.getRegistry().bind("mine", new Provider("orders", ToolProviderType.BUILTIN));
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:status").to(STATUS);
            }
        });

        assertThatThrownBy(this::start)
                .hasRootCauseInstanceOf(MisconfiguredException.class)
                .rootCause()
                .hasMessageContaining("'orders'");
    }

    @Test
    void aBeanOfAnotherKindIsRefusedAtStart() {
        context.getRegistry().bind("mine", new Provider("mine", ToolProviderType.API));
        start();

        assertThatThrownBy(() -> context.getEndpoint("tool-builtin:mine/shout"))
                .rootCause()
                .hasMessageContaining("a bean's kind is builtin");
    }

    @Test
    void anAnnotatedObjectCanBeBoundAsItsProvider() {
        context.getRegistry().unbind("orders");
        context.getRegistry().bind("provider", AnnotatedTools.of(new Orders(), ToolJson.codec()));
        start();

        assertThat(text(STATUS, "A-1")).isEqualTo("Order A-1 is on its way.");
    }

    @Test
    @DisplayName("a registry whose beans cannot all be looked at still gives its providers, and it is said what to do")
    void aRegistryThatFailsIsNoReasonNotToStart() {
        CanaryScanner scanner = new CanaryScanner();
        ToolEnvironment failing = new ToolEnvironment() {
            @Override
            public <T> Optional<T> find(Class<T> type) {
                return Optional.empty();
            }

            @Override
            public <T> List<T> beans(Class<T> type) {
                if (type == Object.class) {
                    throw new IllegalStateException("scope 'request' is not active");
                }
                return List.of(type.cast(new Provider("mine", ToolProviderType.BUILTIN)));
            }

            @Override
            public Optional<String> setting(String name) {
                return Optional.empty();
            }

            @Override
            public JsonCodec json() {
                return ToolJson.codec();
            }
        };

        try (LogCapture log = scanner.captureLogs()) {
            List<ToolProviderSource> sources = new UserToolFactory().sources(failing);

            assertThat(sources).hasSize(1);
            assertThat(sources.get(0).provider(new TenantId("acme"), "mine")).isPresent();
            assertThat(log.text()).contains("AnnotatedTools.of(object, ToolJson.codec())");
        }
    }

    @ParameterizedTest
    @DisplayName("HDR-16, LOG-01: what a method throws is told by its class alone, and its message is not passed on")
    @ValueSource(strings = {"checked", "strange"})
    void aForeignMessageIsNotPassedOn(String tool) {
        CanaryScanner scanner = new CanaryScanner();
        context.getRegistry().bind("trouble", new Trouble(scanner.plant("message")));
        start();

        InvokeException error = refusal("tool-builtin:trouble/" + tool, null);

        assertThat(error.code()).isEqualTo(ErrorCode.TOOL_INVOKE_ERROR);
        assertThat(error).hasMessageMatching(".*(IO|IllegalArgument)Exception.*");
        scanner.assertNowhereIn(error.getMessage());
        scanner.assertNowhereIn(error.toString());
    }

    @Test
    void anInterruptedMethodIsACancelledCall() {
        context.getRegistry().bind("trouble", new Trouble("x"));
        start();

        InvokeException error = refusal("tool-builtin:trouble/interrupted", null);

        assertThat(error.code()).isEqualTo(ErrorCode.CANCELLED);
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void anErrorThatIsMadeToBeShownIs() {
        start();

        InvokeException error = refusal(STATUS, "B-1");

        assertThat(error.code()).isEqualTo(ErrorCode.TOOL_PARAMETERS_INVALID);
        assertThat(error).hasMessage("number: there is no order 'B-1'; numbers look like A-17");
    }
}
