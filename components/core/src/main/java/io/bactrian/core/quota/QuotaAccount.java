package io.bactrian.core.quota;

import io.bactrian.core.provider.ProviderId;
import io.bactrian.core.tenant.AppId;
import io.bactrian.core.tenant.TenantId;
import org.jspecify.annotations.Nullable;

/** Whose use is limited, and of what. */
public sealed interface QuotaAccount {

    /** The tenant whose use it is. */
    TenantId tenant();

    /** What tells it from the tenant's other accounts; the same text names the same account for ever. */
    String key();

    /** What a person is told. */
    String describe();

    /**
     * A tenant's use of a provider that the operator pays for.
     *
     * @param tenant the tenant
     * @param provider the provider
     * @param entry the name of the operator's entry for it
     * @param quotaType {@code paid}, {@code free} or {@code trial}
     */
    record Hosted(TenantId tenant, ProviderId provider, String entry, String quotaType) implements QuotaAccount {

        // the entry, which may hold any character, is last: no two accounts are written alike
        @Override
        public String key() {
            return "hosted:" + provider + ":" + quotaType + ":" + entry;
        }

        @Override
        public String describe() {
            return "the " + quotaType + " quota of tenant '" + tenant + "' at '" + provider + "' (hosted entry '"
                    + entry + "')";
        }
    }

    /**
     * What a tenant, or one of its apps, may spend.
     *
     * @param tenant the tenant
     * @param app the app; null for all of the tenant's together, or for calls without one
     * @param name the budget's name
     */
    record Budget(TenantId tenant, @Nullable AppId app, String name) implements QuotaAccount {

        private static final int LONGEST = 63;

        /** @throws IllegalArgumentException unless the name is 1 to 63 letters, digits, dashes and underscores */
        public Budget {
            if (!isName(name)) {
                throw new IllegalArgumentException("a budget is named by 1 to 63 letters, digits, '-' and '_'");
            }
        }

        // by hand: there is one for every call and budget
        private static boolean isName(String name) {
            for (int i = 0; i < name.length(); i++) {
                char c = name.charAt(i);
                boolean letterOrDigit = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
                if (!letterOrDigit && (i == 0 || c != '-' && c != '_')) {
                    return false;
                }
            }
            return !name.isEmpty() && name.length() <= LONGEST;
        }

        @Override
        public String key() {
            return app == null ? "budget:" + name : "budget:" + name + ":" + app.value();
        }

        @Override
        public String describe() {
            return "budget '" + name + "' of tenant '" + tenant + "'" + (app == null ? "" : ", app '" + app + "'");
        }
    }
}
