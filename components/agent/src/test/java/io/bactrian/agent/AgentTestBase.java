package io.bactrian.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.InvokeException;
import io.bactrian.core.model.LlmRequest;
import io.bactrian.core.model.PromptMessage;
import io.bactrian.core.model.PromptMessageTool;
import io.bactrian.core.tool.ToolOutcome;
import io.bactrian.support.BactrianConstants;
import io.bactrian.support.StreamLeases;
import io.bactrian.testkit.ScriptedModel;
import java.time.Duration;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A plain Camel context with the test engine; it is started by the test. */
abstract class AgentTestBase {

    /** Long enough for anything that is going to happen; nothing waits for so long that goes well. */
    static final Duration PATIENCE = Duration.ofSeconds(30);

    static final String AGENT = "agent:helper?model=openai/gpt-4o-mini";
    static final String WITH_TOOLS = AGENT + "&tools=*";

    DefaultCamelContext context;
    TestEngine engine;
    ScriptedModel model;
    TestTools tools;
    ProducerTemplate template;

    @BeforeEach
    void makeContext() {
        engine = new TestEngine();
        model = engine.model;
        tools = engine.tools;
        make(engine);
    }

    private void make(TestEngine with) {
        context = new DefaultCamelContext();
        context.getShutdownStrategy().setTimeout(5);
        engine = with;
        template = context.createProducerTemplate();
    }

    @AfterEach
    void closeContext() throws Exception {
        context.close();
    }

    /** Ends the context, and starts one that has nothing in common with it but what is kept in stores. */
    void restart() throws Exception {
        context.close();
        make(engine.restarted());
        start();
    }

    void start(RouteBuilder routes) throws Exception {
        context.addRoutes(routes);
        start();
    }

    void start() {
        // the engine of the class path is put into the context when it is initialised: this one takes its place
        context.init();
        engine.in(context);
        context.start();
        template.start();
    }

    /** What an agent answers. */
    AgentResult ask(String uri, Object body) {
        return ask(uri, body, exchange -> {});
    }

    AgentResult ask(String uri, Object body, Processor set) {
        Exchange answered = send(uri, body, set);
        assertThat(answered.getException()).isNull();
        return answered.getMessage().getBody(AgentResult.class);
    }

    /** The error that a question ends with. */
    InvokeException refused(String uri, Object body) {
        return refused(uri, body, exchange -> {});
    }

    InvokeException refused(String uri, Object body, Processor set) {
        Exchange answered = send(uri, body, set);
        assertThat(answered.getException()).as("a refusal").isInstanceOf(InvokeException.class);
        return (InvokeException) answered.getException();
    }

    Exchange send(String uri, Object body, Processor set) {
        return template.request(uri, exchange -> {
            exchange.getMessage().setBody(body);
            set.process(exchange);
        });
    }

    /** Sets who asks. */
    static Processor by(String user) {
        return exchange -> exchange.setProperty(BactrianConstants.USER, user);
    }

    static Processor in(String conversation) {
        return exchange -> exchange.setProperty(AgentConstants.CONVERSATION, conversation);
    }

    int openStreams() {
        return StreamLeases.of(context).openCount();
    }

    /** The question that a model was asked, from 0. */
    LlmRequest asked(int index) {
        return (LlmRequest) model.asked().get(index).request();
    }

    /** What the model was told last. */
    LlmRequest lastAsked() {
        return (LlmRequest) model.lastAsked().request();
    }

    /** What the model read of its calls in the last question. */
    List<String> observations() {
        return lastAsked().messages().stream()
                .filter(PromptMessage.Tool.class::isInstance)
                .map(PromptMessage::text)
                .toList();
    }

    /** The names of the tools that the model was shown first. */
    List<String> shownTools() {
        return asked(0).tools().stream().map(PromptMessageTool::name).toList();
    }

    static PromptMessage.ToolCall call(String id, String tool, String arguments) {
        return new PromptMessage.ToolCall(id, tool, arguments);
    }

    static ToolOutcome outcome(AgentResult result, int step, int call) {
        return result.steps().get(step).calls().get(call).observation().outcome();
    }

    static ErrorCode codeOf(AgentResult result, int step, int call) {
        return outcome(result, step, call).meta().error();
    }
}
