package io.bactrian.model.http;

import io.bactrian.core.credential.CredentialValue;
import io.bactrian.core.credential.Credentials;
import io.bactrian.core.credential.Secret;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Makes a sentence of a server fit to be shown: without the credentials it was called with, without anything that looks
 * like a key or an address, on one line, bounded. Servers do echo keys (and proxies, whole requests).
 */
final class Redactor {

    private static final int LONGEST = 300;
    private static final int SHORTEST_SECRET = 4;
    private static final String GONE = "[redacted]";

    private static final Pattern URL = Pattern.compile("(?i)\\b[a-z][a-z0-9+.-]{1,20}://[^\\s\"'<>]+");
    private static final Pattern SCHEME =
            Pattern.compile("(?i)\\bbearer\\s+[^\\s\"',;]{4,}|\\b(basic|token)\\s+[A-Za-z0-9._~+/=-]{16,}");
    private static final Pattern KEY = Pattern.compile(
            "(?i)\\b(sk|pk|rk|gsk|xai|api[_-]?key|pplx|hf|nvapi|aiza|eyj)" + "[-_=:]{0,2}[A-Za-z0-9*._\\-]{8,}");
    // letters and digits in one long run, as in keys, tokens and hashes; names of models have their runs parted
    private static final Pattern LONG_RUN = Pattern.compile("(?=[A-Za-z]*[0-9])(?=[0-9]*[A-Za-z])[A-Za-z0-9_+/=]{20,}");
    private static final Pattern UUID = Pattern.compile("(?i)[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}");
    private static final Pattern CONTROLS = Pattern.compile("[\\p{Cntrl}\\p{Cf}\\p{Zl}\\p{Zp}\\s]+");

    private final List<Secret> secrets;

    private Redactor(List<Secret> secrets) {
        this.secrets = secrets;
    }

    static Redactor of(Credentials credentials) {
        List<Secret> secrets = new ArrayList<>();
        for (Map.Entry<String, CredentialValue> entry : credentials.values().entrySet()) {
            if (entry.getValue() instanceof CredentialValue.Hidden hidden) {
                secrets.add(hidden.secret());
            } else if ("api_key".equals(entry.getKey())
                    && !entry.getValue().shown().isEmpty()) {
                secrets.add(Secret.of(entry.getValue().shown()));
            }
        }
        AuthHeaders.extra(credentials).values().forEach(value -> secrets.add(Secret.of(value)));
        // the longest first: one secret may hold another
        secrets.sort(Comparator.comparingInt((Secret secret) -> secret.reveal().length())
                .reversed());
        return new Redactor(List.copyOf(secrets));
    }

    /** The sentence as it may be shown; empty if nothing is left. */
    String shown(String text) {
        String clean = text;
        for (Secret secret : secrets) {
            if (secret.reveal().length() >= SHORTEST_SECRET) {
                clean = clean.replace(secret.reveal(), GONE);
            }
        }
        clean = CONTROLS.matcher(clean).replaceAll(" ");
        clean = URL.matcher(clean).replaceAll("[address]");
        clean = SCHEME.matcher(clean).replaceAll(GONE);
        clean = KEY.matcher(clean).replaceAll(GONE);
        clean = LONG_RUN.matcher(clean).replaceAll(GONE);
        clean = UUID.matcher(clean).replaceAll(GONE);
        clean = clean.strip();
        return clean.length() <= LONGEST ? clean : cut(clean) + "…";
    }

    /** Whether the text holds one of the credentials. */
    boolean holdsSecret(String text) {
        return secrets.stream().anyMatch(secret -> text.contains(secret.reveal()));
    }

    private static String cut(String text) {
        boolean inPair = Character.isHighSurrogate(text.charAt(LONGEST - 1));
        return text.substring(0, inPair ? LONGEST - 1 : LONGEST);
    }
}
