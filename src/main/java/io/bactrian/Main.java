package io.bactrian;

import io.bactrian.cli.CommandLineTool;
import io.bactrian.cli.ProcessTerminal;
import io.bactrian.server.Home;
import java.security.Security;
import java.util.Arrays;

/** The entry point of the runnable: {@code java -jar bactrian-VERSION.jar COMMAND}. */
public final class Main {

    private Main() {}

    /**
     * Runs a command and ends the process: 0 when it is done, 1 when it was refused or failed, 2 when it was called wrong.
     *
     * @param arguments the command and its arguments
     */
    public static void main(String[] arguments) {
        boolean serves = Arrays.asList(arguments).contains("run");
        logging(serves);
        // the platform remembers for ten seconds that a name was not found; a provider is back sooner than that (UP-12)
        Security.setProperty("networkaddress.cache.negative.ttl", "5");
        int code = new CommandLineTool(Home.ofProcess(), new ProcessTerminal(), System::getenv).run(arguments);
        if (code != 0 || !serves) {
            System.exit(code);
        }
    }

    // before the first logger is made; the environment of whoever starts us goes first
    private static void logging(boolean serves) {
        defaultProperty("org.slf4j.simpleLogger.defaultLogLevel", serves ? "info" : "error");
        defaultProperty("org.slf4j.simpleLogger.showDateTime", Boolean.toString(serves));
        defaultProperty("org.slf4j.simpleLogger.dateTimeFormat", "yyyy-MM-dd'T'HH:mm:ss.SSSXXX");
        defaultProperty("org.slf4j.simpleLogger.showThreadName", "false");
        defaultProperty("org.slf4j.simpleLogger.showShortLogName", "true");
        // its wire log would hold credentials (LOG-04)
        defaultProperty("org.slf4j.simpleLogger.log.org.apache.hc", "warn");
        defaultProperty("org.slf4j.simpleLogger.log.org.flywaydb", "warn");
        defaultProperty("org.slf4j.simpleLogger.log.com.zaxxer", "error");
        defaultProperty("org.slf4j.simpleLogger.log.ai.djl", "warn");
        defaultProperty("org.slf4j.simpleLogger.log.org.apache.camel.main", "warn");
        defaultProperty("org.slf4j.simpleLogger.log.org.apache.camel.openapi", "warn");
        defaultProperty("org.slf4j.simpleLogger.log.org.apache.camel.component.platform.http.main", "warn");
    }

    private static void defaultProperty(String name, String value) {
        if (System.getProperty(name) == null) {
            System.setProperty(name, value);
        }
    }
}
