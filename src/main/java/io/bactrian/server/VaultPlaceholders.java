package io.bactrian.server;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.ErrorDetails;
import io.bactrian.core.error.InvokeException;
import io.bactrian.core.error.MisconfiguredException;
import java.util.Map;
import java.util.Properties;
import java.util.function.UnaryOperator;
import org.apache.camel.main.Main;
import org.jspecify.annotations.Nullable;

/**
 * Replaces placeholders such as {@code {{aws:NAME}}} as the server does, for commands: by the vaults of {@code camel.vault.*},
 * whose Camel components are on the class path. The Camel context that this takes is made at the first placeholder, as it
 * costs a second; it starts no route and listens nowhere.
 */
public final class VaultPlaceholders implements UnaryOperator<String>, AutoCloseable {

    private final Map<String, String> settings;
    private @Nullable Main main;

    /** @param settings by name, those of Camel's vaults among them */
    public VaultPlaceholders(Map<String, String> settings) {
        this.settings = Map.copyOf(settings);
    }

    /**
     * What a placeholder stands for.
     *
     * @throws MisconfiguredException if the vault cannot be set up or asked, or has nothing of that name
     */
    @Override
    public String apply(String placeholder) {
        try {
            return main().getCamelContext().resolvePropertyPlaceholders(placeholder);
        } catch (InvokeException e) {
            throw e;
        } catch (Exception e) {
            // the causes may quote what a vault has answered
            throw new MisconfiguredException(
                    ErrorCode.MISCONFIGURED,
                    "'" + name(placeholder) + "' is not to be had from the vault ("
                            + e.getClass().getSimpleName()
                            + "): check camel.vault.*, and that its Camel component is on the class path ($BACTRIAN_CLASSPATH)",
                    ErrorDetails.NONE,
                    e);
        }
    }

    /** Without a default, which may be a secret: {@code {{vault:name}}}. */
    private static String name(String placeholder) {
        String[] parts = placeholder.split(":", 3);
        return parts.length < 3 ? placeholder : parts[0] + ":" + parts[1] + ":…}}";
    }

    private Main main() throws Exception {
        Main running = main;
        if (running == null) {
            running = new Main();
            main = running;
            running.setDefaultPropertyPlaceholderLocation("false");
            running.configure().withRoutesIncludePattern("false");
            running.setInitialProperties(vaults());
            running.init();
        }
        return running;
    }

    private Properties vaults() {
        Properties vaults = new Properties();
        settings.forEach((name, value) -> {
            if (name.startsWith("camel.vault.")) {
                vaults.setProperty(name, value);
            }
        });
        vaults.setProperty("camel.main.jmxEnabled", "false");
        return vaults;
    }

    @Override
    public void close() {
        if (main != null) {
            main.stop();
        }
    }
}
