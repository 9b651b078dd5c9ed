package dev.aviary.it.bgp;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.core.ConditionTimeoutException;

/** A real BGP daemon in a process of its own, on a loopback address of its own. */
abstract class RealPeer implements AutoCloseable {

  /** Which. */
  enum Kind {
    BIRD_16,
    BIRD_20,
    FRR,
    GOBGP
  }

  private static final long PATIENCE_SECONDS = 20;

  private final Path folder;
  private PeerSetup setup;
  private Process process;

  RealPeer(Path folder, PeerSetup setup, Process process) {
    this.folder = folder;
    this.setup = setup;
    this.process = process;
  }

  /** Starts one; the test is skipped where its files cannot be had. */
  static RealPeer start(Kind kind, PeerSetup setup) throws IOException, InterruptedException {
    var folder = Path.of("target", "interop", kind.name() + setup.address().getPort());
    Files.createDirectories(folder);
    var peer =
        switch (kind) {
          case BIRD_16 -> BirdPeer.start(folder.toAbsolutePath(), setup, true);
          case BIRD_20 -> BirdPeer.start(folder.toAbsolutePath(), setup, false);
          case FRR -> FrrPeer.start(folder.toAbsolutePath(), setup);
          case GOBGP -> GobgpPeer.start(folder.toAbsolutePath(), setup);
        };
    try {
      peer.ready();
    } catch (IOException | InterruptedException | ConditionTimeoutException e) {
      peer.close();
      throw e;
    }
    return peer;
  }

  PeerSetup setup() {
    return setup;
  }

  Path folder() {
    return folder;
  }

  /** What it knows of a prefix, with attributes; without the prefix where it has none. */
  abstract String show(String prefix) throws IOException, InterruptedException;

  /** How many prefixes it has, its own included. */
  abstract int count() throws IOException, InterruptedException;

  /** The states of its sessions, as it prints them. */
  abstract String sessions() throws IOException, InterruptedException;

  /** Has it originate just what {@code changed} says, while it runs. */
  final void reconfigure(PeerSetup changed) throws IOException, InterruptedException {
    var before = setup;
    setup = changed;
    changed(before);
  }

  abstract void changed(PeerSetup before) throws IOException, InterruptedException;

  /** Starts its process again; {@code recovering} after a crash that left its forwarding be. */
  final void startAgain(boolean recovering) throws IOException, InterruptedException {
    process = launch(recovering);
    ready();
  }

  abstract Process launch(boolean recovering) throws IOException, InterruptedException;

  /** Waits until it answers, and tells it what its file cannot. */
  void ready() throws IOException, InterruptedException {}

  final boolean knows(String prefix) {
    try {
      return show(prefix).contains(prefix);
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Ends it as a crash does: no message leaves. */
  final void crash() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  /** Stops it where it stands, or lets it go on. */
  final void freeze(boolean stopped) throws IOException, InterruptedException {
    var signal = stopped ? "-STOP" : "-CONT";
    run(Map.of(), "kill", signal, String.valueOf(process.pid()));
  }

  /** Ends it as an operator does. */
  final void stop() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
    }
  }

  final Process spawn(Map<String, String> environment, List<String> words) throws IOException {
    var builder =
        new ProcessBuilder(words)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(
                ProcessBuilder.Redirect.appendTo(folder.resolve("daemon.log").toFile()));
    builder.environment().putAll(environment);
    return builder.start();
  }

  /** What a command prints. */
  final String run(Map<String, String> environment, String... words)
      throws IOException, InterruptedException {
    var builder = new ProcessBuilder(new ArrayList<>(List.of(words)));
    builder.directory(folder.toFile()).redirectErrorStream(true);
    builder.environment().putAll(environment);
    var asked = builder.start();
    var text = new String(asked.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    asked.waitFor();
    return text;
  }

  @Override
  public void close() {
    try {
      freeze(false);
      stop();
    } catch (IOException | InterruptedException e) {
      process.destroyForcibly();
    }
  }
}
