package io.bactrian.store;

import io.bactrian.core.config.CredentialScope;
import io.bactrian.core.credential.CredentialId;
import io.bactrian.core.tenant.TenantId;
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
}
