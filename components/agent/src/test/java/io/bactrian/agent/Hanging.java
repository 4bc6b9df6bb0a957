package io.bactrian.agent;

import io.bactrian.core.tool.ToolArguments;
import io.bactrian.core.tool.ToolFunction;
import io.bactrian.core.tool.ToolRuntime;
import io.bactrian.core.tool.ToolStream;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A tool that hangs until it is let go or interrupted; or, if it is stubborn, until it is let go. */
final class Hanging implements ToolFunction {

    final CountDownLatch begun = new CountDownLatch(1);
    final CountDownLatch interrupted = new CountDownLatch(1);
    final CountDownLatch letGo = new CountDownLatch(1);
    private final boolean stubborn;

    Hanging(boolean stubborn) {
        this.stubborn = stubborn;
    }

    @Override
    public ToolStream invoke(ToolArguments arguments, ToolRuntime runtime) {
        begun.countDown();
        while (true) {
            try {
                letGo.await();
                return ToolStream.ofText("let go");
            } catch (InterruptedException e) {
                interrupted.countDown();
                if (!stubborn) {
                    Thread.currentThread().interrupt();
                    throw new IllegalStateException("interrupted");
                }
            }
        }
    }

    static boolean reached(CountDownLatch latch) throws InterruptedException {
        return latch.await(AgentTestBase.PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }
}
