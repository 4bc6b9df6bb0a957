package io.bactrian.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.bactrian.core.error.InvokeException;
import io.bactrian.core.tenant.Caller;
import io.bactrian.support.tool.ToolConstants;
import io.bactrian.testkit.CanaryScanner;
import io.bactrian.testkit.LogCapture;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultHeaderFilterStrategy;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Headers decide nothing. Runs a second time in a JVM that speaks Turkish (HDR-03). */
class ToolHeadersTest extends ToolTestBase {

    @ParameterizedTest
    @DisplayName(
            "HDR-01, HDR-02, HDR-03, HDR-04: no spelling of a header chooses tool, tenant, credential or arguments")
    @ValueSource(
            strings = {
                "CamelToolName",
                "CAMELTOOLNAME",
                "cAmElToOlNaMe",
                "CamelToolProvider",
                "CamelToolTenant",
                "CamelToolCredential",
                "CamelToolCredentialId",
                "CamelToolDynamicReference",
                "BactrianTenant",
                "bactriantenant",
                "BACTRIANTENANT",
                "BactrianUser",
                "BactrianApp",
                "BactrianSource",
                "BactrianRequestId",
                "BactrianDeadline",
                "BactrianDepth",
                "BactrianPath",
                "tenant",
                "credential",
                "toolName",
                "city",
                "form.city",
                "Authorization",
                "org.apache.camel.Foo",
                "CAMELExecCommandExecutable"
            })
    void aHeaderChangesNothing(String header) {
        RecordingPolicy policy = new RecordingPolicy();
        engine.policies.add(policy);
        start();

        Exchange exchange = template.request(FORECAST, asked -> {
            asked.getMessage().setBody("Berlin");
            asked.getMessage().setHeader(header, "acme");
        });

        assertThat(exchange.getException()).isNull();
        assertThat(tools.lastCall().tool()).isEqualTo("forecast");
        assertThat(tools.lastCall().arguments().values().toJava()).isEqualTo(Map.of("city", "Berlin"));
        assertThat(exchange.getMessage().getHeader(ToolConstants.TOOL_CREDENTIAL_ID))
                .isEqualTo("credential-1");
        Caller caller = policy.callers.get(0);
        assertThat(caller.tenant()).hasToString("default");
        assertThat(caller.user()).isNull();
        assertThat(caller.app()).isNull();
        assertThat(caller.depth()).isZero();
        assertThat(caller.path().steps()).isEmpty();
        assertThat(caller.requestId().value()).isNotEqualTo("acme");
    }

    @Test
    @DisplayName("HDR-09: only declared arguments are bound, and none becomes a header")
    void anUndeclaredArgumentIsPassedOver() {
        start();

        Exchange exchange =
                call(FORECAST, Map.of("city", "Berlin", "CamelHttpUri", "http://evil", "Authorization", "x"));

        assertThat(tools.lastCall().arguments().values().toJava()).isEqualTo(Map.of("city", "Berlin"));
        assertThat(exchange.getMessage().getHeaders().keySet())
                .allMatch(name -> name.startsWith("CamelTool"))
                .doesNotContain("CamelHttpUri");
        assertThat(exchange.getMessage().getHeader(ToolConstants.TOOL_IGNORED_ARGUMENTS, List.class))
                .containsExactlyInAnyOrder("CamelHttpUri", "Authorization");
    }

    @Test
    @DisplayName("HDR-01, HDR-02: what we leave on a message is stopped by header filters in any spelling, both ways")
    void allHeadersOfOursAreFilteredInAnySpelling() {
        DefaultHeaderFilterStrategy door = new DefaultHeaderFilterStrategy();
        door.setLowerCase(true);
        door.setInFilterStartsWith(DefaultHeaderFilterStrategy.CAMEL_FILTER_STARTS_WITH);
        door.setOutFilterStartsWith(DefaultHeaderFilterStrategy.CAMEL_FILTER_STARTS_WITH);
        start();
        Exchange exchange = call(FORECAST, Map.of("city", "Berlin", "more", 1));

        assertThat(exchange.getMessage().getHeaders()).hasSizeGreaterThan(6);
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

        assertThat(catchThrowable(() -> context.getEndpoint(ECHO + "?headerFilterStrategy=#bean:mine")))
                .hasRootCauseInstanceOf(InvokeException.class)
                .rootCause()
                .hasMessageContaining("unknown options [headerFilterStrategy]");
    }

    @ParameterizedTest
    @DisplayName("HDR-07: an identity header is ignored, and said once, by its name alone")
    @ValueSource(strings = {"CAMELtoolTenant", "camelTOOLcredential", "BactrianPATH"})
    void saysOnceThatAnIdentityHeaderIsIgnored(String header) {
        start();
        CanaryScanner scanner = new CanaryScanner();
        String canary = scanner.plant("tenant");

        String logged;
        try (LogCapture log = scanner.captureLogs()) {
            for (int i = 0; i < 3; i++) {
                template.request(ECHO, asked -> {
                    asked.getMessage().setBody("hello");
                    asked.getMessage().setHeader(header, canary);
                });
            }
            logged = log.text();
        }

        assertThat(logged.lines()
                        .filter(line -> line.toLowerCase(Locale.ROOT).contains(header.toLowerCase(Locale.ROOT))))
                .hasSizeLessThanOrEqualTo(1);
        assertThat(tools.calls).hasSize(3);
    }

    @ParameterizedTest
    @DisplayName("HDR-15: an option that there is not, or that is wrong, is refused without a word of its value")
    @ValueSource(
            strings = {
                "apiKey=%s",
                "apiKey=RAW(a)b&c%s)",
                "baseUrl=http://u:%s@host/",
                "wibble=%s",
                "stream=true&api_key=%s",
                "secretKey=%s&tenant=acme",
                "apiKey=RAW(%s)b&c)",
                "form.Authorization=%s",
                "credential=%s-longer-than-a-name-can-be",
                "tenant=%s_"
            })
    void anUnknownOptionIsRefusedWithoutItsValue(String option) {
        context.setMessageHistory(true);
        start();
        CanaryScanner scanner = new CanaryScanner();
        String canary = scanner.plant("option");

        try (LogCapture log = scanner.captureLogs()) {
            Throwable refused = catchThrowable(() -> context.getEndpoint(ECHO + "?" + option.formatted(canary)));

            assertThat(refused).isNotNull();
            scanner.assertNowhereIn(refused);
            assertThat(log.text()).isNotNull();
        }
        scanner.assertNowhereInJmx("org.apache.camel:*");
        assertThat(context.getEndpoints())
                .noneMatch(endpoint -> endpoint.getEndpointUri().contains(canary));
    }
}
