package io.bactrian.model.local;

import ai.onnxruntime.OrtEnvironment;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * The native libraries of ONNX Runtime. Left to itself it unpacks them into the temporary folder at each start and
 * leaves the folder behind; here they are unpacked once.
 */
final class OnnxNatives {

    /** Its own setting for the folder with its libraries. */
    static final String FOLDER_PROPERTY = "onnxruntime.native.path";

    private static final List<String> LIBRARIES = List.of("onnxruntime", "onnxruntime4j_jni");

    private OnnxNatives() {}

    /**
     * Unpacks what is not there yet.
     *
     * @return the folder with the libraries; empty if the jar has none for this machine
     */
    static Optional<Path> unpack(Path parent) throws IOException {
        String platform = platform();
        if (!LIBRARIES.stream().allMatch(library -> isInJar(platform, library))) {
            return Optional.empty();
        }
        Path folder = parent.resolve(version() + '-' + platform);
        NativeFolder.createPrivate(folder);
        for (String library : LIBRARIES) {
            unpack(platform, library, folder);
        }
        return Optional.of(folder);
    }

    private static void unpack(String platform, String library, Path folder) throws IOException {
        Path target = folder.resolve(fileName(library));
        if (Files.exists(target)) {
            return;
        }
        Path unfinished = Files.createTempFile(folder, library, ".tmp");
        try {
            copy(resource(platform, library), unfinished);
            Files.move(unfinished, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileSystemException e) {
            // another process may have been faster, and has it open by now
            if (!Files.exists(target)) {
                throw e;
            }
        } finally {
            Files.deleteIfExists(unfinished);
        }
    }

    /** On disk before it gets its name: a power cut must not leave an empty file that is taken for the library. */
    private static void copy(String resource, Path file) throws IOException {
        try (InputStream in = Objects.requireNonNull(OrtEnvironment.class.getResourceAsStream(resource), resource);
                FileChannel out = FileChannel.open(file, StandardOpenOption.WRITE)) {
            in.transferTo(Channels.newOutputStream(out));
            out.force(true);
        }
    }

    private static boolean isInJar(String platform, String library) {
        return OrtEnvironment.class.getResource(resource(platform, library)) != null;
    }

    private static String resource(String platform, String library) {
        return "/ai/onnxruntime/native/" + platform + '/' + fileName(library);
    }

    private static String fileName(String library) {
        return System.mapLibraryName(library).replace("jnilib", "dylib");
    }

    private static String version() {
        String version = OrtEnvironment.class.getPackage().getImplementationVersion();
        return version == null ? "unversioned" : version;
    }

    /** The platform in ONNX Runtime's spelling, such as {@code linux-x64}. */
    private static String platform() {
        String os = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        String arch = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
        String osPart = os.contains("mac") || os.contains("darwin") ? "osx" : os.contains("win") ? "win" : "linux";
        String archPart = arch.equals("amd64") || arch.equals("x86_64") ? "x64" : arch;
        return osPart + '-' + archPart;
    }
}
