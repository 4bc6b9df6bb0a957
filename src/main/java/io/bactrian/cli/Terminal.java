package io.bactrian.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.Optional;

/** What a command talks to: two outputs, and whoever types. */
public interface Terminal {

    /** Where results go. */
    PrintWriter out();

    /** Where errors and prompts go. */
    PrintWriter err();

    /** Whether a person sits there and can be asked. */
    boolean interactive();

    /** Asks a person for a value that nobody may look at; not shown while it is typed. */
    String askSecret(String prompt) throws IOException;

    /** The next line of standard input; empty at its end. */
    Optional<String> readLine() throws IOException;
}
