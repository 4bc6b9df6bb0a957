package io.bactrian.testkit.contract;

import static io.bactrian.testkit.contract.StoreFixture.refused;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.file.FileContent;
import io.bactrian.core.file.FileDisposition;
import io.bactrian.core.file.FileGrant;
import io.bactrian.core.file.StoredFile;
import io.bactrian.core.json.JsonObject;
import io.bactrian.core.json.JsonString;
import io.bactrian.core.tenant.Caller;
import io.bactrian.core.tool.ToolInvokeMessage;
import io.bactrian.core.tool.ToolInvokeMessage.Blob;
import io.bactrian.core.tool.ToolInvokeMessage.BlobChunk;
import io.bactrian.core.tool.ToolInvokeMessage.Json;
import io.bactrian.core.tool.ToolInvokeMessage.Link;
import io.bactrian.core.tool.ToolInvokeMessage.Meta;
import io.bactrian.core.tool.ToolInvokeMessage.Text;
import io.bactrian.core.tool.ToolInvokeMessage.Variable;
import io.bactrian.core.tool.ToolResult;
import io.bactrian.core.tool.ToolStream;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What comes of a tool. What a kind has no way to give makes the call fail: it is never left out in silence. */
interface ToolMessageContract extends ToolFixture {

    /** A PNG of nothing. */
    byte[] PNG = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n', 0, 0, 0, 0};

    /** Plays messages; empty if the kind cannot give them, which it then has to say. */
    private Optional<ToolResult> played(ToolCapability needed, ToolInvokeMessage... messages) {
        ContractPlay.Scene scene = call -> ToolStream.of(messages);
        if (can(needed)) {
            return Optional.of(played(scene));
        }
        refused(foreignError(), () -> played(scene));
        return Optional.empty();
    }

    @Test
    default void bringsText() {
        String text = "Grüße, \ud83d\udc2b\n{\"no\": \"json\"}";

        ToolResult result = played(call -> ToolStream.ofText(text));

        assertThat(result.text()).isEqualTo(text);
        assertThat(result.json()).isEmpty();
        assertThat(result.files()).isEmpty();
        assertThat(result.variables()).isEmpty();
        assertThat(result.meta().tool()).isEqualTo(address(ContractTools.PLAY));
        assertThat(result.meta().characters()).isEqualTo(text.length());
    }

    @Test
    default void bringsJson() {
        JsonObject json = JsonObject.of("a", List.of(1, JsonObject.of("b", null)), "c", "d");

        ToolResult result = played(call -> ToolStream.of(new Json(json)));

        assertThat(result.json()).containsExactly(json);
        assertThat(result.shown()).containsExactly(json);
        assertThat(result.object()).isEqualTo(json);
    }

    @Test
    default void bringsNothingWhereNothingComes() {
        ToolResult result = played(call -> ToolStream.of());

        assertThat(result.text()).isEmpty();
        assertThat(result.json()).isEmpty();
        assertThat(result.files()).isEmpty();
    }

    @Test
    default void keepsTheOrder() {
        List<ToolInvokeMessage> messages = List.of(
                new Text("one "),
                new Json(JsonObject.of("n", 1)),
                new Text("two "),
                new Json(JsonObject.of("n", 2)),
                new Text("three"));
        played(ToolCapability.MIXED_MESSAGES, messages.toArray(new ToolInvokeMessage[0]))
                .ifPresent(result -> {
                    assertThat(result.text()).isEqualTo("one two three");
                    assertThat(result.json()).containsExactly(JsonObject.of("n", 1), JsonObject.of("n", 2));
                    List<ToolInvokeMessage> read = new ArrayList<>();
                    try (ToolStream stream = streamed(call -> ToolStream.of(messages))) {
                        stream.forEachRemaining(read::add);
                    }
                    assertThat(read).isEqualTo(messages);
                });
    }

    @Test
    default void bringsVariables() {
        played(
                        ToolCapability.VARIABLES,
                        new Variable("status", new JsonString("open"), false),
                        new Variable("order", JsonObject.of("id", 7), false))
                .ifPresent(result -> {
                    assertThat(result.variables()).containsOnlyKeys("status", "order");
                    assertThat(result.variables().get("status")).isEqualTo(new JsonString("open"));
                    assertThat(result.variables().get("order")).isEqualTo(JsonObject.of("id", 7));
                });
    }

    @Test
    default void putsStreamedVariablesTogether() {
        played(
                        ToolCapability.STREAMED_VARIABLES,
                        new Variable("story", new JsonString("Once "), true),
                        new Variable("title", new JsonString("A "), true),
                        new Variable("story", new JsonString("upon "), true),
                        new Variable("title", new JsonString("tale"), true),
                        new Variable("story", new JsonString("a time"), true))
                .ifPresent(result -> assertThat(result.variables())
                        .containsEntry("story", new JsonString("Once upon a time"))
                        .containsEntry("title", new JsonString("A tale")));
    }

    @Test
    default void bringsLinks() {
        Link link = new Link("https://example.org/a?b=c", new Meta("text/html", "a.html"));

        played(ToolCapability.LINKS, link)
                .ifPresent(result -> assertThat(result.links()).containsExactly(link));
    }

    @Test
    @DisplayName("SIGN-10: bytes become the caller's own file, whose link is signed for them and for nobody else")
    default void storesBytesAsTheCallersOwn() throws IOException {
        Optional<ToolResult> result =
                played(ToolCapability.BLOBS, new Blob("a;b".getBytes(UTF_8), new Meta("text/csv", "list.csv")));
        if (result.isEmpty()) {
            return;
        }
        StoredFile file = only(result.get());
        assertThat(file.tenant()).isEqualTo(ACME);
        assertThat(file.owner()).isEqualTo(ANN);
        assertThat(file.mimeType()).isEqualTo("text/csv");
        assertThat(file.name()).isEqualTo("list.csv");
        assertThat(result.get().meta().fileBytes()).isEqualTo(3);
        assertThat(content(file)).isEqualTo("a;b");
        assertSignedForItsOwner(file);
        for (Caller other : List.of(caller(ACME, BOB), caller(GLOBEX, ANN), caller(GLOBEX, BOB))) {
            assertThat(engine().files().find(other, file.id())).isEmpty();
            refused(ErrorCode.FILE_NOT_FOUND, () -> engine().files().open(other, file.id()));
            refused(ErrorCode.FILE_NOT_FOUND, () -> engine().fileUrls().sign(other, file, FileDisposition.ATTACHMENT));
        }
        assertThat(engine().files().find(GLOBEX, file.id())).isEmpty();
    }

    private void assertSignedForItsOwner(StoredFile file) {
        URI link = URI.create(engine().fileUrls().sign(caller(ACME, ANN), file, FileDisposition.ATTACHMENT));

        Optional<FileGrant> grant = engine().fileUrls().verify("GET", link.getRawPath(), link.getRawQuery());

        assertThat(grant).get().extracting(FileGrant::tenant).isEqualTo(ACME);
        assertThat(grant).get().extracting(FileGrant::id).isEqualTo(file.id());
        assertThat(engine().fileUrls().verify("GET", link.getRawPath(), null)).isEmpty();
    }

    private static StoredFile only(ToolResult result) {
        assertThat(result.files()).hasSize(1);
        return result.files().get(0);
    }

    private String content(StoredFile file) throws IOException {
        try (FileContent content = engine().files().open(caller(file.tenant(), ANN), file.id())) {
            return new String(content.readAllBytes(), UTF_8);
        }
    }

    @Test
    default void tellsImagesFromOtherFiles() {
        if (played(ToolCapability.BLOBS, new Blob(PNG, new Meta("image/png", "dot.png")))
                .isEmpty()) {
            return;
        }
        try (ToolStream stream = streamed(call -> ToolStream.of(new Blob(PNG, new Meta("image/png", "dot.png"))))) {
            assertThat(stream.next()).isInstanceOfSatisfying(ToolInvokeMessage.ImageLink.class, image -> assertThat(
                            image.file().mimeType())
                    .isEqualTo("image/png"));
            assertThat(stream.hasNext()).isFalse();
        }
    }

    private static BlobChunk chunk(String id, int sequence, String bytes, long length, boolean end, Meta meta) {
        return new BlobChunk(id, sequence, length, bytes.getBytes(UTF_8), end, meta);
    }

    @Test
    @DisplayName("pieces of files are put together by id and sequence, in whatever order they come")
    default void putsPiecesOfFilesTogether() throws IOException {
        Optional<ToolResult> result = played(
                ToolCapability.BLOB_CHUNKS,
                chunk("a", 1, "two ", 13, false, Meta.NONE),
                chunk("b", 0, "other", 5, true, new Meta("text/plain", "b.txt")),
                chunk("a", 0, "one ", 13, false, Meta.NONE),
                chunk("a", 2, "three", 13, true, new Meta("text/plain", "a.txt")));
        if (result.isEmpty()) {
            return;
        }
        List<StoredFile> files = result.get().files();
        assertThat(files).extracting(StoredFile::name).containsExactly("b.txt", "a.txt");
        assertThat(content(files.get(0))).isEqualTo("other");
        assertThat(content(files.get(1))).isEqualTo("one two three");
        assertThat(files).allMatch(file -> ANN.equals(file.owner()));
    }

    @Test
    @DisplayName("a part of a file never passes for all of it, and a length that is only said takes no memory")
    default void refusesFilesThatLackPieces() {
        if (!can(ToolCapability.BLOB_CHUNKS)) {
            played(ToolCapability.BLOB_CHUNKS, chunk("a", 0, "one", 10, false, Meta.NONE));
            return;
        }
        refused(
                ErrorCode.STREAM_TRUNCATED,
                () -> played(call -> ToolStream.of(chunk("a", 0, "one", 10, false, Meta.NONE))));
        refused(
                ErrorCode.RESPONSE_TOO_LARGE,
                () -> played(call -> ToolStream.of(chunk("a", 0, "one", 10_000_000_000L, true, Meta.NONE))));
        refused(
                ErrorCode.PROTOCOL_ERROR,
                () -> played(call -> ToolStream.of(chunk("a", 0, "one", 10, true, Meta.NONE))));
        assertThat(engine().files().list(ACME, null, null, 10)).isEmpty();
        assertThat(play().open()).isZero();
    }
}
