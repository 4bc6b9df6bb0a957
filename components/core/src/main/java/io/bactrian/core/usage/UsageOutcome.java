package io.bactrian.core.usage;

import io.bactrian.core.error.ErrorCode;
import io.bactrian.core.invoke.Phase;
import org.jspecify.annotations.Nullable;

/** How a call ended. */
public sealed interface UsageOutcome {

    /** What it is called where it is kept: {@code ok}, {@code aborted}, or the stable code of an error. */
    String text();

    /** Without an error. */
    enum Ended implements UsageOutcome {
        /** It was answered to its end. */
        OK("ok"),
        /** Its stream was closed before its end. */
        ABORTED("aborted");

        private final String text;

        Ended(String text) {
            this.text = text;
        }

        @Override
        public String text() {
            return text;
        }
    }

    /**
     * It was refused or failed.
     *
     * @param code how; null for an error outside the tree, which is a bug and called {@code internal_error}
     * @param phase how far it had come
     */
    record Failed(@Nullable ErrorCode code, Phase phase) implements UsageOutcome {
        @Override
        public String text() {
            return code == null ? "internal_error" : code.text();
        }
    }
}
