package io.bactrian.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.tenant.ApiKeyId;
import io.bactrian.core.tenant.AppId;
import io.bactrian.core.tenant.CallerClaim;
import io.bactrian.core.tenant.Deadline;
import io.bactrian.core.tenant.InvokeSource;
import io.bactrian.core.tenant.RequestId;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tenant.UserId;
import java.time.Duration;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExchangeCallerTest {

    private static final Duration MINUTE = Duration.ofMinutes(1);

    private DefaultCamelContext context;
    private Exchange exchange;

    @BeforeEach
    void makeExchange() {
        context = new DefaultCamelContext();
        exchange = new DefaultExchange(context);
    }

    @AfterEach
    void closeContext() throws Exception {
        context.close();
    }

    @Test
    void anExchangeThatSaysNothingClaimsNothing() {
        CallerClaim claim = ExchangeCaller.claim(exchange, null, MINUTE);

        assertThat(claim.endpointTenant()).isNull();
        assertThat(claim.tenant()).isNull();
        assertThat(claim.user()).isNull();
        assertThat(claim.app()).isNull();
        assertThat(claim.role()).isNull();
        assertThat(claim.source()).isEqualTo(InvokeSource.ROUTE);
        assertThat(claim.depth()).isZero();
        assertThat(claim.deadline().remaining()).isBetween(Duration.ofSeconds(1), MINUTE);
    }

    @Test
    void everyCallHasARequestIdOfItsOwn() {
        RequestId first = ExchangeCaller.claim(exchange, null, MINUTE).requestId();
        RequestId second = ExchangeCaller.claim(exchange, null, MINUTE).requestId();

        assertThat(first).isNotEqualTo(second);
    }

    @Test
    void readsPropertiesAsText() {
        exchange.setProperty(BactrianConstants.TENANT, "acme");
        exchange.setProperty(BactrianConstants.USER, "alice@example.org");
        exchange.setProperty(BactrianConstants.APP, "shop");
        exchange.setProperty(BactrianConstants.API_KEY, "ak_1");
        exchange.setProperty(BactrianConstants.SOURCE, "nested");
        exchange.setProperty(BactrianConstants.REQUEST_ID, "r-1");
        exchange.setProperty(BactrianConstants.DEPTH, "3");
        exchange.setProperty(BactrianConstants.DEADLINE, "PT10S");

        CallerClaim claim = ExchangeCaller.claim(exchange, new TenantId("fixed"), MINUTE);

        assertThat(claim.endpointTenant()).isEqualTo(new TenantId("fixed"));
        assertThat(claim.tenant()).isEqualTo(new TenantId("acme"));
        assertThat(claim.user()).isEqualTo(new UserId("alice@example.org"));
        assertThat(claim.app()).isEqualTo(new AppId("shop"));
        assertThat(claim.apiKey()).isEqualTo(new ApiKeyId("ak_1"));
        assertThat(claim.source()).isEqualTo(InvokeSource.NESTED);
        assertThat(claim.requestId()).isEqualTo(new RequestId("r-1"));
        assertThat(claim.depth()).isEqualTo(3);
        assertThat(claim.deadline().remaining()).isLessThanOrEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void readsPropertiesOfTheCoreTypes() {
        Deadline deadline = Deadline.in(Duration.ofSeconds(5));
        exchange.setProperty(BactrianConstants.TENANT, new TenantId("acme"));
        exchange.setProperty(BactrianConstants.USER, new UserId("alice"));
        exchange.setProperty(BactrianConstants.APP, new AppId("shop"));
        exchange.setProperty(BactrianConstants.SOURCE, InvokeSource.HTTP);
        exchange.setProperty(BactrianConstants.REQUEST_ID, new RequestId("r-1"));
        exchange.setProperty(BactrianConstants.DEPTH, 2);
        exchange.setProperty(BactrianConstants.DEADLINE, deadline);

        CallerClaim claim = ExchangeCaller.claim(exchange, null, MINUTE);

        assertThat(claim.tenant()).isEqualTo(new TenantId("acme"));
        assertThat(claim.source()).isEqualTo(InvokeSource.HTTP);
        assertThat(claim.depth()).isEqualTo(2);
        assertThat(claim.deadline()).isSameAs(deadline);
    }

    @Test
    void anEndpointsTimeOutMakesTheDeadlineSoonerAndNeverLater() {
        exchange.setProperty(BactrianConstants.DEADLINE, Duration.ofHours(1));
        assertThat(ExchangeCaller.claim(exchange, null, MINUTE).deadline().remaining())
                .isLessThanOrEqualTo(MINUTE);

        exchange.setProperty(BactrianConstants.DEADLINE, "1s");
        assertThat(ExchangeCaller.claim(exchange, null, MINUTE).deadline().remaining())
                .isLessThanOrEqualTo(Duration.ofSeconds(1));
    }

    @ParameterizedTest
    @CsvSource({
        "BactrianTenant, UPPER",
        "BactrianTenant, a b",
        "BactrianUser, ' '",
        "BactrianApiKey, ' '",
        "BactrianSource, elsewhere",
        "BactrianDepth, -1",
        "BactrianDepth, many",
        "BactrianDepth, 99999999999",
        "BactrianDeadline, soon",
        "BactrianDeadline, 12x",
        "BactrianDeadline, key-0a",
        "BactrianDeadline, PT-5S"
    })
    void namesThePropertyThatIsWrong(String property, String value) {
        exchange.setProperty(property, value);

        assertThatThrownBy(() -> ExchangeCaller.claim(exchange, null, MINUTE))
                .isInstanceOfSatisfying(BadRequestException.class, error -> assertThat(error.code())
                        .isEqualTo(ErrorCode.INVALID_PARAM))
                .hasMessageContaining(property);
    }

    @Test
    void namesThePropertyThatHoldsAnotherType() {
        exchange.setProperty(BactrianConstants.TENANT, List.of("acme"));

        assertThatThrownBy(() -> ExchangeCaller.claim(exchange, null, MINUTE))
                .isInstanceOf(BadRequestException.class)
                .hasMessageContaining("BactrianTenant")
                .hasMessageContaining("TenantId");
    }

    @Test
    @DisplayName("HDR-07: nothing is read from a header, in whatever spelling")
    void readsNoHeader() {
        for (String name : List.of(
                "BactrianTenant",
                "bactrianTENANT",
                "BactrianUser",
                "BactrianDepth",
                "BactrianApp",
                "BactrianApiKey",
                "bactrianapikey")) {
            exchange.getMessage().setHeader(name, "1");
        }

        CallerClaim claim = ExchangeCaller.claim(exchange, null, MINUTE);

        assertThat(claim.tenant()).isNull();
        assertThat(claim.user()).isNull();
        assertThat(claim.app()).isNull();
        assertThat(claim.apiKey()).isNull();
        assertThat(claim.depth()).isZero();
    }
}
