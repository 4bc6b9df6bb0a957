package io.bactrian.tool.workflow;

import com.fasterxml.jackson.core.TreeNode;
import io.bactrian.core.file.FileId;
import io.bactrian.core.file.FileStore;
import io.bactrian.core.invoke.AnswerStream;
import io.bactrian.core.json.JsonCodec;
import io.bactrian.core.json.JsonValue;
import io.bactrian.core.model.ModelStream;
import io.bactrian.core.tenant.Caller;
import io.bactrian.core.tenant.CallerClaim;
import io.bactrian.core.tool.ToolArguments;
import io.bactrian.core.tool.ToolEntity;
import io.bactrian.core.tool.ToolFunction;
import io.bactrian.core.tool.ToolInvokeMessage;
import io.bactrian.core.tool.ToolParameter;
import io.bactrian.core.tool.ToolParameterType;
import io.bactrian.core.tool.ToolResult;
import io.bactrian.core.tool.ToolRuntime;
import io.bactrian.core.tool.ToolStream;
import io.bactrian.support.BactrianConstants;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Flow;
import java.util.stream.BaseStream;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.TypeConverter;
import org.jspecify.annotations.Nullable;

/**
 * What a published route does when it is called: sends an exchange of its own through the route, on the caller's thread, and makes
 * messages of what is left on the body. Nothing of any other exchange gets into it (HDR-09, HDR-11). Compiled when the route starts.
 */
final class RouteTool implements ToolFunction {

    private static final String OURS = "io.bactrian.";

    private final WorkflowConsumer consumer;
    private final String name;
    private final JsonCodec json;
    private final FileStore files;
    private final @Nullable OutputSchema outputSchema;
    private final List<ToolParameter> fileParameters;

    /**
     * @param consumer takes exchanges into the route
     * @param entity the declaration
     * @param outputSchema what the result has to fit; null for anything
     * @param tools the installation's
     */
    RouteTool(WorkflowConsumer consumer, ToolEntity entity, @Nullable OutputSchema outputSchema, WorkflowTools tools) {
        this.consumer = consumer;
        this.name = "tool-workflow:" + entity.name();
        this.json = tools.json();
        this.files = tools.files();
        this.outputSchema = outputSchema;
        this.fileParameters = entity.parameters().stream()
                .filter(parameter ->
                        parameter.type() == ToolParameterType.FILE || parameter.type() == ToolParameterType.FILES)
                .toList();
    }

    /** The tool as a URI. */
    String name() {
        return name;
    }

    JsonCodec json() {
        return json;
    }

    FileStore files() {
        return files;
    }

    @Nullable
    OutputSchema outputSchema() {
        return outputSchema;
    }

    @Override
    public ToolStream invoke(ToolArguments arguments, ToolRuntime runtime) {
        Caller caller = runtime.caller();
        consumer.checkServing(name);
        checkFiles(arguments, caller);
        RouteRun run = RouteRun.begin(consumer, exchange(arguments, caller), name, caller.deadline());
        run.process();
        return result(run, caller);
    }

    /** A model can make ids up, or be talked into naming somebody else's file. */
    private void checkFiles(ToolArguments arguments, Caller caller) {
        for (ToolParameter parameter : fileParameters) {
            if (parameter.type() == ToolParameterType.FILE) {
                arguments.findFile(parameter.name()).ifPresent(file -> check(file, caller));
            } else {
                arguments.files(parameter.name()).forEach(file -> check(file, caller));
            }
        }
    }

    private void check(FileId file, Caller caller) {
        files.find(caller, file).orElseThrow(FileStore::notFound);
    }

    private Exchange exchange(ToolArguments arguments, Caller caller) {
        Exchange exchange = consumer.createExchange(false);
        exchange.setPattern(ExchangePattern.InOut);
        exchange.getMessage().setBody(JavaValues.map(arguments.values()));
        for (Map.Entry<String, JsonValue> argument :
                arguments.values().members().entrySet()) {
            exchange.setVariable(argument.getKey(), JavaValues.of(argument.getValue()));
        }
        CallerClaim claim = caller.nested(name, caller.requestId());
        exchange.setProperty(BactrianConstants.TENANT, claim.tenant());
        setUnlessNull(exchange, BactrianConstants.USER, claim.user());
        setUnlessNull(exchange, BactrianConstants.APP, claim.app());
        setUnlessNull(exchange, BactrianConstants.API_KEY, claim.apiKey());
        exchange.setProperty(BactrianConstants.SOURCE, claim.source());
        exchange.setProperty(BactrianConstants.REQUEST_ID, claim.requestId());
        exchange.setProperty(BactrianConstants.DEADLINE, claim.deadline());
        exchange.setProperty(BactrianConstants.DEPTH, claim.depth());
        exchange.setProperty(BactrianConstants.PATH, claim.path());
        return exchange;
    }

    private static void setUnlessNull(Exchange exchange, String property, @Nullable Object value) {
        if (value != null) {
            exchange.setProperty(property, value);
        }
    }

    private ToolStream result(RouteRun run, Caller caller) {
        Exchange exchange = run.exchange();
        try {
            Object body = body(exchange);
            Iterator<?> pieces = body == null ? null : pieces(body, caller);
            return pieces == null
                    ? whole(run, body, caller)
                    : consumer.opened(new RouteStream(this, run, caller, pieces));
        } catch (RuntimeException e) {
            run.end(e);
            throw RouteFailures.of(e, name);
        }
    }

    /** What a route left; an answer of a kind that is not known here, such as an agent's, as its converters say. */
    private static @Nullable Object body(Exchange exchange) {
        Object body = exchange.getMessage().getBody();
        if (body instanceof AnswerStream<?> && !(body instanceof ToolStream) && !(body instanceof ModelStream)) {
            return converted(body, ToolStream.class, exchange);
        }
        boolean ours = body instanceof Record && body.getClass().getName().startsWith(OURS);
        return ours && !(body instanceof ToolResult) ? converted(body, ToolResult.class, exchange) : body;
    }

    private static Object converted(Object body, Class<?> type, Exchange exchange) {
        TypeConverter converter =
                exchange.getContext().getTypeConverterRegistry().lookup(type, body.getClass());
        Object converted = converter == null ? null : converter.convertTo(type, exchange, body);
        return converted == null ? body : converted;
    }

    private ToolStream whole(RouteRun run, @Nullable Object body, Caller caller) {
        List<ToolInvokeMessage> messages = new ArrayList<>(4);
        RouteMessages reader = new RouteMessages(this, caller, run.exchange(), messages::add);
        reader.whole(body);
        reader.end();
        run.end(null);
        return ToolStream.of(messages);
    }

    /** The pieces of a body that streams; null of one that is there as a whole. */
    private static @Nullable Iterator<?> pieces(Object body, Caller caller) {
        if (body instanceof ToolStream || body instanceof ModelStream) {
            return (Iterator<?>) body;
        }
        if (body instanceof Flow.Publisher<?> publisher) {
            return new PublishedPieces(publisher, caller.deadline());
        }
        if (body instanceof BaseStream<?, ?> stream) {
            return new ClosingPieces(stream.iterator(), stream);
        }
        if (body instanceof Iterator<?> iterator) {
            return iterator;
        }
        // a list or a tree is all there; what can only be gone through may be endless
        boolean lazy = body instanceof Iterable<?>
                && !(body instanceof Collection<?> || body instanceof Path || body instanceof TreeNode);
        return lazy ? new ClosingPieces(((Iterable<?>) body).iterator(), body) : null;
    }

    /** Says that one of its streams has ended. */
    void closed(RouteStream stream) {
        consumer.closed(stream);
    }

    @Override
    public String toString() {
        return "RouteTool[" + name + "]";
    }
}
