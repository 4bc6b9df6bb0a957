package example;

import io.bactrian.core.model.ModelStream;
import io.bactrian.core.model.TextEmbeddingResult;
import java.util.Arrays;
import org.apache.camel.CamelContext;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spi.Resource;
import org.apache.camel.support.PluginHelper;

/** Asks a model from Java, from YAML and through a Kamelet, and prints a line for each answer. */
public final class LibraryUser {

    private static final String QUESTION = "What is the capital of Mongolia?";

    private LibraryUser() {}

    public static void main(String[] args) throws Exception {
        try (CamelContext context = new DefaultCamelContext()) {
            context.getPropertiesComponent().setLocation("classpath:application.properties");
            context.addRoutes(new JavaExample());
            Resource yaml =
                    PluginHelper.getResourceLoader(context).resolveResource("classpath:camel/examples.camel.yaml");
            PluginHelper.getRoutesLoader(context).loadRoutes(yaml);
            context.start();
            try (ProducerTemplate template = context.createProducerTemplate()) {
                run(template);
            }
        }
    }

    private static void run(ProducerTemplate template) {
        print("java", template.requestBody("direct:java", QUESTION, String.class));
        print("yaml", template.requestBody("direct:yaml", QUESTION, String.class));
        print("kamelet", template.requestBody("direct:kamelet", QUESTION, String.class));

        StringBuilder streamed = new StringBuilder();
        try (ModelStream stream = template.requestBody("direct:java-stream", QUESTION, ModelStream.class)) {
            stream.forEachRemaining(chunk -> streamed.append(chunk.text()));
        }
        print("stream", streamed.toString());

        TextEmbeddingResult result =
                template.requestBody("direct:java-embedding", "two humps", TextEmbeddingResult.class);
        print("embedding", Arrays.toString(result.embeddings().get(0)));

        print("refused", template.requestBody("direct:java-refused", "too fast", String.class));
    }

    private static void print(String name, String answer) {
        System.out.println(name + ": " + answer);
    }
}
