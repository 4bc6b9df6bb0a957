package io.bactrian.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.bactrian.core.model.TokenUsage;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Reads a {@code usage} object into buckets that do not overlap, whose sum is the provider's total. Servers disagree on
 * what contains what: cached and audio tokens are inside the prompt's; reasoning is inside the completion's, except
 * where the total says otherwise (xAI).
 */
final class UsageReader {

    // more tokens than any call uses; keeps sums of hostile numbers from overflowing
    private static final long MOST = 1_000_000_000_000L;

    private static final long ABSENT = -1;

    private long prompt = ABSENT;
    private long completion = ABSENT;
    private long total = ABSENT;
    private long cached;
    private long cacheWrite;
    private long audioIn;
    private long reasoning;
    private long audioOut;

    private UsageReader() {}

    /**
     * Reads the value that the parser stands on.
     *
     * @return null if it is null, not an object, or says nothing
     */
    static @Nullable TokenUsage read(JsonParser json) throws IOException {
        if (json.currentToken() != JsonToken.START_OBJECT) {
            Tokens.skip(json);
            return null;
        }
        UsageReader reader = new UsageReader();
        reader.fields(json);
        return reader.usage();
    }

    private void fields(JsonParser json) throws IOException {
        while (Tokens.nextField(json)) {
            String name = json.currentName();
            JsonToken value = Tokens.next(json);
            switch (name) {
                case "prompt_tokens", "input_tokens" -> prompt = count(json, value, prompt);
                case "completion_tokens", "output_tokens" -> completion = count(json, value, completion);
                case "total_tokens" -> total = count(json, value, total);
                // DeepSeek, Moonshot
                case "prompt_cache_hit_tokens", "cached_tokens" -> cached = count(json, value, cached);
                case "reasoning_tokens" -> reasoning = count(json, value, reasoning);
                case "prompt_tokens_details",
                        "input_tokens_details",
                        "completion_tokens_details",
                        "output_tokens_details" -> details(json, value, name.charAt(0) == 'p' || name.charAt(0) == 'i');
                default -> Tokens.skip(json);
            }
        }
    }

    private void details(JsonParser json, JsonToken start, boolean input) throws IOException {
        if (start != JsonToken.START_OBJECT) {
            Tokens.skip(json);
            return;
        }
        while (Tokens.nextField(json)) {
            String name = json.currentName();
            JsonToken value = Tokens.next(json);
            switch (name) {
                case "cached_tokens" -> cached = count(json, value, cached);
                case "cache_write_tokens", "cache_creation_tokens" -> cacheWrite = count(json, value, cacheWrite);
                case "reasoning_tokens" -> reasoning = count(json, value, reasoning);
                case "audio_tokens" -> {
                    audioIn = input ? count(json, value, audioIn) : audioIn;
                    audioOut = input ? audioOut : count(json, value, audioOut);
                }
                default -> Tokens.skip(json);
            }
        }
    }

    private static long count(JsonParser json, JsonToken value, long otherwise) throws IOException {
        if (value.isNumeric()) {
            double number = json.getDoubleValue();
            return number <= 0 ? 0 : number >= MOST ? MOST : (long) number;
        }
        Tokens.skip(json);
        return otherwise;
    }

    private @Nullable TokenUsage usage() {
        if (prompt == ABSENT && completion == ABSENT && total == ABSENT) {
            return null;
        }
        long out = completion == ABSENT ? Math.max(0, total - Math.max(0, prompt)) : completion;
        long in = prompt == ABSENT ? Math.max(0, total - Math.max(0, completion)) : prompt;
        if (prompt == ABSENT && completion == ABSENT) {
            // Voyage, Jina: embeddings with a total only
            in = total;
            out = 0;
        }
        // what the total has beyond prompt and completion is reasoning that the completion does not count
        long beyond = total == ABSENT ? (reasoning > out ? reasoning : 0) : Math.max(0, total - in - out);
        long thought = Math.min(Math.max(reasoning, beyond), out + beyond);
        long spoken = Math.min(audioOut, out + beyond - thought);
        long read = Math.min(cached, in);
        long written = Math.min(cacheWrite, in - read);
        long heard = Math.min(audioIn, in - read - written);
        return new TokenUsage(
                in - read - written - heard, read, written, heard, out + beyond - thought - spoken, thought, spoken);
    }
}
