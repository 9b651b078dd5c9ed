package dev.aviary.emulator.cluster;

import dev.aviary.kernel.CaptureFile;
import dev.aviary.kernel.Captures;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** Frames of one place's links that go into a pcap file until this is closed. */
public final class Capture implements AutoCloseable {
  private final Cluster cluster;
  private final Place place;
  private final OutputStream out;
  private final CaptureFile file;
  private final Captures.Tap tap;
  private final CountDownLatch full;

  private Capture(Cluster cluster, Place place, OutputStream out, int limit) throws IOException {
    this.cluster = cluster;
    this.place = place;
    this.out = out;
    this.file = new CaptureFile(out);
    this.full = new CountDownLatch(limit == 0 ? 1 : limit);
    this.tap =
        (link, outgoing, frame) -> {
          if (limit == 0 || file.packets() < limit) {
            file.seen(link, outgoing, frame);
            if (limit != 0) {
              full.countDown();
            }
          }
        };
  }

  /**
   * @param device a link, or "any"
   * @param limit ends by itself after so many frames; 0 for never
   */
  static Capture start(Cluster cluster, Place place, String device, Path file, int limit)
      throws IOException {
    var out = new BufferedOutputStream(Files.newOutputStream(file));
    var capture = new Capture(cluster, place, out, limit);
    cluster.onLoop(
        () -> {
          place.kernel().captures().add(device, capture.tap);
          return true;
        });
    return capture;
  }

  /** Waits until the limit is reached; without one, until interrupted. */
  public void awaitFull() throws InterruptedException {
    full.await();
  }

  /** How many frames there are. */
  public int packets() {
    return cluster.onLoop(file::packets);
  }

  @Override
  public void close() throws IOException {
    cluster.onLoop(
        () -> {
          place.kernel().captures().remove(tap);
          return true;
        });
    out.close();
  }
}
