package io.bactrian;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bactrian.http.RawHttp;
import io.bactrian.server.TestHome;
import io.bactrian.testkit.CanaryScanner;
import io.bactrian.testkit.FaultServer;
import io.bactrian.testkit.Reply;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The runnable as it is shipped: a jar with its lib folder, in a process of its own. */
class PackagedRunIT {

    private static final Path JAR = PackagedProcesses.JAR;
    private static final String CONVERTERS = "META-INF/services/org/apache/camel/TypeConverterLoader";
    private static final String COMPONENTS = "META-INF/services/org/apache/camel/component/";
    private static final String DRIVERS = "META-INF/services/java.sql.Driver";

    private final PackagedProcesses processes = new PackagedProcesses();

    @AfterEach
    void stop() {
        processes.close();
    }

    /** The jars of the class path that the manifest gives, in a process and here alike. */
    private static List<Path> classPath() throws IOException {
        List<Path> jars = new ArrayList<>(List.of(JAR));
        try (JarFile jar = new JarFile(JAR.toFile())) {
            for (String entry :
                    jar.getManifest().getMainAttributes().getValue("Class-Path").split(" ")) {
                jars.add(JAR.resolveSibling(entry));
            }
        }
        return jars;
    }

    private static Map<Path, Set<String>> entries() throws IOException {
        Map<Path, Set<String>> all = new LinkedHashMap<>();
        for (Path path : classPath()) {
            Set<String> names = new TreeSet<>();
            try (JarFile jar = new JarFile(path.toFile())) {
                for (Enumeration<JarEntry> entries = jar.entries(); entries.hasMoreElements(); ) {
                    names.add(entries.nextElement().getName());
                }
            }
            all.put(path, names);
        }
        return all;
    }

    @Test
    void hasEveryLibraryThatItsManifestNamesAndNoOther() throws IOException {
        Set<Path> named = new TreeSet<>(classPath().subList(1, classPath().size()));
        assertThat(named).allSatisfy(path -> assertThat(path).isRegularFile());
        try (Stream<Path> files = Files.list(JAR.resolveSibling("lib"))) {
            assertThat(new TreeSet<>(files.toList())).isEqualTo(named);
        }
    }

    @Test
    void keepsAllConverterLoadersDriversAndComponents() throws IOException {
        Map<Path, Set<String>> all = entries();
        long loaders = all.values().stream()
                .filter(names -> names.contains(CONVERTERS))
                .count();
        long drivers =
                all.values().stream().filter(names -> names.contains(DRIVERS)).count();
        List<String> components = all.values().stream()
                .flatMap(Set::stream)
                .filter(name -> name.startsWith(COMPONENTS) && !name.endsWith("/"))
                .map(name -> name.substring(COMPONENTS.length()))
                .sorted()
                .toList();
        // a shaded jar would keep one of each
        assertThat(loaders).isGreaterThanOrEqualTo(8);
        assertThat(drivers).isGreaterThanOrEqualTo(1);
        assertThat(components).doesNotHaveDuplicates().contains("model", "platform-http", "direct", "kamelet", "http");
        assertThat(components).hasSizeGreaterThan(25);
    }

    @Test
    @DisplayName("what the build generates is in the jars, not only in a working copy")
    void shipsGeneratedFilesOfOurComponents() throws IOException {
        Set<String> names = new TreeSet<>();
        Map<String, String> owner = new TreeMap<>();
        entries().forEach((path, entries) -> {
            if (path.getFileName().toString().startsWith("bactrian-model-0")) {
                names.addAll(entries);
                entries.forEach(name -> owner.put(name, path.getFileName().toString()));
            }
        });
        assertThat(names)
                .contains(
                        "META-INF/services/org/apache/camel/component/model",
                        "META-INF/services/org/apache/camel/component.properties",
                        "META-INF/services/org/apache/camel/configurer/model-component",
                        "META-INF/services/org/apache/camel/configurer/model-endpoint",
                        "META-INF/services/org/apache/camel/urifactory/model-endpoint",
                        "META-INF/services/org/apache/camel/TypeConverterLoader",
                        "META-INF/io/bactrian/model/model.json",
                        "io/bactrian/model/ModelComponentConfigurer.class",
                        "io/bactrian/model/ModelEndpointConfigurer.class",
                        "io/bactrian/model/ModelEndpointUriFactory.class",
                        "kamelets/model-chat-action.kamelet.yaml",
                        "kamelets/model-embedding-action.kamelet.yaml");
    }

    @Test
    void packsTheDocumentationAndTheCatalogue() throws IOException {
        Set<String> all = new TreeSet<>();
        entries().values().forEach(all::addAll);
        assertThat(all)
                .contains("docs/README.md", "docs/SECURITY-MODEL.md", "docs/components/model/README.md")
                .contains("io/bactrian/model/http/providers/openai.yaml")
                .noneMatch(name -> name.startsWith("docs/") && name.contains("target"));
    }

    @Test
    @DisplayName("CRASH-03: started, asked, told to stop: open streams are drained, and the process ends")
    void servesAndDrainsInAProcessOfItsOwn(@TempDir Path folder) throws Exception {
        try (FaultServer provider = FaultServer.start()) {
            String piece =
                    "{\"id\":\"c\",\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"piece\"}}]}";
            provider.handle(request -> Reply.sse(
                            piece,
                            piece,
                            piece,
                            piece,
                            piece,
                            "{\"id\":\"c\",\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}",
                            "[DONE]")
                    .splitEvery(100)
                    .delayBetweenChunks(Duration.ofMillis(400)));
            new TestHome(
                    folder,
                    "bactrian.egress.allow=127.0.0.1:" + provider.port(),
                    "bactrian.credentials.main.provider=openai-compatible",
                    "bactrian.credentials.main.base_url=" + provider.url("/v1"),
                    "bactrian.default-model.llm=openai-compatible/m");
            Process process = processes.start(folder, List.of(), "run", "--port", "0", "--management-port", "-1");
            int port = PackagedProcesses.awaitPort(folder, process);
            assertThat(PackagedProcesses.out(folder).lines())
                    .hasSize(2)
                    .last()
                    .asString()
                    .startsWith("try: curl ");
            assertThat(RawHttp.get(port, "/search?q=how+do+I+add+a+tenant").body())
                    .contains("tenant add");
            try (RawHttp client = new RawHttp(port)) {
                client.write(RawHttp.head(port, "POST", "/chat", "hi", "Content-Type: text/plain") + "hi");
                assertThat(client.answerHead().status()).isEqualTo(200);
                assertThat(client.chunk()).contains("piece");
                process.destroy();
                StringBuilder rest = new StringBuilder();
                for (String chunk = client.chunk(); !chunk.isEmpty(); chunk = client.chunk()) {
                    rest.append(chunk);
                }
                assertThat(rest.toString()).endsWith("data: [DONE]\n\n");
            }
            assertThat(process.waitFor(40, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    @DisplayName("LOG-03, LOG-04: with everything logged, still no secret, prompt or answer")
    void logsNoSecretEvenWhenAllIsLogged(@TempDir Path folder) throws Exception {
        CanaryScanner canaries = new CanaryScanner();
        String key = canaries.plant("key");
        String prompt = canaries.plant("prompt");
        String answer = canaries.plant("answer");
        try (FaultServer provider = FaultServer.start()) {
            provider.handle(request -> Reply.sse(
                    "{\"id\":\"c\",\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"" + answer
                            + "\"}}]}",
                    "{\"id\":\"c\",\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}",
                    "[DONE]"));
            TestHome home = new TestHome(folder, "bactrian.egress.allow=127.0.0.1:" + provider.port());
            home.done(
                    List.of(key),
                    "credential",
                    "add",
                    "openai-compatible",
                    "--set",
                    "base_url=" + provider.url("/v1"),
                    "--from-stdin",
                    "api_key");
            home.done("model", "default", "openai-compatible/m");
            String apiKey = home.done("apikey", "create");
            canaries.watchFor("api key", apiKey);
            Process process = processes.start(
                    folder,
                    List.of("-Dorg.slf4j.simpleLogger.defaultLogLevel=debug"),
                    "run",
                    "--port",
                    "0",
                    "--management-port",
                    "-1");
            int port = PackagedProcesses.awaitPort(folder, process);
            RawHttp.Answer answered =
                    RawHttp.post(port, "/chat", prompt, "Content-Type: text/plain", "Authorization: Bearer " + apiKey);
            assertThat(answered.body()).contains(answer);
            assertThat(provider.requests().get(0).bodyText()).contains(prompt);
            assertThat(provider.requests().get(0).header("Authorization").orElse(""))
                    .contains(key);
            process.destroy();
            assertThat(process.waitFor(40, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(Files.size(folder.resolve("err.log"))).isGreaterThan(20_000);
        canaries.assertNowhereInFiles(folder);
    }

    @Test
    void saysInOneLineWhyItDoesNotStart(@TempDir Path folder) throws Exception {
        new TestHome(folder, "bactrian.default-model.llm=nonsense");
        Process process = processes.start(folder, List.of(), "run", "--port", "0", "--management-port", "-1");
        assertThat(process.waitFor(90, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(1);
        assertThat(Files.readString(folder.resolve("err.log")))
                .contains("misconfigured: bactrian.default-model.llm")
                .doesNotContain("\tat ");
    }

    @Test
    @DisplayName("HDR-03: in a Turkish JVM")
    void servesInTurkish(@TempDir Path folder) throws Exception {
        new TestHome(folder);
        Process process = processes.start(
                folder,
                List.of("-Duser.language=tr", "-Duser.country=TR"),
                "run",
                "--port",
                "0",
                "--management-port",
                "-1");
        int port = PackagedProcesses.awaitPort(folder, process);
        assertThat(RawHttp.get(port, "/search?q=tenant&limit=1", "CAMELMODELNAME: x", "AUTHORIZATION: BEARER bac_x")
                        .status())
                .isEqualTo(401);
        RawHttp.Answer answer = RawHttp.get(port, "/search?q=tenant&limit=1", "CAMELMODELNAME: evil/model");
        assertThat(answer.status()).isEqualTo(200);
        process.destroy();
        assertThat(process.waitFor(40, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void commandsWorkBesideTheRunningServer(@TempDir Path folder) throws Exception {
        TestHome home = new TestHome(folder);
        Process server = processes.start(folder, List.of(), "run", "--port", "0", "--management-port", "-1");
        int port = PackagedProcesses.awaitPort(folder, server);
        // the first question waits for the index, which takes its time: what is timed below is how soon a key is known
        assertThat(RawHttp.get(port, "/search?q=tenant").status()).isEqualTo(200);
        home.done("tenant", "add", "acme");
        String key = home.done("apikey", "create", "--tenant", "acme");
        await().atMost(Duration.ofSeconds(10))
                .until(() -> RawHttp.get(port, "/search?q=tenant", "Authorization: Bearer " + key)
                                .status()
                        == 200);
        home.done("tenant", "remove", "acme");
        await().atMost(Duration.ofSeconds(10))
                .until(() -> RawHttp.get(port, "/search?q=tenant", "Authorization: Bearer " + key)
                                .status()
                        == 401);
    }
}
