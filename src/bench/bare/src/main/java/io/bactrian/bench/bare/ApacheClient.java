package io.bactrian.bench.bare;

import io.bactrian.bench.Answer;
import io.bactrian.bench.Canned;
import io.bactrian.bench.Pieces;
import io.bactrian.bench.Subject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.io.entity.EntityUtils;

/** Apache HttpClient 5, classic, with a pool as large as there are callers and else as it comes. */
public final class ApacheClient implements Subject {

    private String url = "";
    private CloseableHttpClient client = HttpClients.createMinimal();

    @Override
    public void open(Setup setup) {
        url = setup.baseUrl() + "/chat/completions";
        client = HttpClients.custom()
                .setConnectionManager(PoolingHttpClientConnectionManagerBuilder.create()
                        .setMaxConnPerRoute(setup.connections())
                        .setMaxConnTotal(setup.connections())
                        .build())
                .build();
    }

    private HttpPost post(boolean streaming) throws IOException {
        HttpPost post = new HttpPost(url);
        post.setHeader("Authorization", "Bearer " + Canned.KEY);
        post.setEntity(new ByteArrayEntity(Trees.request(streaming), ContentType.APPLICATION_JSON));
        return post;
    }

    @Override
    public void ask(Answer answer) throws IOException {
        byte[] json = client.execute(post(false), response -> {
            checkStatus(response);
            return EntityUtils.toByteArray(response.getEntity());
        });
        Trees.answer(json, answer);
    }

    @Override
    public void stream(Pieces pieces) throws IOException {
        HttpPost post = post(true);
        pieces.opened(post::cancel);
        try {
            client.execute(post, response -> {
                checkStatus(response);
                BufferedReader lines = new BufferedReader(
                        new InputStreamReader(response.getEntity().getContent(), StandardCharsets.UTF_8));
                String line = lines.readLine();
                while (line != null && Trees.line(line, pieces)) {
                    line = lines.readLine();
                }
                return null;
            });
        } catch (IOException failed) {
            if (!post.isCancelled()) {
                throw failed;
            }
        }
    }

    private static void checkStatus(ClassicHttpResponse response) throws IOException {
        if (response.getCode() != 200) {
            throw new IOException("status " + response.getCode());
        }
    }

    @Override
    public void close() throws IOException {
        client.close();
    }
}
