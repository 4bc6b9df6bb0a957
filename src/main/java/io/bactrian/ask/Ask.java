package io.bactrian.ask;

import io.bactrian.agent.AgentConstants;
import io.bactrian.agent.AgentResult;
import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.InvokeException;
import io.bactrian.core.provider.ModelType;
import io.bactrian.core.tenant.Caller;
import io.bactrian.core.tenant.CallerClaim;
import io.bactrian.core.tenant.Deadline;
import io.bactrian.core.tenant.InvokeSource;
import io.bactrian.core.tenant.RequestId;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.support.BactrianEngine;
import io.bactrian.support.ExchangeCaller;
import java.time.Duration;
import java.util.Locale;
import java.util.UUID;
import java.util.function.Supplier;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The steps of {@code routes/ask.yaml} around the agent. */
public final class Ask {

    private static final Logger LOG = LoggerFactory.getLogger(Ask.class);
    private static final String QUESTION = "BactrianAskQuestion";
    private static final String STREAM = "BactrianAskStream";
    private static final Duration TIMEOUT = Duration.ofMinutes(2);

    private final Supplier<BactrianEngine> engine;
    private final LocalAnswers local;

    /** @param engine the engine, once the context has one */
    public Ask(Supplier<BactrianEngine> engine) {
        this.engine = engine;
        this.local = new LocalAnswers(engine);
    }

    /** Gets ready for questions of the default tenant, if nobody has. */
    public void prepare() {
        try {
            local.prepare(engine.get()
                    .modelManager()
                    .caller(CallerClaim.ofTenant(
                            TenantId.DEFAULT,
                            InvokeSource.ROUTE,
                            new RequestId("ask-" + UUID.randomUUID()),
                            Deadline.in(TIMEOUT))));
        } catch (InvokeException e) {
            // the first question makes up for it, and says what is wrong
            LOG.debug("not ready for questions yet: {}", e.toString());
        }
    }

    /**
     * Reads what is asked, in any of its forms.
     *
     * @throws BadRequestException with {@code invalid_param} if it is none of them
     */
    public void question(Exchange exchange) {
        Message message = exchange.getMessage();
        AskQuestion asked =
                AskQuestion.read(message.getBody(String.class), engine.get().json());
        exchange.setProperty(QUESTION, asked);
        exchange.setProperty(STREAM, wantsStream(message, asked));
        if (asked.conversation() != null) {
            exchange.setProperty(AgentConstants.CONVERSATION, asked.conversation());
        }
        message.setBody(asked.body());
    }

    /** The query parameter says so, else the body, else what the client accepts. */
    private static boolean wantsStream(Message message, AskQuestion asked) {
        Object given = message.getHeader("stream") == null ? asked.stream() : message.getHeader("stream");
        if (given == null) {
            Object accept = message.getHeader("Accept");
            return accept != null && accept.toString().toLowerCase(Locale.ROOT).contains("text/event-stream");
        }
        return switch (given.toString().toLowerCase(Locale.ROOT)) {
            case "true" -> true;
            case "false" -> false;
            default ->
                throw new BadRequestException(ErrorCode.INVALID_PARAM, "the query parameter stream is true or false");
        };
    }

    /** Whether the caller's tenant has a default language model. */
    public boolean hasModel(Exchange exchange) {
        return engine.get()
                .configuration()
                .defaultModel(caller(exchange).tenant(), ModelType.LLM)
                .isPresent();
    }

    /** Whether the client wants to see it as it happens. */
    public boolean streams(Exchange exchange) {
        return Boolean.TRUE.equals(exchange.getProperty(STREAM));
    }

    /** Answers without a language model: the nearest tool is called. */
    public void answer(Exchange exchange) {
        AskQuestion asked = exchange.getProperty(QUESTION, AskQuestion.class);
        if (asked == null || asked.text().isEmpty()) {
            throw new BadRequestException(
                    ErrorCode.DEFAULT_MODEL_NOT_SET,
                    "without a language model only a plain question can be answered: set"
                            + " bactrian.default-model.llm=PROVIDER/MODEL and a credential for it, see"
                            + " config/application.properties");
        }
        AgentResult answered = local.answer(caller(exchange), asked.text());
        exchange.getMessage().setBody(streams(exchange) ? new ToldAnswer(answered) : answered);
    }

    /** Writes a whole answer as JSON; a stream is left as it is. */
    public void write(Exchange exchange) {
        Message message = exchange.getMessage();
        if (!(message.getBody() instanceof AgentResult result)) {
            return;
        }
        byte[] json = exchange.getContext().getTypeConverter().convertTo(byte[].class, exchange, result);
        message.setBody(json);
        message.setHeader(Exchange.CONTENT_TYPE, "application/json");
    }

    private Caller caller(Exchange exchange) {
        return engine.get().modelManager().caller(ExchangeCaller.claim(exchange, null, TIMEOUT));
    }
}
