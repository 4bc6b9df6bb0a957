package io.bactrian.core.invoke;

import static io.bactrian.core.invoke.Fixtures.ACME;
import static io.bactrian.core.invoke.Fixtures.BETA;
import static io.bactrian.core.invoke.Fixtures.GPT;
import static io.bactrian.core.invoke.Fixtures.OPENAI;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bactrian.core.access.Scopes;
import io.bactrian.core.config.ApiKeyRecord;
import io.bactrian.core.config.MemberRecord;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.RefusedException;
import io.bactrian.core.model.LlmRequest;
import io.bactrian.core.provider.ModelType;
import io.bactrian.core.tenant.ApiKeyId;
import io.bactrian.core.tenant.CallPath;
import io.bactrian.core.tenant.Caller;
import io.bactrian.core.tenant.Deadline;
import io.bactrian.core.tenant.InvokeSource;
import io.bactrian.core.tenant.RequestId;
import io.bactrian.core.tenant.Role;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tenant.UserId;
import io.bactrian.core.tool.ToolAddress;
import io.bactrian.core.tool.ToolProviderType;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class AccessInterceptorTest {

    private static final InvocationTarget TIME =
            new InvocationTarget.Tool(new ToolAddress(ToolProviderType.BUILTIN, "time", "now"), null);
    private static final UserId ANN = new UserId("ann");
    private static final ApiKeyId KEY = new ApiKeyId("ak_1");

    private final Fixtures world = new Fixtures();
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");

    private static InvocationTarget model(ModelType type) {
        return InvocationTarget.Model.of(OPENAI, "gpt-4o", type);
    }

    private void member(UserId user, Role role) {
        world.store.putMember(ACME, new MemberRecord(user, role));
    }

    private void key(@Nullable UserId user, Role role, String... scopes) {
        key(user, role, null, scopes);
    }

    private void key(@Nullable UserId user, Role role, @Nullable Instant expiresAt, String... scopes) {
        world.store.addApiKey(
                new ApiKeyRecord(
                        KEY.value(),
                        ACME,
                        "test",
                        user,
                        null,
                        role,
                        Scopes.of(List.of(scopes)),
                        "operator",
                        now,
                        expiresAt,
                        null),
                "a".repeat(64));
    }

    private static Caller caller(@Nullable UserId user, @Nullable ApiKeyId key) {
        return caller(ACME, user, key);
    }

    private static Caller caller(TenantId tenant, @Nullable UserId user, @Nullable ApiKeyId key) {
        return new Caller(
                tenant,
                user,
                null,
                null,
                InvokeSource.ROUTE,
                0,
                new RequestId("r-1"),
                Deadline.in(Duration.ofSeconds(30)),
                CallPath.NONE,
                key);
    }

    /** The caller as the call goes on with it. */
    private Caller admitted(Caller caller, InvocationTarget target) {
        List<Caller> passed = new ArrayList<>();
        AccessInterceptor access = new AccessInterceptor(world.store, List.of(), Clock.fixed(now, ZoneOffset.UTC));
        Invocation call = Invocation.of(Fixtures.claim(ACME), target, LlmRequest.ofText("hi"))
                .withCaller(caller);
        assertThatThrownBy(() -> access.intercept(call, new Interceptor.Next() {
                    @Override
                    public InvocationReply proceed(Invocation invocation) {
                        passed.add(invocation.caller());
                        throw new PassedOn();
                    }

                    @Override
                    public InvocationReply reenter(Invocation invocation) {
                        throw new AssertionError("access sends nothing elsewhere");
                    }
                }))
                .satisfies(e -> {
                    if (e instanceof RefusedException refused) {
                        throw refused;
                    }
                })
                .isInstanceOf(PassedOn.class);
        return passed.get(0);
    }

    private static final class PassedOn extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    private void denied(Caller caller, InvocationTarget target, String... words) {
        assertThatThrownBy(() -> admitted(caller, target)).isInstanceOfSatisfying(RefusedException.class, e -> {
            assertThat(e.code()).isEqualTo(ErrorCode.ACCESS_DENIED);
            assertThat(e.getMessage()).contains(words);
        });
    }

    @Test
    void letsCallsOfARoutesOwnThroughAsTheyAre() {
        member(ANN, Role.OWNER);
        Caller route = caller(null, null);

        assertThat(admitted(route, GPT)).isSameAs(route);
        assertThat(admitted(route, TIME)).isSameAs(route);
    }

    @ParameterizedTest
    @CsvSource({
        "llm, normal",
        "tts, normal",
        "speech2text, normal",
        "moderation, normal",
        "text-embedding, dataset_operator",
        "rerank, dataset_operator"
    })
    void theTypeOfTheModelDecidesWhatItTakes(String type, String least) {
        InvocationTarget target = model(ModelType.of(type).orElseThrow());
        for (Role role : Role.values()) {
            member(ANN, role);
            if (role.covers(Role.of(least).orElseThrow())) {
                assertThat(admitted(caller(ANN, null), target).role()).isEqualTo(role);
            } else {
                denied(caller(ANN, null), target, role.text(), "model.invoke");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    void toolsTakeTheSameAsModels(Role role) {
        member(ANN, role);
        if (role == Role.DATASET_OPERATOR) {
            denied(caller(ANN, null), TIME, "tool.invoke");
        } else {
            assertThat(admitted(caller(ANN, null), TIME).role()).isEqualTo(role);
        }
    }

    @Test
    void refusesWhoIsNoMember() {
        member(ANN, Role.OWNER);

        denied(caller(new UserId("mallory"), null), GPT, "not a member");
    }

    @Test
    void aKeyActsWithTheLesserOfItsRoleAndItsMembers() {
        member(ANN, Role.ADMIN);
        key(ANN, Role.EDITOR, "models");
        assertThat(admitted(caller(ANN, KEY), GPT).role()).isEqualTo(Role.EDITOR);

        member(ANN, Role.NORMAL);
        assertThat(admitted(caller(ANN, KEY), GPT).role()).isEqualTo(Role.NORMAL);

        member(ANN, Role.DATASET_OPERATOR);
        denied(caller(ANN, KEY), GPT, "dataset_operator");
        assertThat(admitted(caller(ANN, KEY), model(ModelType.RERANK)).role()).isEqualTo(Role.DATASET_OPERATOR);
    }

    @Test
    void aKeyIsOfNoUseOnceItsMemberHasLeftAlsoToCallsThatLostTheirUser() {
        member(new UserId("olga"), Role.OWNER);
        member(ANN, Role.NORMAL);
        key(ANN, Role.NORMAL, "models");
        assertThat(admitted(caller(null, KEY), GPT).role()).isEqualTo(Role.NORMAL);

        world.store.removeMember(ACME, ANN);

        denied(caller(ANN, KEY), GPT, "not a member");
        denied(caller(null, KEY), GPT, "not a member");
    }

    @Test
    void aUserBehindAKeyOfNobodyInParticularDoesNotActByMoreThanTheKey() {
        member(ANN, Role.OWNER);
        key(null, Role.DATASET_OPERATOR, "models");

        denied(caller(ANN, KEY), GPT, "dataset_operator");
    }

    @Test
    void aWithdrawnKeyStopsCallsThatAreOnTheirWay() {
        key(null, Role.NORMAL, "models");
        assertThat(admitted(caller(null, KEY), GPT).role()).isEqualTo(Role.NORMAL);

        world.store.revokeApiKey(ACME, KEY.value());

        denied(caller(null, KEY), GPT, "withdrawn");
    }

    @Test
    void anExpiredKeyStopsCallsThatAreOnTheirWay() {
        key(null, Role.NORMAL, now.plusSeconds(60), "models");
        assertThat(admitted(caller(null, KEY), GPT).role()).isEqualTo(Role.NORMAL);

        now = now.plusSeconds(60);

        denied(caller(null, KEY), GPT, "expired");
    }

    @Test
    void aKeyIsNoneInAnotherTenant() {
        key(null, Role.OWNER, "models", "tools", "admin:write");

        denied(caller(BETA, null, KEY), GPT, "not in force in tenant 'beta'");
        denied(caller(null, new ApiKeyId("ak_never_was")), GPT, "not in force");
    }

    @Test
    void aKeyIsHeldToItsScopes() {
        key(null, Role.NORMAL, "models:openai/gpt-*", "tools:time/*");

        assertThat(admitted(caller(null, KEY), GPT).role()).isEqualTo(Role.NORMAL);
        assertThat(admitted(caller(null, KEY), TIME).role()).isEqualTo(Role.NORMAL);
        denied(
                caller(null, KEY),
                InvocationTarget.Model.of(OPENAI, "o3", ModelType.LLM),
                "openai/o3",
                "use another, or a key with the scope models:openai/o3");
        denied(
                caller(null, KEY),
                new InvocationTarget.Tool(new ToolAddress(ToolProviderType.BUILTIN, "mail", "send"), null),
                "the tool tool-builtin:mail/send",
                "tools:mail/send");
    }

    @Test
    void aKeyForTheConfigurationCallsNothing() {
        key(null, Role.OWNER, "admin:write");

        denied(caller(null, KEY), GPT, "admin:write");
        denied(caller(null, KEY), TIME, "admin:write");
    }
}
