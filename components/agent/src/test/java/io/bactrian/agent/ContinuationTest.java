package io.bactrian.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.bactrian.core.model.LlmRequest;
import io.bactrian.core.model.ModelParameters;
import io.bactrian.core.model.PromptMessage;
import io.bactrian.core.model.PromptMessageContent;
import io.bactrian.core.model.TokenUsage;
import io.bactrian.core.provider.ParameterValue;
import io.bactrian.core.tenant.Caller;
import io.bactrian.core.tenant.Deadline;
import io.bactrian.core.tenant.InvokeSource;
import io.bactrian.core.tenant.RequestId;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tenant.UserId;
import io.bactrian.json.ToolJson;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A run that waits says the same when it is read again. */
class ContinuationTest extends AgentTestBase {

    private static final Caller ANN = new Caller(
            TenantId.DEFAULT,
            new UserId("ann"),
            null,
            null,
            InvokeSource.ROUTE,
            0,
            new RequestId("run"),
            Deadline.in(Duration.ofMinutes(1)));

    private static final List<PromptMessage> SAID = List.of(
            new PromptMessage.System("Be brief."),
            new PromptMessage.User(
                    List.of(
                            new PromptMessageContent.Text("Gr\u00fc\u00dfe \ud83d\udc2a {{x}} ${y} \u0000"),
                            PromptMessageContent.Media.imageUrl("https://example.org/a.png"),
                            new PromptMessageContent.Media(
                                    PromptMessageContent.Kind.IMAGE, "image/png", null, "AAAA", null, "low")),
                    "ann"),
            new PromptMessage.Assistant(
                    List.of(new PromptMessageContent.Text("Let me see.")),
                    null,
                    List.of(
                            new PromptMessage.ToolCall("1", "send", "{\"broken"),
                            new PromptMessage.ToolCall("2", "read", "{\"a\":[1,2]}")),
                    "I think."),
            new PromptMessage.Tool(List.of(new PromptMessageContent.Text("<tool_output>")), "2"));

    private AgentSettings settings() {
        start();
        return context.getEndpoint(AGENT, AgentEndpoint.class).settings();
    }

    private static Continuation again(Continuation run, AgentSettings settings) {
        String kept = run.write(settings.name(), ToolJson.codec());
        return Continuation.Kept.parse(kept, ToolJson.codec()).continuation(settings, ANN);
    }

    @Test
    @DisplayName("PARSE-08: nothing of it is evaluated, and nothing is lost")
    void isReadAsItWasWritten() {
        AgentSettings settings = settings();
        LlmRequest base = new LlmRequest(
                SAID.subList(0, 2),
                ModelParameters.of(Map.of(
                        "temperature",
                        new ParameterValue.Number(new BigDecimal("0.25")),
                        "safe",
                        new ParameterValue.Flag(true))),
                List.of(),
                null,
                List.of("END", "STOP"),
                null,
                false,
                "ann");
        AgentPrompt prompt = new AgentPrompt(base, SAID, 1, AgentMemory.conversation("helper", ANN, "talk"), 3, 2);
        Continuation run = new Continuation(
                "run-1",
                List.of("a", "b"),
                prompt,
                new RunAccount.Used(
                        new TokenUsage(1, 2, 3, 4, 5, 6, 7), true, new BigDecimal("0.0000010"), "EUR", true),
                Map.of("send", "tool-builtin:mail/send"));

        Continuation read = again(run, settings);

        assertThat(read.prompt().messages()).isEqualTo(SAID);
        assertThat(read.run()).isEqualTo("run-1");
        assertThat(read.approvals()).containsExactly("a", "b");
        assertThat(read.tools()).isEqualTo(run.tools());
        assertThat(read.used()).isEqualTo(run.used());
        assertThat(read.prompt().turns()).isEqualTo(3);
        assertThat(read.prompt().corrected()).isTrue();
        assertThat(read.prompt().correction()).isEqualTo(2);
        assertThat(read.prompt().remembered()).isEqualTo(1);
        assertThat(read.prompt().conversation())
                .isEqualTo(new AgentMemory.Conversation("default", "helper", "ann", "talk"));
        assertThat(read.prompt().base().parameters().values())
                .isEqualTo(base.parameters().values());
        assertThat(read.prompt().base().stop()).containsExactly("END", "STOP");
        assertThat(read.prompt().base().user()).isEqualTo("ann");
    }

    @Test
    void isReadWithoutWhatItDoesNotHave() {
        AgentSettings settings = settings();
        AgentPrompt prompt = new AgentPrompt(LlmRequest.ofText("hello"), SAID.subList(0, 2), 0, null);

        Continuation read =
                again(new Continuation("run-1", List.of("a"), prompt, RunAccount.Used.NOTHING, Map.of()), settings);

        assertThat(read.used()).isEqualTo(RunAccount.Used.NOTHING);
        assertThat(read.prompt().conversation()).isNull();
        assertThat(read.prompt().corrected()).isFalse();
        assertThat(read.prompt().turns()).isZero();
    }

    @Test
    @DisplayName("Of a run that has gone on nothing is kept but that it has")
    void leavesAMarkWithoutWhatWasSaid() {
        AgentPrompt prompt = new AgentPrompt(LlmRequest.ofText("hello"), SAID, 0, null);
        Continuation run = new Continuation("run-1", List.of("a"), prompt, RunAccount.Used.NOTHING, Map.of());

        String mark = run.goneOn("helper", ToolJson.codec());

        assertThat(Continuation.Kept.parse(mark, ToolJson.codec()).goneOn()).isTrue();
        assertThat(mark).doesNotContain("brief").contains("run-1");
    }
}
