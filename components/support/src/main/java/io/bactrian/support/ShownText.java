package io.bactrian.support;

/**
 * Whether Camel wants a body as text only to show it: in a trace, a log or a console. A stream that is read for that is none any
 * more: its pieces would come when all have come, and whoever stops reading would stop nothing.
 */
public final class ShownText {

    private static final String HELPER = "org.apache.camel.support.MessageHelper";
    private static final String SHOWS = "ForLogging";
    private static final int DEEPEST = 32;

    private ShownText() {}

    /** To be asked by a converter to text, before it reads. Converters are not told what for. */
    public static boolean isAllThatIsWanted() {
        return StackWalker.getInstance().walk(frames -> frames.limit(DEEPEST)
                .anyMatch(frame -> frame.getClassName().equals(HELPER)
                        && frame.getMethodName().endsWith(SHOWS)));
    }
}
