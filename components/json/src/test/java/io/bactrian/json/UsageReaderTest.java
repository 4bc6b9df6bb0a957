package io.bactrian.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonParser;
import io.bactrian.core.model.TokenUsage;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UsageReaderTest {

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
                    OpenAI            | {"prompt_tokens":16,"completion_tokens":300,"total_tokens":316,"prompt_tokens_details":{"cached_tokens":6,"audio_tokens":2},"completion_tokens_details":{"reasoning_tokens":100,"audio_tokens":20}} | 8 | 6 | 0 | 2 | 180 | 100 | 20
                    DeepSeek          | {"prompt_tokens":339,"completion_tokens":83,"total_tokens":422,"prompt_cache_hit_tokens":320,"prompt_cache_miss_tokens":19}                                   | 19 | 320 | 0 | 0 | 83 | 0 | 0
                    xAI, thinks aside | {"prompt_tokens":12,"completion_tokens":2,"total_tokens":334,"prompt_tokens_details":{"cached_tokens":2},"completion_tokens_details":{"reasoning_tokens":320}} | 10 | 2 | 0 | 0 | 2 | 320 | 0
                    aside, no total   | {"prompt_tokens":12,"completion_tokens":2,"completion_tokens_details":{"reasoning_tokens":320}}                                                              | 12 | 0 | 0 | 0 | 2 | 320 | 0
                    unsaid thinking   | {"prompt_tokens":10,"completion_tokens":5,"total_tokens":40}                                                                                                 | 10 | 0 | 0 | 0 | 5 | 25 | 0
                    Moonshot          | {"prompt_tokens":10,"completion_tokens":5,"total_tokens":15,"cached_tokens":4}                                                                               | 6 | 4 | 0 | 0 | 5 | 0 | 0
                    embeddings        | {"prompt_tokens":8,"total_tokens":8}                                                                                                                         | 8 | 0 | 0 | 0 | 0 | 0 | 0
                    total only        | {"total_tokens":8}                                                                                                                                           | 8 | 0 | 0 | 0 | 0 | 0 | 0
                    other names       | {"input_tokens":8,"output_tokens":3,"output_tokens_details":{"reasoning_tokens":1}}                                                                          | 8 | 0 | 0 | 0 | 2 | 1 | 0
                    cache writes      | {"prompt_tokens":100,"completion_tokens":1,"total_tokens":101,"prompt_tokens_details":{"cached_tokens":30,"cache_write_tokens":50}}                           | 20 | 30 | 50 | 0 | 1 | 0 | 0
                    details beyond    | {"prompt_tokens":5,"completion_tokens":5,"total_tokens":10,"prompt_tokens_details":{"cached_tokens":9,"audio_tokens":9},"completion_tokens_details":{"audio_tokens":9}} | 0 | 5 | 0 | 0 | 0 | 0 | 5
                    no completion     | {"prompt_tokens":5,"total_tokens":9}                                                                                                                         | 5 | 0 | 0 | 0 | 4 | 0 | 0
                    negative          | {"prompt_tokens":-5,"completion_tokens":3,"total_tokens":3}                                                                                                  | 0 | 0 | 0 | 0 | 3 | 0 | 0
                    floats            | {"prompt_tokens":5.0,"completion_tokens":3.0,"total_tokens":8.0}                                                                                             | 5 | 0 | 0 | 0 | 3 | 0 | 0
                    nulls             | {"prompt_tokens":5,"completion_tokens":3,"total_tokens":8,"prompt_tokens_details":null,"completion_tokens_details":null,"cost":{"x":[1]}}                     | 5 | 0 | 0 | 0 | 3 | 0 | 0
                    """)
    void countsEveryTokenOnce(
            String server,
            String json,
            long input,
            long read,
            long write,
            long heard,
            long output,
            long reasoning,
            long spoken)
            throws IOException {
        assertThat(read(json)).isEqualTo(new TokenUsage(input, read, write, heard, output, reasoning, spoken));
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "{}", "[]", "7", "{\"prompt_tokens\":null}", "{\"prompt_tokens\":\"many\"}"})
    void saysNothingWhereNothingIsSaid(String json) throws IOException {
        assertThat(read(json)).isNull();
    }

    @Test
    void doesNotOverflowOnHostileNumbers() throws IOException {
        TokenUsage usage = read("{\"prompt_tokens\":9223372036854775807,\"completion_tokens\":1e300,"
                + "\"total_tokens\":99999999999999999999999999}");

        assertThat(usage.totalTokens()).isPositive();
        assertThat(usage.promptTokens()).isPositive();
    }

    private static TokenUsage read(String json) throws IOException {
        try (JsonParser parser = JsonMappers.factory().createParser(json)) {
            parser.nextToken();
            return UsageReader.read(parser);
        }
    }
}
