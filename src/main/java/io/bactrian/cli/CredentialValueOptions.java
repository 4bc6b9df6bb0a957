package io.bactrian.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;

/** Where a credential's values come from. */
final class CredentialValueOptions {

    @Option(
            names = "--set",
            paramLabel = "FIELD=VALUE",
            description = "A value that is no secret, such as base_url=https://….")
    Map<String, String> plain = new LinkedHashMap<>();

    @Option(names = "--from-env", paramLabel = "FIELD=VARIABLE", description = "A value from an environment variable.")
    Map<String, String> variables = new LinkedHashMap<>();

    @Option(names = "--from-stdin", paramLabel = "FIELD", description = "A value from the next line of standard input.")
    List<String> lines = new ArrayList<>();
}
