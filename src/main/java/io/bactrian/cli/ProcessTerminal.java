package io.bactrian.cli;

import java.io.BufferedReader;
import java.io.Console;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The terminal of this process, in UTF-8. */
public final class ProcessTerminal implements Terminal {

    private final PrintWriter out = writer(FileDescriptor.out);
    private final PrintWriter err = writer(FileDescriptor.err);
    private final @Nullable Console console = System.console();
    private final BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));

    private static PrintWriter writer(FileDescriptor descriptor) {
        return new PrintWriter(new OutputStreamWriter(new FileOutputStream(descriptor), StandardCharsets.UTF_8), true);
    }

    @Override
    public PrintWriter out() {
        return out;
    }

    @Override
    public PrintWriter err() {
        return err;
    }

    @Override
    public boolean interactive() {
        return console != null;
    }

    @Override
    public String askSecret(String prompt) throws IOException {
        if (console == null) {
            throw new IOException("there is nobody to ask");
        }
        char[] typed = console.readPassword("%s: ", prompt);
        return typed == null ? "" : new String(typed);
    }

    @Override
    public Optional<String> readLine() throws IOException {
        return Optional.ofNullable(in.readLine());
    }
}
