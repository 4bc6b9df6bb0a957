package io.bactrian.model.local;

import ai.djl.engine.EngineException;
import ai.onnxruntime.OrtException;
import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.error.ErrorDetails;
import io.bactrian.core.error.MisconfiguredException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The surroundings in which native libraries are loaded. They read where to unpack, and whether to call home, from
 * system properties when their classes are first used; those are set for the time of loading and then put back, since
 * other users of the same libraries in this JVM may want theirs otherwise.
 */
final class NativeLoad {

    private static final Logger LOG = LoggerFactory.getLogger(NativeLoad.class);

    private final Map<String, @Nullable String> before = new HashMap<>();

    private NativeLoad() {}

    /** What loads a model. */
    @FunctionalInterface
    interface Loader<T> {
        T load() throws IOException, OrtException;
    }

    /**
     * Runs a loader with native libraries unpacked under the data folder, or under a temporary one that is gone
     * afterwards where the data folder cannot be written.
     *
     * @throws MisconfiguredException if there is no such folder or the libraries cannot be loaded
     */
    static <T> T run(Path dataFolder, Loader<T> loader) {
        checkTemporaryFolder();
        NativeFolder folder = NativeFolder.under(dataFolder);
        NativeLoad scope = new NativeLoad();
        Thread thread = Thread.currentThread();
        ClassLoader loaderBefore = thread.getContextClassLoader();
        try {
            scope.configure(folder);
            // DJL finds its library through the context class loader, which in a container knows nothing of it
            thread.setContextClassLoader(NativeLoad.class.getClassLoader());
            return loader.load();
        } catch (LinkageError | EngineException e) {
            throw failed(
                    "its native libraries do not load: they are made for Linux with glibc, macOS and Windows on x64 or"
                            + " arm64, and for a folder that libraries may be run from; set bactrian.data.folder to one"
                            + " that is not mounted noexec",
                    e);
        } catch (IOException | OrtException | RuntimeException e) {
            throw failed("the log has the cause", e);
        } finally {
            thread.setContextClassLoader(loaderBefore);
            scope.restore();
            folder.discardIfTemporary();
        }
    }

    private void configure(NativeFolder folder) throws IOException {
        // instance metadata and telemetry hosts of DJL, and its download of GPU builds
        set("OPT_OUT_TRACKING", "true");
        set("ai.djl.offline", "true");
        setIfAbsent("ENGINE_CACHE_DIR", folder.djl().toString());
        // DJL looks for a GPU through JNA, which unpacks a library too
        setIfAbsent("jna.tmpdir", folder.djl().toString());
        if (System.getProperty(OnnxNatives.FOLDER_PROPERTY) == null) {
            OnnxNatives.unpack(folder.onnxruntime())
                    .ifPresent(unpacked -> set(OnnxNatives.FOLDER_PROPERTY, unpacked.toString()));
        }
    }

    private void set(String property, String value) {
        before.put(property, System.setProperty(property, value));
    }

    private void setIfAbsent(String property, String value) {
        if (System.getProperty(property) == null) {
            set(property, value);
        }
    }

    private void restore() {
        before.forEach((property, value) -> {
            if (value == null) {
                System.clearProperty(property);
            } else {
                System.setProperty(property, value);
            }
        });
    }

    /** ONNX Runtime makes an empty folder there, whatever it is told; if it cannot, its classes are broken for good. */
    private static void checkTemporaryFolder() {
        try {
            Files.delete(Files.createTempFile("bactrian", null));
        } catch (IOException e) {
            throw new MisconfiguredException(
                    ErrorCode.MISCONFIGURED,
                    "the local model needs a temporary folder that can be written: start Java with -Djava.io.tmpdir="
                            + " set to one, such as that of bactrian.data.folder",
                    ErrorDetails.NONE,
                    e);
        }
    }

    private static MisconfiguredException failed(String why, Throwable cause) {
        LOG.error("local model cannot be loaded on {} {}", osName(), System.getProperty("os.arch"), cause);
        return new MisconfiguredException(
                ErrorCode.MISCONFIGURED, "the local model cannot be loaded: " + why, ErrorDetails.NONE, cause);
    }

    private static String osName() {
        return System.getProperty("os.name", "unknown system");
    }
}
