package io.bactrian.http;

import io.bactrian.core.error.InvokeException;
import io.bactrian.core.invoke.AnswerStream;
import io.bactrian.core.model.ModelStream;
import io.bactrian.core.tenant.RequestId;
import io.bactrian.support.AnswerWanted;
import io.bactrian.support.BactrianConstants;
import io.vertx.core.http.HttpServerResponse;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.apache.camel.component.platform.http.vertx.HttpMessage;
import org.apache.camel.spi.InflightRepository;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A route with its answer. A stream on the body is written piece by piece, while the exchange is still in flight, so that
 * a stopping server waits for it; an exception becomes an error in JSON; a whole answer is written as it is; any other body is
 * left to Camel.
 */
final class AnsweringProcessor implements Processor {

    private static final Logger LOG = LoggerFactory.getLogger(AnsweringProcessor.class);

    private final Processor route;
    private final SseWriter sse;

    AnsweringProcessor(Processor route, SseWriter sse) {
        this.route = route;
        this.sse = sse;
    }

    @Override
    public void process(Exchange exchange) throws Exception {
        HttpServerResponse response = exchange.getIn(HttpMessage.class).getResponse();
        Map<String, Object> received = new HashMap<>(exchange.getIn().getHeaders());
        RequestId requestId = exchange.getProperty(BactrianConstants.REQUEST_ID, RequestId.class);
        AnswerWanted wanted = new AnswerWanted();
        exchange.setProperty(AnswerWanted.PROPERTY, wanted);
        response.closeHandler(gone -> wanted.noMore());
        if (response.closed()) {
            // before anybody was told
            wanted.noMore();
        }
        route.process(exchange);
        Exception failure = exchange.getException();
        Object body = exchange.getMessage().getBody();
        if (failure != null) {
            if (body instanceof AnswerStream<?> unread) {
                unread.close();
            }
            log(failure, requestId);
            ErrorAnswer.of(failure, requestId).send(response);
        } else if (body instanceof AnswerStream<?> stream) {
            write(stream, exchange, response, requestId);
        } else if (body instanceof HttpAnswer whole) {
            whole.send(response);
        } else {
            doNotEcho(exchange.getMessage(), received);
        }
    }

    private void write(AnswerStream<?> stream, Exchange exchange, HttpServerResponse response, RequestId requestId)
            throws Exception {
        // the route is through, but it has not answered: a stopping context is to wait for it (CRASH-03)
        InflightRepository inflight = exchange.getContext().getInflightRepository();
        String route = exchange.getFromRouteId();
        inflight.add(exchange, route);
        try {
            if (stream instanceof ModelStream answer) {
                sse.write(answer, response, requestId);
            } else {
                InputStream events = exchange.getContext()
                        .getTypeConverter()
                        .mandatoryConvertTo(InputStream.class, exchange, stream);
                sse.write(stream, new SseEvents.OfBytes(events), response, requestId);
            }
        } finally {
            inflight.remove(exchange, route);
        }
    }

    // a query parameter or request header that the route left alone is no response header
    private static void doNotEcho(Message answer, Map<String, Object> received) {
        received.forEach((name, value) -> {
            if (!name.startsWith("Camel") && answer.getHeader(name) == value) {
                answer.removeHeader(name);
            }
        });
    }

    private static void log(Exception failure, RequestId requestId) {
        InvokeException known = Failures.ours(failure).orElse(null);
        if (known == null) {
            // the error handler has logged it with its trace
            LOG.error("request {} failed: {}", requestId, failure.getClass().getName());
        } else if (known.code().httpStatus() < 500) {
            LOG.debug("request {} refused: {}", requestId, known.toString());
        } else {
            LOG.warn("request {} failed: {}", requestId, known.toString());
        }
    }
}
