package io.bactrian.cli;

import io.bactrian.core.config.BalancingStrategy;
import io.bactrian.core.config.ModelFallback;
import io.bactrian.core.credential.CredentialName;
import io.bactrian.core.error.InvokeException;
import io.bactrian.core.file.FileId;
import io.bactrian.core.manage.BalancingPlan;
import io.bactrian.core.manage.BalancingText;
import io.bactrian.core.provider.ModelType;
import io.bactrian.core.provider.ProviderId;
import io.bactrian.core.tenant.AppId;
import io.bactrian.core.tenant.Role;
import io.bactrian.core.tenant.TenantId;
import io.bactrian.core.tenant.UserId;
import io.bactrian.core.tool.ToolProviderName;
import io.bactrian.core.usage.UsageDimension;
import io.bactrian.server.Home;
import java.time.Duration;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command line as a whole: parses, runs, and turns errors into a line and an exit code. */
public final class CommandLineTool {

    /** The command did what it was to do. */
    static final int DONE = 0;

    /** The command was refused, or failed. */
    static final int FAILED = 1;

    /** The command was called wrong. */
    static final int USAGE = 2;

    private static final int LONG_VALUE = 12;

    // nothing needs no unit
    private static final Pattern TIME = Pattern.compile("(\\d{1,6})([smhd])|0");

    private static final Logger LOG = LoggerFactory.getLogger(CommandLineTool.class);

    private final Home home;
    private final Terminal terminal;
    private final Environment environment;

    /** Looks variables of the process up. */
    @FunctionalInterface
    public interface Environment {
        /** The variable's value; null if it is not set. */
        @Nullable
        String get(String name);
    }

    /**
     * @param home the installation
     * @param terminal what commands talk to
     * @param environment the process's environment
     */
    public CommandLineTool(Home home, Terminal terminal, Environment environment) {
        this.home = home;
        this.terminal = terminal;
        this.environment = environment;
    }

    /** Runs a command: 0 when it is done, 1 when it was refused or failed, 2 when it was called wrong. */
    public int run(String... arguments) {
        CommandLine line = new CommandLine(new RootCommand(new Session(home, terminal, environment)));
        RootCommand.commands(arguments).forEach(line::addSubcommand);
        converters(line);
        line.setOut(terminal.out());
        line.setErr(terminal.err());
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setUsageHelpAutoWidth(false);
        line.setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF));
        line.setParameterExceptionHandler(this::usage);
        line.setExecutionExceptionHandler((failure, command, result) -> failed(failure));
        int code = line.execute(arguments);
        terminal.out().flush();
        terminal.err().flush();
        return code;
    }

    private static void converters(CommandLine line) {
        line.registerConverter(TenantId.class, id(TenantId::new));
        line.registerConverter(UserId.class, id(UserId::new));
        line.registerConverter(AppId.class, id(AppId::new));
        line.registerConverter(ProviderId.class, id(ProviderId::new));
        line.registerConverter(CredentialName.class, id(CredentialName::new));
        line.registerConverter(ModelType.class, oneOf(ModelType::of, "llm, text-embedding"));
        line.registerConverter(Role.class, oneOf(Role::of, "owner, admin, editor, normal, dataset_operator"));
        line.registerConverter(ModelName.class, id(ModelName::parse));
        line.registerConverter(
                BalancingStrategy.class, oneOf(BalancingStrategy::of, "round_robin, weighted, power_of_two"));
        line.registerConverter(BalancingPlan.Entry.class, id(BalancingText::credential));
        line.registerConverter(ModelFallback.class, id(BalanceCommand::fallback));
        line.registerConverter(ToolProviderName.class, id(ToolProviderName::parse));
        line.registerConverter(FileId.class, id(FileId::new));
        line.registerConverter(Duration.class, CommandLineTool::duration);
        line.registerConverter(LocalDate.class, CommandLineTool::date);
        line.registerConverter(
                UsageDimension.class,
                oneOf(
                        text -> Arrays.stream(UsageDimension.values())
                                .filter(by -> by.name().equalsIgnoreCase(text))
                                .findFirst(),
                        "model, app, user, day"));
    }

    private static <T> ITypeConverter<T> id(Function<String, T> constructor) {
        return text -> {
            try {
                return constructor.apply(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(String.valueOf(e.getMessage()));
            }
        };
    }

    private static <T> ITypeConverter<T> oneOf(Function<String, Optional<T>> lookup, String choices) {
        return text -> lookup.apply(text).orElseThrow(() -> new TypeConversionException("one of " + choices));
    }

    private static LocalDate date(String text) {
        try {
            return LocalDate.parse(text);
        } catch (DateTimeParseException e) {
            throw new TypeConversionException("a day such as 2026-01-31");
        }
    }

    private static Duration duration(String text) {
        Matcher time = TIME.matcher(text);
        if (!time.matches()) {
            throw new TypeConversionException("a time such as 30s, 15m, 24h or 7d");
        }
        if (time.group(1) == null) {
            return Duration.ZERO;
        }
        long amount = Long.parseLong(time.group(1));
        return switch (time.group(2)) {
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            case "h" -> Duration.ofHours(amount);
            default -> Duration.ofDays(amount);
        };
    }

    private int usage(ParameterException failure, String[] given) {
        String message = failure instanceof UnmatchedArgumentException unmatched
                ? unmatched.getUnmatched().stream()
                        .map(withoutValue())
                        .collect(Collectors.joining(", ", "unknown: ", ""))
                : withoutLongValues(String.valueOf(failure.getMessage()), given);
        terminal.err().println("usage: " + message);
        terminal.err()
                .println("try: ./" + failure.getCommandLine().getCommandSpec().qualifiedName() + " --help");
        return USAGE;
    }

    // what is long may be a secret in a place where none belongs: it is not repeated
    private static String withoutLongValues(String message, String[] given) {
        String shown = message;
        for (String argument : given) {
            String value = argument.substring(argument.indexOf('=') + 1);
            for (String part : new String[] {argument, value}) {
                if (part.length() >= LONG_VALUE && !part.startsWith("--")) {
                    shown = shown.replace(part, "…");
                }
            }
        }
        return shown;
    }

    // an argument that nobody expected may be a secret as well
    private static UnaryOperator<String> withoutValue() {
        return argument -> {
            if (!argument.startsWith("-")) {
                return "an argument too many";
            }
            int equals = argument.indexOf('=');
            return equals < 0 ? argument : argument.substring(0, equals) + "=…";
        };
    }

    private int failed(Exception failure) {
        if (failure instanceof InvokeException known) {
            terminal.err().println(known.code().text() + ": " + known.getMessage());
            return FAILED;
        }
        LOG.debug("the command failed", failure);
        terminal.err()
                .println("internal_error: " + failure.getClass().getSimpleName()
                        + "; run again with BACTRIAN_OPTS=-Dorg.slf4j.simpleLogger.defaultLogLevel=debug to see where");
        return FAILED;
    }
}
