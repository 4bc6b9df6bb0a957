package io.bactrian.tool.builtin.support;

import io.bactrian.core.json.JsonObject;
import io.bactrian.core.tool.ToolInvokeMessage;
import io.bactrian.core.tool.ToolStream;

/**
 * What a tool found out, twice: for whoever reads and for whoever counts on it.
 *
 * @param text what a model or a person reads
 * @param json the same as data
 */
public record Answer(String text, JsonObject json) {

    /** Both as messages: a model reads the text, a route takes the data. */
    public ToolStream stream() {
        return ToolStream.of(new ToolInvokeMessage.Text(text), new ToolInvokeMessage.Json(json, true));
    }

    /** Both as messages, and a file behind them. */
    public ToolStream stream(ToolInvokeMessage.Blob file) {
        return ToolStream.of(new ToolInvokeMessage.Text(text), new ToolInvokeMessage.Json(json, true), file);
    }
}
