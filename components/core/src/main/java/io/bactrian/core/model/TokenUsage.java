package io.bactrian.core.model;

/**
 * Tokens in buckets that do not overlap: their sum is what the provider bills.
 *
 * @param input plain input tokens, neither cached nor audio
 * @param cacheRead input tokens read from the provider's cache
 * @param cacheWrite input tokens written to it
 * @param audioInput input tokens of audio
 * @param output output tokens of text and tool calls
 * @param reasoning output tokens of reasoning
 * @param audioOutput output tokens of audio
 */
public record TokenUsage(
        long input, long cacheRead, long cacheWrite, long audioInput, long output, long reasoning, long audioOutput) {

    /** Nothing used. */
    public static final TokenUsage NONE = new TokenUsage(0, 0, 0, 0, 0, 0, 0);

    /** Input tokens only, as embeddings use. */
    public static TokenUsage ofInput(long tokens) {
        return new TokenUsage(tokens, 0, 0, 0, 0, 0, 0);
    }

    /** All input tokens. */
    public long promptTokens() {
        return input + cacheRead + cacheWrite + audioInput;
    }

    /** All output tokens. */
    public long completionTokens() {
        return output + reasoning + audioOutput;
    }

    /** All tokens. */
    public long totalTokens() {
        return promptTokens() + completionTokens();
    }

    /** The sums, bucket by bucket. */
    public TokenUsage plus(TokenUsage other) {
        return new TokenUsage(
                input + other.input,
                cacheRead + other.cacheRead,
                cacheWrite + other.cacheWrite,
                audioInput + other.audioInput,
                output + other.output,
                reasoning + other.reasoning,
                audioOutput + other.audioOutput);
    }
}
