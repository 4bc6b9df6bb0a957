package io.bactrian.tool.builtin.units;

import io.bactrian.core.json.JsonCodec;
import io.bactrian.core.tool.ToolLabel;
import io.bactrian.core.tool.ToolParameter;
import io.bactrian.core.tool.ToolParameterType;
import io.bactrian.core.tool.ToolProviderController;
import io.bactrian.tool.builtin.support.Outputs;
import io.bactrian.tool.builtin.support.Parameters;
import io.bactrian.tool.builtin.support.Toolkit;

/** The tools of the provider {@code units}. */
public final class UnitTools {

    private UnitTools() {}

    /** The provider. */
    public static ToolProviderController provider(JsonCodec codec) {
        Toolkit kit = new Toolkit("units", "Conversion between units of measure", codec, ToolLabel.UTILITIES);
        return kit.add(
                        kit.declare(
                                        "convert",
                                        "Converts a value from one unit to another, exactly. Measures "
                                                + String.join(
                                                        ", ", UnitTable.table().dimensions())
                                                + ". Units are given by symbol or English name, such as km, °F, kWh, GiB, US gallon,"
                                                + " miles per hour; mind the case of symbols (Mb is megabit, MB is megabyte).")
                                .parameter(ToolParameter.llm("value", ToolParameterType.NUMBER, "the value to convert")
                                        .required())
                                .parameter(Parameters.text("from", "the unit that the value is in"))
                                .parameter(Parameters.text("to", "the unit to convert to"))
                                .outputSchema(Outputs.object(
                                        "value number",
                                        "from string",
                                        "result number",
                                        "to string",
                                        "dimension string")),
                        arguments -> UnitConverter.convert(
                                arguments.number("value"), arguments.text("from"), arguments.text("to")))
                .provider();
    }
}
