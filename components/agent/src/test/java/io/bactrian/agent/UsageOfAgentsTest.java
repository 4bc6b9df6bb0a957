package io.bactrian.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bactrian.core.error.InvokeException;
import io.bactrian.core.invoke.Invocation;
import io.bactrian.core.invoke.InvocationTarget;
import io.bactrian.core.json.JsonObject;
import io.bactrian.core.tenant.CallerClaim;
import io.bactrian.core.tenant.Deadline;
import io.bactrian.core.tenant.InvokeSource;
import io.bactrian.core.tenant.RequestId;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tool.ToolAddress;
import io.bactrian.core.tool.ToolCallback;
import io.bactrian.core.tool.ToolErrors;
import io.bactrian.core.tool.ToolInvokeMessage;
import io.bactrian.core.tool.ToolProviderType;
import io.bactrian.core.tool.ToolRequest;
import io.bactrian.core.tool.ToolStream;
import io.bactrian.core.usage.MemoryUsageStore;
import io.bactrian.core.usage.UsageDimension;
import io.bactrian.core.usage.UsageLimits;
import io.bactrian.core.usage.UsageQuery;
import io.bactrian.core.usage.UsageRecorder;
import io.bactrian.core.usage.UsageSum;
import io.bactrian.support.BactrianConstants;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.util.Iterator;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Every call that an agent makes, of its model and of tools, leaves one record of its usage. */
class UsageOfAgentsTest extends AgentTestBase {

    private static final String GPT = "openai/gpt-4o-mini";
    private static final String WEATHER = "tool-builtin:city/weather";

    private final MemoryUsageStore usage = new MemoryUsageStore(1_000);
    private final UsageRecorder recorder =
            UsageRecorder.open(usage, UsageLimits.USUAL, Clock.systemUTC(), System::nanoTime, UUID.randomUUID());

    @BeforeEach
    void takeDown() {
        engine.observers.add(recorder);
    }

    @AfterEach
    void close() {
        recorder.close();
    }

    private List<UsageSum> sums(UsageDimension by) {
        recorder.close();
        return usage.report(new UsageQuery(TenantId.DEFAULT, by, LocalDate.of(2000, 1, 1), null, 100))
                .sums();
    }

    private UsageSum of(String target) {
        return sums(UsageDimension.MODEL).stream()
                .filter(sum -> sum.key().equals(target))
                .findFirst()
                .orElseThrow();
    }

    private Invocation weather() {
        CallerClaim claim = CallerClaim.ofTenant(
                TenantId.DEFAULT, InvokeSource.ROUTE, new RequestId("r"), Deadline.in(Duration.ofSeconds(30)));
        return Invocation.of(
                claim,
                new InvocationTarget.Tool(new ToolAddress(ToolProviderType.BUILTIN, "city", "weather"), null),
                ToolRequest.ofRoute(JsonObject.EMPTY));
    }

    @Test
    void takesDownEachCallOfARun() {
        tools.text("city", "weather", (what, runtime) -> "Rain");
        model.calls(call("1", "weather", "{\"what\":\"Oslo\"}"), call("2", "weather", "{\"what\":\"Bergen\"}"))
                .reply("Rain in both.");
        start();

        ask(WITH_TOOLS, "Norway?", exchange -> {
            exchange.setProperty(BactrianConstants.USER, "ann");
            exchange.setProperty(BactrianConstants.APP, "shop");
        });

        assertThat(sums(UsageDimension.MODEL)).extracting(UsageSum::key).containsExactlyInAnyOrder(GPT, WEATHER);
        assertThat(of(GPT).calls()).isEqualTo(2);
        assertThat(of(GPT).tokens().completionTokens())
                .as("as the provider said")
                .isPositive();
        assertThat(of(GPT).estimated()).isZero();
        assertThat(of(WEATHER).calls()).isEqualTo(2);
        assertThat(of(WEATHER).tokens().totalTokens()).isZero();
        assertThat(sums(UsageDimension.USER)).extracting(UsageSum::key).containsExactly("ann");
        assertThat(sums(UsageDimension.APP)).extracting(UsageSum::calls).containsExactly(4L);
        assertThat(sums(UsageDimension.DAY)).allSatisfy(sum -> {
            assertThat(sum.failed()).isZero();
            assertThat(sum.aborted()).isZero();
        });
    }

    @Test
    void takesDownTheCallsOfAStreamedRun() {
        tools.text("city", "weather", (what, runtime) -> "Rain");
        model.call("weather", "{}").reply("Rain.");
        start();

        try (AgentStream open = template.requestBody(WITH_TOOLS + "&stream=true", "Oslo?", AgentStream.class)) {
            open.forEachRemaining(event -> {});
        }

        assertThat(of(GPT).calls()).isEqualTo(2);
        assertThat(of(GPT).aborted()).isZero();
        assertThat(of(WEATHER).calls()).isEqualTo(1);
    }

    @Test
    void takesDownARunThatNobodyReadsToItsEnd() {
        model.stall("one");
        start();

        AgentStream open = template.requestBody(AGENT + "&stream=true", "hello", AgentStream.class);
        open.next();
        open.close();

        assertThat(of(GPT).calls()).isEqualTo(1);
        assertThat(of(GPT).aborted()).isEqualTo(1);
        assertThat(of(GPT).estimated()).isEqualTo(1);
    }

    @Test
    void takesDownAToolThatFails() {
        tools.text("city", "weather", (what, runtime) -> {
            throw ToolErrors.failed("no weather today");
        });
        model.call("weather", "{}").reply("I do not know.");
        start();

        ask(WITH_TOOLS, "Oslo?");

        assertThat(of(WEATHER).calls()).isEqualTo(1);
        assertThat(of(WEATHER).failed()).isEqualTo(1);
        assertThat(of(GPT).failed()).isZero();
    }

    @Test
    void tellsAToolThatWasClosedEarlyFromOneThatEnded() {
        tools.add(TestTools.taking("city", "weather"), (arguments, runtime) -> piecemeal("Rain", "and more of it"));
        start();

        try (ToolStream stream = engine.toolEngine().genericInvoke(weather(), ToolCallback.NONE)) {
            stream.next();
        }
        try (ToolStream stream = engine.toolEngine().genericInvoke(weather(), ToolCallback.NONE)) {
            stream.forEachRemaining(message -> {});
        }
        engine.toolEngine().workflowInvoke(weather(), ToolCallback.NONE);

        assertThat(of(WEATHER).calls()).isEqualTo(3);
        assertThat(of(WEATHER).aborted()).isEqualTo(1);
    }

    @Test
    void takesAToolThatGaveAllAtOnceForOneThatEnded() {
        tools.add(
                TestTools.taking("city", "weather"),
                (arguments, runtime) -> ToolStream.of(
                        new ToolInvokeMessage.Text("Rain"), new ToolInvokeMessage.Text("and more of it")));
        start();

        try (ToolStream stream = engine.toolEngine().genericInvoke(weather(), ToolCallback.NONE)) {
            stream.next();
        }

        assertThat(of(WEATHER).calls()).isEqualTo(1);
        assertThat(of(WEATHER).aborted()).isZero();
    }

    private static ToolStream piecemeal(String... texts) {
        Iterator<String> each = List.of(texts).iterator();
        return new ToolStream() {
            @Override
            public boolean hasNext() {
                return each.hasNext();
            }

            @Override
            public ToolInvokeMessage next() {
                return new ToolInvokeMessage.Text(each.next());
            }

            @Override
            public void close() {
                // nothing is held
            }
        };
    }

    @Test
    void takesDownAToolThatIsNotThere() {
        tools.text("city", "time", (what, runtime) -> "Late");
        start();

        assertThatThrownBy(() -> engine.toolEngine().workflowInvoke(weather(), ToolCallback.NONE))
                .isInstanceOf(InvokeException.class);

        assertThat(of(WEATHER).failed()).isEqualTo(1);
    }
}
