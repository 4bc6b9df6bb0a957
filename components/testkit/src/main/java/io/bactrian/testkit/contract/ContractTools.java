package io.bactrian.testkit.contract;

import io.bactrian.core.tool.ToolApproval;
import io.bactrian.core.tool.ToolEntity;
import io.bactrian.core.tool.ToolParameter;
import io.bactrian.core.tool.ToolParameterType;
import java.util.ArrayList;
import java.util.List;

/**
 * The tools that every kind publishes for its suite, all with the parameters declared here; what they do when they are called is
 * {@link ContractPlay#perform}.
 *
 * <table>
 * <caption>The tools</caption>
 * <tr><td>{@code echo}</td><td>gives back the arguments that it got, as one JSON object</td></tr>
 * <tr><td>{@code word}</td><td>gives back its one parameter, as text</td></tr>
 * <tr><td>{@code play}</td><td>plays the scene of that name, which a test has set</td></tr>
 * <tr><td>{@code asked}</td><td>as {@code echo}; a person is asked before a model calls it</td></tr>
 * <tr><td>{@code refused}</td><td>as {@code echo}; nobody may call it</td></tr>
 * <tr><td>{@code own}</td><td>as {@code echo}; where the kind can, only the tenant {@code acme} has it</td></tr>
 * </table>
 */
public final class ContractTools {

    /** The provider of the tools, where one provider has several. */
    public static final String PROVIDER = "contract";

    /** Gives back its arguments. */
    public static final String ECHO = "echo";

    /** Gives back its one parameter. */
    public static final String WORD = "word";

    /** Plays a scene. */
    public static final String PLAY = "play";

    /** Waits for a person. */
    public static final String ASKED = "asked";

    /** May not be called. */
    public static final String REFUSED = "refused";

    /** Is only there for one tenant. */
    public static final String OWN = "own";

    /** The parameter of {@code echo} that whoever builds the route or agent sets. */
    public static final String FORM = "mode";

    private static final List<String> NAMES = List.of(ASKED, ECHO, OWN, PLAY, REFUSED, WORD);

    private ContractTools() {}

    /** The names of all of them, sorted. */
    public static List<String> names() {
        return NAMES;
    }

    /** The declaration of one of them. Its description may be another one. */
    public static ToolEntity entity(String provider, String name) {
        return ToolEntity.of(provider, name, "The tool " + name + " of the contract")
                .parameters(parameters(name))
                .approval(approval(name))
                .build();
    }

    private static ToolApproval approval(String name) {
        return switch (name) {
            case ASKED -> ToolApproval.ASK;
            case REFUSED -> ToolApproval.DENY;
            default -> ToolApproval.AUTO;
        };
    }

    private static List<ToolParameter> parameters(String name) {
        return switch (name) {
            case ECHO -> echo();
            case PLAY -> List.of(text("scene"));
            default -> List.of(text("text"));
        };
    }

    private static List<ToolParameter> echo() {
        List<ToolParameter> parameters = new ArrayList<>();
        parameters.add(text("text"));
        parameters.add(ToolParameter.llm("count", ToolParameterType.NUMBER, "How many")
                .whole()
                .range(1, 10)
                .defaultValue(3)
                .build());
        parameters.add(ToolParameter.llm("color", ToolParameterType.SELECT, "Which color")
                .options("red", "green")
                .build());
        parameters.add(ToolParameter.llm("exact", ToolParameterType.BOOLEAN, "Whether exactly")
                .build());
        parameters.add(ToolParameter.llm("details", ToolParameterType.OBJECT, "Whatever belongs to it")
                .build());
        parameters.add(ToolParameter.llm("words", ToolParameterType.ARRAY, "Some words")
                .build());
        parameters.add(ToolParameter.form(FORM, ToolParameterType.STRING, "How it is done")
                .build());
        return parameters;
    }

    private static ToolParameter text(String name) {
        return ToolParameter.llm(name, ToolParameterType.STRING, "The " + name)
                .required()
                .build();
    }
}
