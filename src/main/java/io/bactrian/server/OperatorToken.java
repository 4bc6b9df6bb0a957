package io.bactrian.server;

import io.bactrian.core.credential.Secret;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.ErrorDetails;
import io.bactrian.core.error.MisconfiguredException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.EnumSet;
import java.util.Set;

/**
 * The operator's token: 256 random bits in a file that only its owner can read, made at the first run. It opens the
 * management port from other machines. It is never a tenant's API key and opens no tenant's route.
 */
final class OperatorToken {

    static final String PREFIX = "bop_";

    private static final Set<PosixFilePermission> OWNER_ONLY =
            EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
    private static final int BYTES = 32;

    private OperatorToken() {}

    /**
     * The token in that data folder; made if there is none.
     *
     * @throws MisconfiguredException if others can read the file, or it cannot be read or made
     */
    static Secret in(Path dataFolder, SecureRandom random) {
        Path file = dataFolder.resolve("keys").resolve("operator.token");
        try {
            Files.createDirectories(file.getParent());
            make(file, random);
            boolean posix = Files.getFileStore(file).supportsFileAttributeView("posix");
            if (posix && !OWNER_ONLY.containsAll(Files.getPosixFilePermissions(file))) {
                throw new MisconfiguredException(
                        ErrorCode.MISCONFIGURED,
                        "others can read the operator's token: chmod 600 " + file.getFileName()
                                + ", or delete it and start again for a new one");
            }
            String token = Files.readString(file).strip();
            if (!token.startsWith(PREFIX) || token.length() < PREFIX.length() + BYTES) {
                throw new MisconfiguredException(
                        ErrorCode.MISCONFIGURED,
                        "the file " + file.getFileName() + " holds no operator's token: delete it for a new one");
            }
            return Secret.of(token);
        } catch (IOException e) {
            throw new MisconfiguredException(
                    ErrorCode.MISCONFIGURED,
                    "the operator's token cannot be read or made in the data folder ("
                            + e.getClass().getSimpleName() + "): see $BACTRIAN_HOME and its permissions",
                    ErrorDetails.NONE,
                    e);
        }
    }

    private static void make(Path file, SecureRandom random) throws IOException {
        if (Files.exists(file)) {
            return;
        }
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        String token = PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes) + "\n";
        boolean posix = Files.getFileStore(file.getParent()).supportsFileAttributeView("posix");
        FileAttribute<?>[] attributes = posix
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER_ONLY)}
                : new FileAttribute<?>[0];
        try (var out = Files.newByteChannel(
                file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), attributes)) {
            out.write(StandardCharsets.US_ASCII.encode(token));
        } catch (FileAlreadyExistsException e) {
            // another start was quicker, and its token holds
        }
    }
}
