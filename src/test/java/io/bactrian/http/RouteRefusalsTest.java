package io.bactrian.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bactrian.core.error.MisconfiguredException;
import java.util.Set;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Camel features that outsiders could steer, and that are therefore not to be had over HTTP. */
class RouteRefusalsTest {

    @ParameterizedTest
    @ValueSource(strings = {"proxy", "proxy/x", "proxying"})
    void refusesARouteThatWouldMakeTheServerAProxy(String path) {
        // CVE-2026-85316
        assertThatThrownBy(() -> HttpFixture.of(new RouteBuilder() {
                    @Override
                    public void configure() {
                        from("platform-http:" + path).process("seen");
                    }
                }))
                .isInstanceOf(MisconfiguredException.class)
                .hasMessageContaining("begin the path with a slash");
    }

    @Test
    void nobodyJoinsASagaOrForgesABreadcrumbFromOutside() {
        // CVE-2026-85312
        InboundNames names = new InboundNames(Set.of());

        assertThat(names.parameter("Long-Running-Action")).isFalse();
        assertThat(names.header("Long-Running-Action")).isFalse();
        assertThat(names.parameter("breadcrumbId")).isFalse();
        assertThatThrownBy(() -> new InboundNames(Set.of("long-running-action")))
                .isInstanceOf(MisconfiguredException.class);
    }
}
