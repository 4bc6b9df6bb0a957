package io.bactrian.support.tool;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Map;
import org.apache.camel.Message;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Headers that are put on a message all at once stand there as if they had been put one by one. */
class SortedHeadersTest {

    private static final String[] NAMES = {"CamelA", "CamelB", "camelC", "CamelD"};

    private final DefaultCamelContext context = new DefaultCamelContext();
    private final Message message = new DefaultExchange(context).getMessage();

    @BeforeEach
    void startContext() {
        context.start();
    }

    @AfterEach
    void closeContext() throws IOException {
        context.close();
    }

    private static SortedHeaders some() {
        SortedHeaders headers = new SortedHeaders(NAMES);
        headers.set(3, "d");
        headers.set(1, 2);
        return headers;
    }

    @Test
    void standOnAMessageThatHadNone() {
        some().writeTo(message);

        assertThat(message.getHeaders()).containsOnly(Map.entry("CamelB", 2), Map.entry("CamelD", "d"));
        assertThat(message.getHeader("camelb")).as("found whatever its case").isEqualTo(2);
        message.setHeader("CAMELB", 3);
        message.setHeader("CamelA", "later");
        assertThat(message.getHeaders()).hasSize(3).containsEntry("CamelB", 3);
    }

    @Test
    void joinThoseThatAreThere() {
        message.setHeader("own", "kept");
        message.setHeader("CamelD", "of before");

        some().writeTo(message);

        assertThat(message.getHeaders())
                .containsOnly(Map.entry("own", "kept"), Map.entry("CamelB", 2), Map.entry("CamelD", "d"));
    }

    @Test
    void areReadInOrder() {
        assertThat(some().keySet()).containsExactly("CamelB", "CamelD");
        assertThat(some().firstKey()).isEqualTo("CamelB");
        assertThat(some().lastKey()).isEqualTo("CamelD");
        assertThat(new SortedHeaders(NAMES)).isEmpty();
    }

    @Test
    void ofToolsHaveNamesThatAreSorted() {
        assertThat(ToolAnswerHeaders.names()).isSortedAccordingTo(String.CASE_INSENSITIVE_ORDER);
    }
}
