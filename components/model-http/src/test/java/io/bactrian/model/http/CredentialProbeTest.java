package io.bactrian.model.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.bactrian.core.credential.CredentialValue;
import io.bactrian.core.credential.Credentials;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.InvokeException;
import io.bactrian.core.tenant.Deadline;
import io.bactrian.testkit.RecordedRequest;
import io.bactrian.testkit.Reply;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CredentialProbeTest {

    private static final String ANSWER =
            "{\"choices\":[{\"message\":{\"content\":\"Hi\"},\"finish_reason\":\"stop\"}]}";

    private final Fixture fixture = new Fixture();

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void acceptsACredentialThatListsTheModels() {
        fixture.server.enqueue(Reply.json(200, "{\"object\":\"list\",\"data\":[]}"));

        validate("openai", fixture.credentials());

        RecordedRequest request = fixture.server.takeRequest(Fixture.SOON);
        assertThat(request.method()).isEqualTo("GET");
        assertThat(request.target()).isEqualTo("/v1/models");
        assertThat(request.header("authorization")).contains("Bearer " + fixture.key);
    }

    @Test
    void asksALittleWhereThereIsNoList() {
        fixture.server.enqueue(Reply.status(404), Reply.json(200, ANSWER));

        validate("openai", fixture.credentials());

        fixture.server.takeRequest(Fixture.SOON);
        RecordedRequest question = fixture.server.takeRequest(Fixture.SOON);
        assertThat(question.target()).isEqualTo("/v1/chat/completions");
        assertThat(question.bodyText()).contains("\"max_completion_tokens\":1");
    }

    @Test
    void asksTheNamedModelWhereTheListIsOpenToAnybody() {
        fixture.server.enqueue(Reply.json(200, ANSWER));
        Credentials credentials = fixture.credentials()
                .with("validate_with", new CredentialValue.Text("chat"))
                .with("validate_model", new CredentialValue.Text("llama3.2"));

        validate("openai-compatible", credentials);

        assertThat(fixture.server.takeRequest(Fixture.SOON).bodyText()).contains("\"model\":\"llama3.2\"");
    }

    @Test
    void acceptsAServerThatComplainsOfTheQuestionOnly() {
        fixture.server.enqueue(Reply.status(404), Reply.json(404, "{\"error\":{\"message\":\"model not found\"}}"));

        assertThatCode(() -> validate("openai-compatible", fixture.credentials()))
                .doesNotThrowAnyException();
    }

    @Test
    void refusesAModelThatIsNotThere() {
        fixture.server.enqueue(Reply.status(404), Reply.json(404, "{\"error\":{\"message\":\"model not found\"}}"));
        Credentials credentials = fixture.credentials().with("validate_model", new CredentialValue.Text("gone"));

        assertThat(failure("openai-compatible", credentials))
                .hasMessageContaining("validate_model")
                .hasMessageContaining("gone");
    }

    @Test
    void saysWhyACredentialIsRefused() {
        fixture.server.enqueue(
                Reply.json(401, "{\"error\":{\"message\":\"Incorrect API key: " + fixture.key + "\"}}"),
                Reply.json(403, "{}"),
                Reply.status(503),
                Reply.body(200, "text/html", "<html>".getBytes(StandardCharsets.UTF_8)));

        InvokeException unauthorized = failure("openai", fixture.credentials());
        assertThat(unauthorized.code()).isEqualTo(ErrorCode.AUTHORIZATION_ERROR);
        fixture.canaries.assertNowhereIn(unauthorized);
        assertThat(failure("openai", fixture.credentials()).code()).isEqualTo(ErrorCode.PERMISSION_DENIED);
        assertThat(failure("openai", fixture.credentials()).code()).isEqualTo(ErrorCode.OVERLOADED);
        assertThat(failure("openai", fixture.credentials())).hasMessageContaining("base_url");
    }

    @Test
    void saysThatTheBaseUrlLeadsNowhere() {
        fixture.server.enqueue(Reply.status(404), Reply.status(404));

        assertThat(failure("openai", fixture.credentials())).hasMessageContaining("base_url");
    }

    private InvokeException failure(String provider, Credentials credentials) {
        return catchThrowableOfType(InvokeException.class, () -> validate(provider, credentials));
    }

    private void validate(String provider, Credentials credentials) {
        fixture.dialect.validate(Fixture.provider(provider), credentials, Deadline.in(Fixture.SOON));
    }
}
