package io.bactrian.core.model;

import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One message of a prompt. */
public sealed interface PromptMessage {

    /** The role as written on the wire. */
    String role();

    /** What it says; empty for an assistant message that only calls tools. */
    List<PromptMessageContent> content();

    /** The text parts, one after the other. */
    default String text() {
        List<PromptMessageContent> parts = content();
        if (parts.size() == 1 && parts.get(0) instanceof PromptMessageContent.Text only) {
            return only.data();
        }
        return parts.stream()
                .filter(PromptMessageContent.Text.class::isInstance)
                .map(part -> ((PromptMessageContent.Text) part).data())
                .collect(Collectors.joining());
    }

    /** Instructions of the application. */
    record System(
            List<PromptMessageContent> content, @Nullable String name) implements PromptMessage {
        /** Copies the list. */
        public System {
            content = List.copyOf(content);
        }

        /** A message of plain text. */
        public System(String text) {
            this(List.of(new PromptMessageContent.Text(text)), null);
        }

        @Override
        public String role() {
            return "system";
        }
    }

    /** Instructions of the application, for models that tell developers from systems. */
    record Developer(
            List<PromptMessageContent> content, @Nullable String name) implements PromptMessage {
        /** Copies the list. */
        public Developer {
            content = List.copyOf(content);
        }

        @Override
        public String role() {
            return "developer";
        }
    }

    /** What a user says or shows. */
    record User(
            List<PromptMessageContent> content, @Nullable String name) implements PromptMessage {
        /** Copies the list. */
        public User {
            content = List.copyOf(content);
        }

        /** A message of plain text. */
        public User(String text) {
            this(List.of(new PromptMessageContent.Text(text)), null);
        }

        @Override
        public String role() {
            return "user";
        }
    }

    /**
     * What the model said.
     *
     * @param content what it said
     * @param name a name; null for none
     * @param toolCalls the tools it calls
     * @param reasoning its reasoning, where the provider shows it; empty otherwise
     */
    record Assistant(
            List<PromptMessageContent> content, @Nullable String name, List<ToolCall> toolCalls, String reasoning)
            implements PromptMessage {
        /** Copies the lists. */
        public Assistant {
            content = List.copyOf(content);
            toolCalls = List.copyOf(toolCalls);
        }

        /** A message of plain text. */
        public Assistant(String text) {
            this(text.isEmpty() ? List.of() : List.of(new PromptMessageContent.Text(text)), null, List.of(), "");
        }

        @Override
        public String role() {
            return "assistant";
        }
    }

    /**
     * What a tool gave back.
     *
     * @param content its result
     * @param toolCallId the call it answers
     */
    record Tool(List<PromptMessageContent> content, String toolCallId) implements PromptMessage {
        /** Copies the list. */
        public Tool {
            content = List.copyOf(content);
        }

        @Override
        public String role() {
            return "tool";
        }
    }

    /**
     * A tool that the model calls.
     *
     * @param id the id of the call, which its result refers to
     * @param name the tool
     * @param arguments a JSON object as text, as the model wrote it: not necessarily valid
     */
    record ToolCall(String id, String name, String arguments) {}
}
