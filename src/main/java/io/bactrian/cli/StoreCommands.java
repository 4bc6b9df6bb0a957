package io.bactrian.cli;

import io.bactrian.store.StoreBackup;
import io.bactrian.store.StoreCheck;
import io.bactrian.store.StoreSettings;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code bactrian store}. */
@Command(
        name = "store",
        description = "The database that tenants' configuration is kept in.",
        synopsisSubcommandLabel = "COMMAND")
final class StoreCommands extends CommandGroup {

    @ParentCommand
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private RootCommand root;

    @Command(
            name = "check",
            description = {
                "Looks at database, schema, key, references, every credential and every file, and changes nothing.",
                "May run beside nodes that serve. Ends with 1 if something is wrong."
            })
    int check() {
        StoreCheck.Report report =
                StoreCheck.run(root.session.storeSettings(), root.session.filesFolder(), Clock.systemUTC());
        if (root.json) {
            Map<String, Object> shown = new LinkedHashMap<>();
            shown.put("whole", report.whole());
            shown.put(
                    "findings",
                    report.findings().stream().map(StoreCommands::shown).toList());
            root.session.printJson(shown);
        } else {
            Table table = new Table("what", "how", "found");
            report.findings()
                    .forEach(finding -> table.row(word(finding.subject()), word(finding.level()), finding.message()));
            table.print(root.session, false);
        }
        return report.whole() ? CommandLineTool.DONE : CommandLineTool.FAILED;
    }

    private static Map<String, Object> shown(StoreCheck.Finding finding) {
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("subject", word(finding.subject()));
        shown.put("level", word(finding.level()));
        shown.put("message", finding.message());
        return shown;
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    @Command(
            name = "backup",
            description = {
                "Writes a copy of the embedded database to a new file, also while it is in use.",
                "The key to it is not in the copy: keep that elsewhere. Nor are files: copy the files folder after it.",
                "For PostgreSQL use pg_dump."
            })
    int backup(@Parameters(paramLabel = "FILE", description = "The zip file to make.") Path file) {
        StoreSettings settings = root.session.storeSettings();
        StoreBackup.write(settings, file);
        if (!root.json) {
            root.session
                    .terminal()
                    .err()
                    .println("The key-encryption key is not in it. Without that nobody opens the credentials in it.\n"
                            + "Files are not in it either: now copy " + root.session.filesFolder() + " as it is.");
        }
        return done(root, "backup", file, "written");
    }
}
