package dev.aviary.emulator.cli;

import dev.aviary.emulator.cluster.Cluster;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** Verbs of a script that run beside it; they are interrupted when it ends. */
final class Background implements AutoCloseable {
  private final List<Thread> threads = new ArrayList<>();

  /** Starts a verb and waits for its first words, so that what follows finds it at work. */
  void start(Cluster cluster, Console console, List<String> words) {
    var spoken = new CountDownLatch(1);
    var err = new PrintStream(new Signalling(console.err(), spoken), true, StandardCharsets.UTF_8);
    var out = new PrintStream(new Signalling(console.out(), spoken), true, StandardCharsets.UTF_8);
    threads.add(
        Thread.ofVirtual()
            .start(
                () -> {
                  CommandLines.run(new Console(out, err, false), cluster, words);
                  spoken.countDown();
                }));
    try {
      spoken.await();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    threads.forEach(Thread::interrupt);
    for (var thread : threads) {
      try {
        thread.join();
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Hands octets on and tells that there were some. */
  private static final class Signalling extends OutputStream {
    private final OutputStream to;
    private final CountDownLatch spoken;

    Signalling(OutputStream to, CountDownLatch spoken) {
      this.to = to;
      this.spoken = spoken;
    }

    @Override
    public void write(int octet) throws IOException {
      to.write(octet);
    }

    @Override
    public void flush() throws IOException {
      to.flush();
      spoken.countDown();
    }
  }
}
