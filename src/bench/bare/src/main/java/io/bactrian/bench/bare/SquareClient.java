package io.bactrian.bench.bare;

import io.bactrian.bench.Answer;
import io.bactrian.bench.Canned;
import io.bactrian.bench.Pieces;
import io.bactrian.bench.Subject;
import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import okhttp3.Call;
import okhttp3.ConnectionPool;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okio.BufferedSource;

/** OkHttp, with a pool as large as there are callers and else as it comes. */
public final class SquareClient implements Subject {

    private static final MediaType JSON = MediaType.get("application/json");

    private String url = "";
    private OkHttpClient client = new OkHttpClient();

    @Override
    public void open(Setup setup) {
        url = setup.baseUrl() + "/chat/completions";
        client = new OkHttpClient.Builder()
                .connectionPool(new ConnectionPool(setup.connections(), 5, TimeUnit.MINUTES))
                .readTimeout(60, TimeUnit.SECONDS)
                .build();
    }

    private Request request(boolean streaming) throws IOException {
        return new Request.Builder()
                .url(url)
                .header("Authorization", "Bearer " + Canned.KEY)
                .post(RequestBody.create(Trees.request(streaming), JSON))
                .build();
    }

    @Override
    public void ask(Answer answer) throws IOException {
        try (Response response = client.newCall(request(false)).execute()) {
            checkStatus(response);
            Trees.answer(Objects.requireNonNull(response.body()).bytes(), answer);
        }
    }

    @Override
    public void stream(Pieces pieces) throws IOException {
        Call call = client.newCall(request(true));
        pieces.opened(call::cancel);
        try (Response response = call.execute()) {
            checkStatus(response);
            BufferedSource lines = Objects.requireNonNull(response.body()).source();
            String line = lines.readUtf8Line();
            while (line != null && Trees.line(line, pieces)) {
                line = lines.readUtf8Line();
            }
            // up to the end mark, so that the connection is kept
            lines.readUtf8Line();
        } catch (IOException failed) {
            if (!call.isCanceled()) {
                throw failed;
            }
        }
    }

    private static void checkStatus(Response response) throws IOException {
        if (response.code() != 200) {
            throw new IOException("status " + response.code());
        }
    }
}
