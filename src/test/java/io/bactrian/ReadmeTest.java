package io.bactrian;

import static org.assertj.core.api.Assertions.assertThat;

import io.bactrian.server.TestHome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the documentation tells people to type. */
class ReadmeTest {

    private static final Path REPOSITORY = Path.of("..").toAbsolutePath().normalize();
    private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|'([^']*)'|(\\S+)");
    private static final Pattern COMMAND = Pattern.compile("\\./bactrian((?: [a-z][a-z-]*){1,2})");

    private static List<String> words(String line) {
        List<String> words = new ArrayList<>();
        Matcher word = WORD.matcher(line.replaceAll("\\s+#.*", ""));
        while (word.find()) {
            words.add(Stream.of(word.group(1), word.group(2), word.group(3))
                    .filter(Objects::nonNull)
                    .findFirst()
                    .orElseThrow());
        }
        return words;
    }

    @Test
    void everyCommandOfTheReadmeWorksInItsOrder(@TempDir Path folder) throws Exception {
        TestHome home = new TestHome(folder);
        int ran = 0;
        for (String line : Files.readAllLines(REPOSITORY.resolve("README.md"))) {
            if (!line.strip().startsWith("./bactrian ") || line.strip().startsWith("./bactrian run")) {
                continue;
            }
            List<String> words = words(line.strip());
            TestHome.Ran result = home.command(
                    List.of("sk-typed-by-a-person-0123456789"),
                    words.subList(1, words.size()).toArray(String[]::new));
            assertThat(result.code()).as(line + "\n" + result.err()).isZero();
            ran++;
        }
        assertThat(ran).isGreaterThanOrEqualTo(4);
    }

    @Test
    void everyCommandThatIsMentionedExists(@TempDir Path folder) throws Exception {
        TestHome home = new TestHome(folder);
        List<Path> documents = new ArrayList<>();
        try (Stream<Path> rooms = Files.list(REPOSITORY.resolve("components"))) {
            rooms.map(room -> room.resolve("README.md")).filter(Files::exists).forEach(documents::add);
        }
        for (String name : List.of("README.md", "SECURITY-MODEL.md", "CHANGELOG.md")) {
            documents.add(REPOSITORY.resolve(name));
        }
        int mentioned = 0;
        for (Path document : documents) {
            Matcher command = COMMAND.matcher(Files.readString(document));
            while (command.find()) {
                List<String> words =
                        new ArrayList<>(List.of(command.group(1).strip().split(" ")));
                words.add("--help");
                // the second word may be of the sentence around it
                boolean known = home.command(words.toArray(String[]::new)).code() == 0
                        || words.get(0).equals("run")
                                && home.command("run", "--help").code() == 0;
                assertThat(known)
                        .as(document.getFileName() + ": " + command.group())
                        .isTrue();
                mentioned++;
            }
        }
        assertThat(mentioned).isGreaterThan(10);
    }
}
