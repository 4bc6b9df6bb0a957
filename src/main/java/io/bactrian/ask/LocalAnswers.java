package io.bactrian.ask;

import io.bactrian.agent.AgentResult;
import io.bactrian.agent.AgentStep;
import io.bactrian.core.error.BadRequestException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.json.JsonObject;
import io.bactrian.core.model.FinishReason;
import io.bactrian.core.model.LlmResult;
import io.bactrian.core.model.PromptMessage;
import io.bactrian.core.tenant.Caller;
import io.bactrian.core.tenant.RequestId;
import io.bactrian.core.tool.AgentToolCall;
import io.bactrian.core.tool.Tool;
import io.bactrian.core.tool.ToolApproval;
import io.bactrian.core.tool.ToolCallback;
import io.bactrian.core.tool.ToolObservation;
import io.bactrian.core.tool.ToolOutcome;
import io.bactrian.core.tool.ToolParameter;
import io.bactrian.core.tool.ToolResult;
import io.bactrian.support.BactrianEngine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Answers questions without a language model: the embedding model finds the tool that is nearest to the question, of those that
 * need one text or nothing, and the tool's answer is the answer. Where none is near, those with the tag {@code search} are asked:
 * what they know is not in what they say of themselves, and they say when they know nothing. It says so.
 */
final class LocalAnswers {

    /** Below this, chance is as good a reason. */
    private static final double NEAR = 0.33;

    /** A tool that needs nothing always has an answer, so that it has to be nearer to have the right one. */
    private static final double NEARER = 0.47;

    private static final int MOST_TOOLS = 5;
    private static final String SEARCHES = "search";
    private static final String STEP = "ask";

    private final Supplier<BactrianEngine> engine;
    private final ToolChooser chooser = new ToolChooser();

    LocalAnswers(Supplier<BactrianEngine> engine) {
        this.engine = engine;
    }

    /** Gets ready for questions of a tenant: the first one need not wait. */
    void prepare(Caller caller) {
        chooser.prepare(engine.get().modelManager(), caller.nested(STEP, id(caller, 0)), usable(caller));
    }

    private List<Tool> usable(Caller caller) {
        return engine.get().toolManager().tools(caller.tenant()).stream()
                .filter(ToolChooser::takesQuestion)
                .toList();
    }

    AgentResult answer(Caller caller, String question) {
        BactrianEngine running = engine.get();
        List<ToolChooser.Match> ranked =
                chooser.rank(running.modelManager(), caller.nested(STEP, id(caller, 0)), usable(caller), question);
        List<AgentStep> steps = new ArrayList<>();
        for (ToolChooser.Match match : candidates(ranked)) {
            Optional<AgentResult> result = call(caller, question, match, steps);
            if (result.isPresent()) {
                return result.get();
            }
        }
        throw noneFits(ranked);
    }

    /** Those that are near, then those that search. */
    private static Set<ToolChooser.Match> candidates(List<ToolChooser.Match> ranked) {
        Set<ToolChooser.Match> candidates = new LinkedHashSet<>();
        ranked.stream().limit(MOST_TOOLS).filter(LocalAnswers::isNear).forEach(candidates::add);
        ranked.stream()
                .filter(match -> match.tool().entity().tags().contains(SEARCHES))
                .filter(match -> ToolChooser.neededText(match.tool()).isPresent())
                .limit(MOST_TOOLS)
                .forEach(candidates::add);
        return candidates;
    }

    private static boolean isNear(ToolChooser.Match match) {
        return match.score() >= (ToolChooser.neededText(match.tool()).isEmpty() ? NEARER : NEAR);
    }

    /** What comes of a tool; empty if it can make nothing of the question. */
    private Optional<AgentResult> call(Caller caller, String question, ToolChooser.Match match, List<AgentStep> steps) {
        Tool tool = match.tool();
        Optional<ToolParameter> needed = ToolChooser.neededText(tool);
        List<String> spans = needed.isPresent() ? QuestionSpans.of(question) : List.of("");
        for (String span : spans) {
            JsonObject arguments = needed.map(parameter -> JsonObject.of(parameter.name(), span))
                    .orElse(JsonObject.EMPTY);
            String written = engine.get().json().write(arguments);
            RequestId id = id(caller, steps.size() + 1);
            ToolObservation observation = engine.get()
                    .toolEngine()
                    .agentInvoke(
                            caller.nested(STEP, id),
                            new AgentToolCall(id.value(), tool, written, JsonObject.EMPTY, ToolApproval.AUTO, null),
                            ToolCallback.NONE);
            steps.add(step(id, tool, written, observation));
            if (observation.outcome() instanceof ToolOutcome.Success success) {
                return Optional.of(answered(said(match, success.result()), steps, AgentResult.Status.ANSWERED, null));
            }
            if (observation.outcome() instanceof ToolOutcome.Pending pending) {
                return Optional.of(answered("", steps, AgentResult.Status.PENDING, pending));
            }
        }
        return Optional.empty();
    }

    private static String said(ToolChooser.Match match, ToolResult result) {
        String text = result.text().isBlank()
                ? result.json().stream().map(Object::toString).collect(Collectors.joining("\n"))
                : result.text();
        String files =
                result.files().stream().map(file -> "\nFile: " + file.name()).collect(Collectors.joining());
        String why = isNear(match)
                ? "The embedding model inside the server chose the tool %s, similarity %.2f, and this is its answer."
                : "No tool is near the question, so that the tool %s was asked to search, and this is what it found.";
        return (text + files).strip()
                + String.format(
                        Locale.ROOT,
                        "%n%n(No language model is set up. " + why + ")",
                        match.tool().address(),
                        match.score());
    }

    private static AgentResult answered(
            String text, List<AgentStep> steps, AgentResult.Status status, ToolOutcome.@Nullable Pending pending) {
        LlmResult answer = new LlmResult(
                null,
                "local/" + ToolChooser.MODEL,
                new PromptMessage.Assistant(text),
                pending == null ? FinishReason.STOP : FinishReason.TOOL_CALLS,
                null,
                null,
                null);
        return new AgentResult(
                status, answer, steps, null, null, null, pending == null ? List.of() : List.of(pending.approval()));
    }

    private static AgentStep step(RequestId id, Tool tool, String arguments, ToolObservation observation) {
        return new AgentStep(
                "",
                "",
                List.of(new AgentStep.ToolStep(
                        id.value(), tool.entity().name(), tool.address().toString(), arguments, observation)),
                null,
                Duration.ZERO);
    }

    private static RequestId id(Caller caller, int number) {
        String parent = caller.requestId().value();
        return new RequestId((parent.length() > 100 ? parent.substring(0, 100) : parent) + "." + number);
    }

    private static BadRequestException noneFits(List<ToolChooser.Match> ranked) {
        String nearest = ranked.stream()
                .limit(5)
                .map(match -> match.tool().address().toString())
                .collect(Collectors.joining(", "));
        return new BadRequestException(
                ErrorCode.TOOL_NOT_FOUND,
                "no language model is set up, and none of the tools that need one text at most can answer this"
                        + (nearest.isEmpty() ? "" : " (the nearest: " + nearest + ")")
                        + ": ask more plainly, or set bactrian.default-model.llm and a credential for it, see"
                        + " config/application.properties");
    }
}
