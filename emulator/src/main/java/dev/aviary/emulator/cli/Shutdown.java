package dev.aviary.emulator.cli;

import java.util.concurrent.CountDownLatch;

/** Ctrl-C: what runs is asked to end, and the process waits until it has. */
final class Shutdown {
  private Shutdown() {}

  /**
   * @param asked comes to zero when the process is told to end
   * @param stopped the process waits for this before it goes
   */
  static void onInterrupt(CountDownLatch asked, CountDownLatch stopped) {
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  asked.countDown();
                  try {
                    stopped.await();
                  } catch (InterruptedException _) {
                    Thread.currentThread().interrupt();
                  }
                }));
  }
}
