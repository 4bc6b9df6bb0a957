package io.bactrian.tool;

import java.util.Map;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultComponent;
import org.apache.camel.support.DefaultConsumer;
import org.apache.camel.support.DefaultEndpoint;

/** A consumer that answers as HTTP consumers do: it makes the unit of work, and ends it when the reply is written. */
final class DoorComponent extends DefaultComponent {

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) {
        return new DefaultEndpoint(uri, this) {
            @Override
            public Producer createProducer() {
                throw new UnsupportedOperationException();
            }

            @Override
            public Consumer createConsumer(Processor processor) {
                return new Door(this, processor);
            }
        };
    }

    static final class Door extends DefaultConsumer {

        Door(Endpoint endpoint, Processor processor) {
            super(endpoint, processor);
        }

        /** Sends a request through the route and gives the body of the reply, unread. */
        Object letIn(Object body) throws Exception {
            Exchange exchange = createExchange(false);
            exchange.setPattern(ExchangePattern.InOut);
            exchange.getMessage().setBody(body);
            createUoW(exchange);
            try {
                getProcessor().process(exchange);
                return exchange.getMessage().getBody();
            } finally {
                doneUoW(exchange);
                releaseExchange(exchange, false);
            }
        }
    }
}
