package io.bactrian.model.local;

import ai.onnxruntime.OrtEnvironment;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps ONNX Runtime's native environment until the process ends. Its Java part closes it in a shutdown hook, which runs beside
 * those of whoever still answers calls, and a session that runs then takes the process down (seen with 1.20.0). The environment
 * counts its references: one more makes that hook harmless.
 */
final class KeptEnvironment {

    private static final Logger LOG = LoggerFactory.getLogger(KeptEnvironment.class);
    private static final int WARNING = 2;

    private KeptEnvironment() {}

    static void keep() {
        try {
            Field api = Class.forName("ai.onnxruntime.OnnxRuntime").getDeclaredField("ortApiHandle");
            api.setAccessible(true);
            Method create = OrtEnvironment.class.getDeclaredMethod("createHandle", long.class, int.class, String.class);
            create.setAccessible(true);
            create.invoke(null, api.getLong(null), WARNING, "bactrian");
        } catch (ReflectiveOperationException | RuntimeException e) {
            // another version of the library: calls are answered all the same, but for those during the very end
            LOG.debug("the native environment cannot be kept beyond the beginning of a shutdown", e);
        }
    }
}
