package io.bactrian.store;

import io.bactrian.core.config.CredentialScope;
import io.bactrian.core.credential.CredentialId;
import io.bactrian.core.tenant.AppId;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tenant.UserId;
import io.bactrian.core.tool.Approval;
import io.bactrian.core.tool.ToolCredentialType;
import io.bactrian.core.tool.ToolProviderName;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/**
 * What an encrypted value is bound to. There is no encryption here without it (CRED-06), and it is a type of its own
 * rather than bytes, so that nobody passes none, or somebody else's.
 */
sealed interface AssociatedData {

    /** Goes up when the fields or their order change. */
    int FORMAT = 1;

    /** What the value is for: keeps a value of one kind from being taken for one of another. */
    String purpose();

    /** What else it is bound to, in a fixed order. */
    List<String> fields();

    /**
     * The bytes: the format, then the purpose and each field behind its length in UTF-8 bytes, so that no two lists of
     * fields give the same bytes (CRED-13).
     */
    default byte[] encode() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(128);
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeInt(FORMAT);
            write(out, purpose());
            for (String field : fields()) {
                write(out, field);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static void write(DataOutputStream out, String field) throws IOException {
        byte[] text = field.getBytes(StandardCharsets.UTF_8);
        out.writeInt(text.length);
        out.write(text);
    }

    private static void required(String name, String value) {
        if (value.isEmpty()) {
            throw new IllegalArgumentException("associated data needs a " + name);
        }
    }

    /**
     * Of the values of a credential.
     *
     * @param tenant whose
     * @param provider of which provider
     * @param scope {@code provider}, or {@code model:} with type and name
     * @param record the credential's id
     * @param version the credential's version
     */
    record OfCredential(String tenant, String provider, String scope, String record, long version)
            implements AssociatedData {
        public OfCredential {
            required("tenant", tenant);
            required("provider", provider);
            required("scope", scope);
            required("record", record);
            if (version < 1) {
                throw new IllegalArgumentException("associated data needs a version from 1");
            }
        }

        static OfCredential of(TenantId tenant, CredentialScope scope, CredentialId id, long version) {
            // a type's text holds no colon, so the text is unambiguous whatever the model's name
            String text = scope instanceof CredentialScope.OfModel model
                    ? "model:" + model.type().text() + ":" + model.model()
                    : "provider";
            return new OfCredential(tenant.value(), scope.provider().value(), text, id.value(), version);
        }

        @Override
        public String purpose() {
            return "credential";
        }

        @Override
        public List<String> fields() {
            return List.of(tenant, provider, scope, record, Long.toString(version));
        }
    }

    /**
     * Of the values that a credential had before it was rotated. A purpose of its own, and the time in it: what was in
     * force once cannot be passed off as previous values, nor can their time be made longer (CRED-03).
     *
     * @param credential the credential, with the version that they go with: the one after theirs
     * @param until when they stop being valid, in microseconds since 1970
     */
    record OfPreviousCredential(OfCredential credential, long until) implements AssociatedData {

        static OfPreviousCredential of(OfCredential credential, Instant until) {
            return new OfPreviousCredential(credential, ChronoUnit.MICROS.between(Instant.EPOCH, until));
        }

        @Override
        public String purpose() {
            return "previous-credential";
        }

        @Override
        public List<String> fields() {
            List<String> fields = new ArrayList<>(credential.fields());
            fields.add(Long.toString(until));
            return List.copyOf(fields);
        }
    }

    /**
     * Of the values of a credential of a provider of tools. Whose calls may use it is in it: a row that was changed to serve
     * others does not open.
     *
     * @param tenant whose
     * @param provider of which provider
     * @param record the credential's id
     * @param version the credential's version
     * @param type how it opens the provider
     * @param user the one user whose calls may use it; empty for all of the tenant
     */
    record OfToolCredential(
            String tenant, ToolProviderName provider, String record, long version, ToolCredentialType type, String user)
            implements AssociatedData {
        public OfToolCredential {
            required("tenant", tenant);
            required("record", record);
            if (version < 1) {
                throw new IllegalArgumentException("associated data needs a version from 1");
            }
        }

        @Override
        public String purpose() {
            return "tool-credential";
        }

        @Override
        public List<String> fields() {
            return List.of(
                    tenant,
                    provider.type().text(),
                    provider.provider(),
                    record,
                    Long.toString(version),
                    type.text(),
                    user);
        }
    }

    /**
     * Of who a tenant is to a provider that is opened by OAuth 2.
     *
     * @param tenant which tenant
     * @param provider to which provider
     * @param record the row's id
     * @param version the row's version
     */
    record OfOAuthClient(String tenant, ToolProviderName provider, String record, long version)
            implements AssociatedData {
        public OfOAuthClient {
            required("tenant", tenant);
            required("record", record);
            if (version < 1) {
                throw new IllegalArgumentException("associated data needs a version from 1");
            }
        }

        @Override
        public String purpose() {
            return "oauth-client";
        }

        @Override
        public List<String> fields() {
            return List.of(tenant, provider.type().text(), provider.provider(), record, Long.toString(version));
        }
    }

    /**
     * Of what a person was sent to a provider with.
     *
     * @param tenant for which tenant
     * @param provider for which provider
     * @param user who they are; empty for the operator
     * @param record the hash of what they bring along
     * @param expiresAt when they have to be back, in microseconds since 1970
     */
    record OfOAuthState(String tenant, ToolProviderName provider, String user, String record, long expiresAt)
            implements AssociatedData {
        public OfOAuthState {
            required("tenant", tenant);
            required("record", record);
        }

        @Override
        public String purpose() {
            return "oauth-state";
        }

        @Override
        public List<String> fields() {
            return List.of(tenant, provider.type().text(), provider.provider(), user, record, Long.toString(expiresAt));
        }
    }

    /**
     * Of a tenant's data key.
     *
     * @param tenant whose
     * @param keyVersion which of the tenant's keys
     * @param rowVersion how often it has been wrapped
     */
    record OfDataKey(String tenant, int keyVersion, long rowVersion) implements AssociatedData {
        public OfDataKey {
            required("tenant", tenant);
            if (keyVersion < 1 || rowVersion < 1) {
                throw new IllegalArgumentException("associated data needs versions from 1");
            }
        }

        @Override
        public String purpose() {
            return "data-key";
        }

        @Override
        public List<String> fields() {
            return List.of(tenant, Integer.toString(keyVersion), Long.toString(rowVersion));
        }
    }

    /**
     * Of a part of an approval. All that says which call it is for is in it: an approval whose row was changed to be for
     * another tool, user or time does not open.
     *
     * @param part {@code arguments} or {@code continuation}
     * @param call which call it is for; its arguments are not part of it
     * @param record the approval's id
     * @param requestId the id of the call
     * @param expiresAt when it expires, in microseconds since 1970
     */
    record OfApproval(String part, OfCall call, String record, String requestId, long expiresAt)
            implements AssociatedData {

        static OfApproval of(String part, Approval approval) {
            return new OfApproval(
                    part,
                    OfCall.of(approval),
                    approval.id(),
                    approval.requestId(),
                    ChronoUnit.MICROS.between(Instant.EPOCH, approval.expiresAt()));
        }

        @Override
        public String purpose() {
            return "approval-" + part;
        }

        @Override
        public List<String> fields() {
            return List.of(
                    call.tenant(), call.user(), call.app(), call.tool(), record, requestId, Long.toString(expiresAt));
        }
    }

    /**
     * Not of a value: a call of a tool, from which its fingerprint is made.
     *
     * @param tenant whose
     * @param user who asks; empty for nobody in particular
     * @param app the application; empty for none
     * @param tool the tool's address
     * @param arguments the arguments as JSON text
     */
    record OfCall(String tenant, String user, String app, String tool, String arguments) implements AssociatedData {
        public OfCall {
            required("tenant", tenant);
            required("tool", tool);
        }

        static OfCall of(Approval approval) {
            UserId user = approval.user();
            AppId app = approval.app();
            return new OfCall(
                    approval.tenant().value(),
                    user == null ? "" : user.value(),
                    app == null ? "" : app.value(),
                    approval.tool(),
                    approval.arguments());
        }

        @Override
        public String purpose() {
            return "fingerprint-of-a-call";
        }

        @Override
        public List<String> fields() {
            return List.of(tenant, user, app, tool, arguments);
        }

        /** Names the call, and not what it is made with. */
        @Override
        public String toString() {
            return "OfCall[" + tenant + ", " + tool + "]";
        }
    }
}
