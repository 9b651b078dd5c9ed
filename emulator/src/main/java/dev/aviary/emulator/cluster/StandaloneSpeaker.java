package dev.aviary.emulator.cluster;

import dev.aviary.bgp.BgpSpeaker;
import dev.aviary.bgp.MrtTable;
import dev.aviary.bgp.SpeakerView;
import dev.aviary.emulator.speaker.SpeakerFile;
import dev.aviary.net.IpAddress;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** One BGP speaker by itself, on real sockets. */
public final class StandaloneSpeaker implements AutoCloseable {
  private final ClusterTime time;
  private final BgpSpeaker speaker;
  private final String listening;

  private StandaloneSpeaker(ClusterTime time, BgpSpeaker speaker, String listening) {
    this.time = time;
    this.speaker = speaker;
    this.listening = listening;
  }

  /** Starts what {@code file} says, and records it. */
  public static StandaloneSpeaker start(SpeakerFile file, SpeakerRecording recording)
      throws ClusterException, InterruptedException {
    var time = ClusterTime.real();
    var config = file.config();
    var binds = config.listen().map(InetSocketAddress::getAddress);
    var node = time.forNode(binds.orElseGet(InetAddress::getLoopbackAddress));
    var speaker = new BgpSpeaker(config, node.transport(), node.scheduler());
    var outcome = new CompletableFuture<BgpSpeaker.Started>();
    time.call(
        () -> {
          recording.follow(speaker);
          file.neighbors().forEach(speaker::add);
          file.ranges().forEach(range -> speaker.addDynamic(range.prefix(), range.template()));
          file.routes().forEach(route -> speaker.originate(route.prefix(), route.attributes()));
          speaker.start(outcome::complete);
          return true;
        });
    time.await(outcome::isDone, Duration.ofSeconds(30));
    if (!(outcome.getNow(null) instanceof BgpSpeaker.Started.Running(var local))) {
      time.close();
      var reason = outcome.getNow(null) instanceof BgpSpeaker.Started.Failed(var why) ? why : "";
      throw ClusterException.environment(
          "cannot listen at %s: %s"
              .formatted(config.listen().map(StandaloneSpeaker::text).orElse(""), reason));
    }
    return new StandaloneSpeaker(time, speaker, local.map(StandaloneSpeaker::text).orElse(""));
  }

  private static String text(InetSocketAddress address) {
    return IpAddress.of(address.getAddress().getAddress()) + ":" + address.getPort();
  }

  /** Where it listens, IP:PORT; empty if it only dials. */
  public String listening() {
    return listening;
  }

  /** Hands on a line for each thing that happens to its sessions, from the speaker's loop. */
  public void watch(boolean json, Consumer<String> lines) throws InterruptedException {
    time.call(
        () -> {
          speaker.watcher(event -> lines.accept(SpeakerEvents.line(event, json)));
          return true;
        });
  }

  /**
   * Writes the table as MRT.
   *
   * @throws ClusterException if the file cannot be written
   */
  public void dump(Path file) throws ClusterException, InterruptedException {
    var view = view();
    try (var out = new BufferedOutputStream(Files.newOutputStream(file))) {
      MrtTable.write(view, out);
    } catch (IOException e) {
      throw ClusterException.environment("cannot write %s: %s".formatted(file, e.getMessage()));
    }
  }

  /** All of it at this instant. */
  public SpeakerView view() throws InterruptedException {
    return time.call(speaker::view);
  }

  /** All sessions end with Cease. */
  @Override
  public void close() {
    var done = new CompletableFuture<Boolean>();
    try {
      time.call(
          () -> {
            speaker.stop(() -> done.complete(true));
            return true;
          });
      time.await(done::isDone, Duration.ofSeconds(5));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    time.close();
  }
}
