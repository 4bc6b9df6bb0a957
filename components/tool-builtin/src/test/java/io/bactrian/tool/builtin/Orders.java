package io.bactrian.tool.builtin;

import io.bactrian.core.tenant.Caller;
import io.bactrian.core.tool.ToolErrors;
import io.bactrian.core.tool.ToolLabel;
import io.bactrian.core.tool.annotation.AiTool;
import io.bactrian.core.tool.annotation.AiToolParameter;
import io.bactrian.core.tool.annotation.AiTools;
import java.time.LocalDate;
import java.util.List;

/** The example of the README. */
@AiTools(provider = "orders", description = "Looks after orders", labels = ToolLabel.BUSINESS)
public class Orders {

    public enum Speed {
        NORMAL,
        EXPRESS
    }

    public record Line(String article, int quantity) {}

    public record Receipt(String number, int lines, LocalDate delivery) {}

    @AiTool(description = "Says how far an order is.", retriable = true)
    public String status(@AiToolParameter(description = "The order's number, such as A-17.") String number) {
        if (!number.startsWith("A-")) {
            throw ToolErrors.argument("number: there is no order '" + number + "'; numbers look like A-17");
        }
        return "Order " + number + " is on its way.";
    }

    @AiTool(name = "place_order", description = "Places an order for whoever calls.")
    public Receipt place(
            Caller caller,
            @AiToolParameter(description = "What is ordered") List<Line> lines,
            @AiToolParameter(description = "How fast", defaultValue = "NORMAL") Speed speed,
            @AiToolParameter(description = "The day it is wanted on", required = false) LocalDate wanted) {
        LocalDate earliest = LocalDate.of(2026, 1, speed == Speed.EXPRESS ? 2 : 5);
        return new Receipt("A-" + caller.tenant(), lines.size(), wanted == null ? earliest : wanted);
    }
}
