package io.bactrian.bench.bare;

import io.bactrian.bench.Answer;
import io.bactrian.bench.Canned;
import io.bactrian.bench.Pieces;
import io.bactrian.bench.Subject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicBoolean;

/** java.net.http, over HTTP/1.1. */
public final class JdkClient implements Subject {

    private URI url = URI.create("http://127.0.0.1");
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @Override
    public void open(Setup setup) {
        url = URI.create(setup.baseUrl() + "/chat/completions");
    }

    private HttpRequest request(boolean streaming) throws IOException {
        return HttpRequest.newBuilder(url)
                .header("Authorization", "Bearer " + Canned.KEY)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(Trees.request(streaming)))
                .build();
    }

    @Override
    public void ask(Answer answer) throws IOException, InterruptedException {
        HttpResponse<byte[]> response = client.send(request(false), HttpResponse.BodyHandlers.ofByteArray());
        checkStatus(response);
        Trees.answer(response.body(), answer);
    }

    @Override
    public void stream(Pieces pieces) throws IOException, InterruptedException {
        HttpResponse<InputStream> response = client.send(request(true), HttpResponse.BodyHandlers.ofInputStream());
        checkStatus(response);
        AtomicBoolean cut = new AtomicBoolean();
        InputStream in = response.body();
        pieces.opened(() -> {
            cut.set(true);
            in.close();
        });
        BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
        try {
            String line = lines.readLine();
            while (line != null && Trees.line(line, pieces)) {
                line = lines.readLine();
            }
            // up to the end mark, so that the connection is kept
            lines.readLine();
            lines.readLine();
        } catch (IOException failed) {
            if (!cut.get()) {
                throw failed;
            }
        }
    }

    private static void checkStatus(HttpResponse<?> response) throws IOException {
        if (response.statusCode() != 200) {
            throw new IOException("status " + response.statusCode());
        }
    }
}
