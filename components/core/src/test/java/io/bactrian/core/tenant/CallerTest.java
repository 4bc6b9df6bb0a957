package io.bactrian.core.tenant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class CallerTest {

    private static final ApiKeyId KEY = new ApiKeyId("ak_1");

    private final Caller caller = new Caller(
            new TenantId("acme"),
            null,
            new AppId("shop"),
            null,
            InvokeSource.HTTP,
            0,
            new RequestId("call"),
            Deadline.in(Duration.ofMinutes(1)),
            CallPath.NONE,
            KEY);

    @Test
    void keepsTheApiKeyWhateverElseChanges() {
        assertThat(caller.withRole(Role.ADMIN).apiKey()).isEqualTo(KEY);
        assertThat(caller.within(Duration.ofSeconds(1)).apiKey()).isEqualTo(KEY);
        assertThat(caller.nested("agent:helper", new RequestId("nested")).apiKey())
                .isEqualTo(KEY);
    }

    @Test
    void hasNoApiKeyUnlessSomebodySaysSo() {
        CallerClaim claim = CallerClaim.ofTenant(
                new TenantId("acme"), InvokeSource.ROUTE, new RequestId("call"), Deadline.in(Duration.ofMinutes(1)));

        assertThat(claim.apiKey()).isNull();
    }

    @Test
    void takesNoIdThatCannotBeShown() {
        assertThatThrownBy(() -> new ApiKeyId("ak\n1")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new ApiKeyId(" ")).isInstanceOf(IllegalArgumentException.class);
    }
}
