package io.bactrian.agent;

import io.bactrian.core.model.PromptMessage;
import io.bactrian.core.model.PromptMessageContent;
import java.util.List;
import java.util.stream.Stream;

/** The end of conversations, in turns: what a user says and all that comes of it. No tool's answer is left without its call. */
final class Turns {

    private Turns() {}

    /**
     * The last turns that have so many messages and characters at most. Of the first one that does not fit as a whole, what was
     * asked and answered is kept, if that fits.
     */
    static List<PromptMessage> last(List<PromptMessage> all, int mostMessages, long mostCharacters) {
        List<PromptMessage> kept = List.of();
        int end = all.size();
        for (int i = all.size() - 1; i >= 0; i--) {
            if (!(all.get(i) instanceof PromptMessage.User)) {
                continue;
            }
            List<PromptMessage> turn = all.subList(i, end);
            List<PromptMessage> with = joined(turn, kept);
            if (!fits(with, mostMessages, mostCharacters)) {
                List<PromptMessage> withBare = joined(bare(turn), kept);
                return fits(withBare, mostMessages, mostCharacters) ? withBare : kept;
            }
            kept = with;
            end = i;
        }
        return kept;
    }

    private static List<PromptMessage> joined(List<PromptMessage> turn, List<PromptMessage> after) {
        return Stream.concat(turn.stream(), after.stream()).toList();
    }

    private static boolean fits(List<PromptMessage> messages, int mostMessages, long mostCharacters) {
        return messages.size() <= mostMessages && size(messages) <= mostCharacters;
    }

    /** A turn without its calls and what came of them; without an answer there is nothing left of it. */
    private static List<PromptMessage> bare(List<PromptMessage> turn) {
        PromptMessage last = turn.get(turn.size() - 1);
        boolean answered =
                last instanceof PromptMessage.Assistant said && said.toolCalls().isEmpty();
        return answered && turn.size() > 2 ? List.of(turn.get(0), last) : List.of();
    }

    /** How much room messages take, in characters. */
    static long size(List<PromptMessage> messages) {
        return messages.stream().mapToLong(Turns::size).sum();
    }

    private static long size(PromptMessage message) {
        long size = message.content().stream().mapToLong(Turns::size).sum();
        if (message instanceof PromptMessage.Assistant said) {
            size += said.reasoning().length();
            for (PromptMessage.ToolCall call : said.toolCalls()) {
                size += call.name().length() + call.arguments().length();
            }
        }
        return size;
    }

    private static long size(PromptMessageContent content) {
        if (content instanceof PromptMessageContent.Text text) {
            return text.data().length();
        }
        PromptMessageContent.Media media = (PromptMessageContent.Media) content;
        String bytes = media.base64();
        String url = media.url();
        return (bytes == null ? 0 : bytes.length()) + (url == null ? 0 : url.length());
    }
}
