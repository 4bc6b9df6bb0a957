package io.bactrian.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.bactrian.core.config.ModelSetting;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.InvokeException;
import io.bactrian.core.model.ModelCall;
import io.bactrian.core.provider.ModelType;
import io.bactrian.core.provider.ParameterValue;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.support.BactrianConstants;
import io.bactrian.testkit.CanaryScanner;
import io.bactrian.testkit.LogCapture;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.support.DefaultHeaderFilterStrategy;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Headers decide nothing unless the route says so. Runs a second time in a JVM that speaks Turkish (HDR-03). */
class ModelHeadersTest extends ModelTestBase {

    @ParameterizedTest
    @DisplayName(
            "HDR-01, HDR-02, HDR-03, HDR-04: no spelling of a header chooses model, tenant, credential or parameters")
    @ValueSource(
            strings = {
                "CamelModelName",
                "CAMELMODELNAME",
                "camelmodelname",
                "cAmElMoDeLnAmE",
                "CamelModelProvider",
                "CamelModelTemperature",
                "CAMELMODELTEMPERATURE",
                "CamelModelDimensions",
                "camelmodeldimensions",
                "CamelModelStop",
                "CamelModelTenant",
                "CamelModelCredential",
                "CamelModelCredentialId",
                "CamelModelBaseUrl",
                "CamelModelDynamicAddress",
                "BactrianTenant",
                "bactriantenant",
                "BACTRIANTENANT",
                "BactrianUser",
                "BactrianApp",
                "BactrianSource",
                "BactrianRequestId",
                "BactrianDeadline",
                "BactrianDepth",
                "tenant",
                "credential",
                "modelName",
                "provider",
                "base_url",
                "Authorization",
                "org.apache.camel.Foo",
                "CAMELExecCommandExecutable"
            })
    void aHeaderChangesNothing(String header) {
        RecordingPolicy policy = new RecordingPolicy();
        engine.policies.add(policy);
        start();

        Exchange exchange = template.request(CHAT, asked -> {
            asked.getMessage().setBody("hello");
            asked.getMessage().setHeader(header, "acme");
        });

        assertThat(exchange.getException()).isNull();
        assertThat(dialect.lastCall().wireModel()).isEqualTo("gpt-4o-mini");
        assertThat(dialect.lastRequest().parameters().values()).isEmpty();
        assertThat(dialect.lastRequest().stop()).isEmpty();
        assertThat(exchange.getMessage().getHeader(BactrianConstants.MODEL_CREDENTIAL_ID))
                .isEqualTo("credential-1");
        assertThat(policy.callers.get(0).tenant()).hasToString("default");
        assertThat(policy.callers.get(0).user()).isNull();
        assertThat(policy.callers.get(0).app()).isNull();
        assertThat(policy.callers.get(0).depth()).isZero();
        assertThat(policy.callers.get(0).requestId().value()).isNotEqualTo("acme");
    }

    @Test
    @DisplayName("HDR-01, HDR-02: what we leave on a message is stopped by header filters in any spelling, both ways")
    void allHeadersOfOursAreFilteredInAnySpelling() throws Exception {
        DefaultHeaderFilterStrategy door = new DefaultHeaderFilterStrategy();
        door.setLowerCase(true);
        door.setInFilterStartsWith(DefaultHeaderFilterStrategy.CAMEL_FILTER_STARTS_WITH);
        door.setOutFilterStartsWith(DefaultHeaderFilterStrategy.CAMEL_FILTER_STARTS_WITH);
        start();
        Exchange exchange = template.request(CHAT, asked -> asked.getMessage().setBody("hello"));

        for (String name : exchange.getMessage().getHeaders().keySet()) {
            for (String spelling : List.of(name, name.toLowerCase(Locale.ROOT), name.toUpperCase(Locale.ROOT))) {
                assertThat(door.applyFilterToExternalHeaders(spelling, "x", exchange))
                        .as("in: %s", spelling)
                        .isTrue();
                assertThat(door.applyFilterToCamelHeaders(spelling, "x", exchange))
                        .as("out: %s", spelling)
                        .isTrue();
            }
        }
    }

    @Test
    @DisplayName("HDR-12: a header filter is no option, so none can be set and silently not be asked")
    void aHeaderFilterStrategyIsNoOption() {
        context.getRegistry().bind("mine", new DefaultHeaderFilterStrategy());
        start();

        assertThat(org.assertj.core.api.Assertions.catchThrowable(
                        () -> context.getEndpoint(CHAT + "?headerFilterStrategy=#bean:mine")))
                .hasRootCauseInstanceOf(InvokeException.class)
                .rootCause()
                .hasMessageContaining("unknown options [headerFilterStrategy]");
    }

    @Test
    @DisplayName("HDR-07: an identity header is ignored, and said once, by its name alone")
    void saysOnceThatAnIdentityHeaderIsIgnored() {
        start();
        CanaryScanner scanner = new CanaryScanner();
        String canary = scanner.plant("tenant");

        String logged;
        try (LogCapture log = scanner.captureLogs()) {
            for (int i = 0; i < 3; i++) {
                template.request(CHAT, asked -> {
                    asked.getMessage().setBody("hello");
                    asked.getMessage().setHeader("BactrianDEPTH", canary);
                });
            }
            logged = log.text();
        }

        assertThat(logged.lines().filter(line -> line.contains("BactrianDepth")))
                .hasSizeLessThanOrEqualTo(1);
    }

    @Test
    @DisplayName("HDR-08: only a header that the route lists replaces its option")
    void listedHeadersReplaceOptions() {
        start();

        Exchange exchange = template.request(
                CHAT + "?temperature=1&maxTokens=10&headerOverrides=CamelModelName, temperature,CamelModelStop",
                asked -> {
                    asked.getMessage().setBody("hello");
                    asked.getMessage().setHeader("camelMODELname", "other/model:1");
                    asked.getMessage().setHeader(BactrianConstants.MODEL_TEMPERATURE, "0.25");
                    asked.getMessage().setHeader(BactrianConstants.MODEL_MAX_TOKENS, 99);
                    asked.getMessage().setHeader(BactrianConstants.MODEL_STOP, List.of("A", "B"));
                });

        assertThat(exchange.getException()).isNull();
        assertThat(dialect.lastCall().wireModel()).isEqualTo("other/model:1");
        assertThat(dialect.lastRequest().parameters().values())
                .isEqualTo(new TreeMap<>(Map.of(
                        "temperature", new ParameterValue.Number(new BigDecimal("0.25")),
                        "max_tokens", new ParameterValue.Number(new BigDecimal("10")))));
        assertThat(dialect.lastRequest().stop()).containsExactly("A", "B");
    }

    @Test
    @DisplayName("HDR-08: a model that a header names is asked for permission like any other")
    void aModelNamedByAHeaderPassesAccess() {
        engine.policies.add(new RecordingPolicy());
        start();

        Exchange exchange = template.request(CHAT + "?headerOverrides=CamelModelName", asked -> {
            asked.getMessage().setBody("hello");
            asked.getMessage().setHeader(BactrianConstants.MODEL_NAME, "forbidden-model");
        });

        assertThat(exchange.getException(InvokeException.class).code()).isEqualTo(ErrorCode.ACCESS_DENIED);
        assertThat(dialect.calls).isEmpty();
    }

    private InvokeException refusedWithModel(String tenant, String model) {
        Exchange exchange = template.request(CHAT + "?tenant=" + tenant + "&headerOverrides=CamelModelName", asked -> {
            asked.getMessage().setBody("hello");
            asked.getMessage().setHeader(BactrianConstants.MODEL_NAME, model);
        });
        return exchange.getException(InvokeException.class);
    }

    @Test
    @DisplayName("HDR-08: a header reaches no model that the tenant has switched off")
    void aHeaderReachesNoModelThatIsSwitchedOff() {
        engine.store.enableModel(
                TenantId.DEFAULT, TestEngine.OPENAI, new ModelSetting("other-model", ModelType.LLM, false));
        start();

        InvokeException error = refusedWithModel("default", "other-model");

        assertThat(error.code()).isEqualTo(ErrorCode.MODEL_DISABLED);
        assertThat(error.code().httpStatus()).isEqualTo(403);
        assertThat(dialect.calls).isEmpty();
    }

    @Test
    @DisplayName("HDR-08: a header reaches no model beyond those that the operator's key is for")
    void aHeaderReachesNoModelOutsideTheAllowList() {
        engine.grant("gpt-4o-mini", TestEngine.POOR);
        start();

        InvokeException error = refusedWithModel("poor", "gpt-4o");
        template.request(CHAT + "?tenant=poor&headerOverrides=CamelModelName", asked -> asked.getMessage()
                .setBody("hello"));

        assertThat(error.code()).isEqualTo(ErrorCode.MODEL_CURRENTLY_NOT_SUPPORT);
        assertThat(error.code().httpStatus()).isEqualTo(403);
        assertThat(error).hasMessageContaining("restrict_models");
        assertThat(dialect.calls)
                .as("the model that it is for is called, and no other")
                .extracting(ModelCall::wireModel)
                .containsExactly("gpt-4o-mini");
    }

    @ParameterizedTest
    @ValueSource(strings = {"warm", "", "1e999999999", "NaN"})
    void aHeaderThatIsNoNumberIsNamed(String value) {
        start();

        Exchange exchange = template.request(CHAT + "?headerOverrides=CamelModelTemperature", asked -> {
            asked.getMessage().setBody("hello");
            asked.getMessage().setHeader(BactrianConstants.MODEL_TEMPERATURE, value);
        });

        InvokeException error = exchange.getException(InvokeException.class);
        assertThat(error.code()).isEqualTo(ErrorCode.INVALID_PARAM);
        assertThat(error).hasMessageContaining("CamelModelTemperature");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "BactrianTenant",
                "BactrianUser",
                "BactrianApp",
                "BactrianSource",
                "BactrianRequestId",
                "BactrianDeadline",
                "BactrianDepth"
            })
    void aPropertyThatHoldsSomethingElseIsNamed(String property) {
        start();
        CanaryScanner scanner = new CanaryScanner();
        String canary = scanner.plant("property");

        for (Object wrong : List.of(new Object(), List.of(canary), "\u0000" + canary)) {
            Exchange exchange = template.request(CHAT, asked -> {
                asked.getMessage().setBody("hello");
                asked.setProperty(property, wrong);
            });

            InvokeException error = exchange.getException(InvokeException.class);
            assertThat(error.code()).isEqualTo(ErrorCode.INVALID_PARAM);
            assertThat(error).hasMessageContaining(property);
            scanner.assertNowhereIn(error);
        }
    }

    @Test
    @DisplayName("HDR-13: nothing gets onto the message but headers of our own")
    void leavesNoHeaderButItsOwn() throws Exception {
        start(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:ask").to(CHAT);
            }
        });

        Exchange exchange =
                template.request("direct:ask", asked -> asked.getMessage().setBody("hello"));

        assertThat(exchange.getMessage().getHeaders().keySet()).allMatch(name -> name.startsWith("CamelModel"));
    }

    @ParameterizedTest
    @DisplayName("HDR-15: an option that there is not is refused without a word of its value")
    @ValueSource(
            strings = {
                "apiKey=%s",
                "apiKey=RAW(a)b&c%s)",
                "baseUrl=http://u:%s@host/",
                "wibble=%s",
                "temperature=1&api_key=%s",
                "secretKey=%s&tenant=acme",
                "param.apiKey=%s",
                "param.grammar={%s",
                "apiKey=RAW(%s)b&c)",
                "credential=%s-longer-than-a-name-can-be"
            })
    void anUnknownOptionIsRefusedWithoutItsValue(String option) {
        context.setMessageHistory(true);
        start();
        CanaryScanner scanner = new CanaryScanner();
        String canary = scanner.plant("option");

        try (LogCapture log = scanner.captureLogs()) {
            Throwable refused = org.assertj.core.api.Assertions.catchThrowable(
                    () -> context.getEndpoint(CHAT + "?" + option.formatted(canary)));

            assertThat(refused).isNotNull();
            scanner.assertNowhereIn(refused);
            assertThat(log.text()).isNotNull();
        }
        scanner.assertNowhereInJmx("org.apache.camel:*");
        assertThat(context.getEndpoints())
                .noneMatch(endpoint -> endpoint.getEndpointUri().contains(canary));
    }
}
