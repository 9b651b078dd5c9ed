package dev.aviary.it.bench;

import dev.aviary.it.Peers;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.jspecify.annotations.Nullable;

/** A speaker in a process of its own, and its peers, on addresses of loopback. */
public final class FullTable {
  private static final int AS = 65000;
  private static final String HOST = "127.30.0.1";
  private static final int PORT = 1790;
  private static final long PATIENCE_SECONDS = 120;
  private static final int FIRST_FEEDER = 65100;
  private static final int FIRST_SINK = 65300;

  private final Process process;
  private final TablePrefixes prefixes;
  private final List<TablePeer> feeders = new ArrayList<>();
  private final List<TablePeer> sinks = new ArrayList<>();
  private final List<byte[]> announced = new ArrayList<>();
  private final byte[] withdrawn;

  /** Whose program. */
  public enum Speaker {
    AVIARY,
    BIRD
  }

  private FullTable(Process process, TablePrefixes prefixes) {
    this.process = process;
    this.prefixes = prefixes;
    withdrawn = prefixes.withdrawn();
  }

  static FullTable start(Speaker speaker, int prefixes, int feeders, int sinks)
      throws IOException, InterruptedException {
    var neighbors = new ArrayList<InetSocketAddress>(); // the port stands for the AS
    for (int i = 0; i < feeders; i++) {
      neighbors.add(new InetSocketAddress("127.30.1." + (i + 1), FIRST_FEEDER + i));
    }
    for (int i = 0; i < sinks; i++) {
      neighbors.add(new InetSocketAddress("127.30.2." + (i + 1), FIRST_SINK + i));
    }
    var folder = Path.of("target", "fulltable").toAbsolutePath();
    Files.createDirectories(folder);
    var command =
        switch (speaker) {
          case AVIARY -> aviary(neighbors);
          case BIRD -> bird(folder, neighbors);
        };
    var process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve(speaker + ".log").toFile())
            .start();
    var table = new FullTable(process, TablePrefixes.of(prefixes));
    try {
      for (var neighbor : neighbors.subList(0, feeders)) {
        table.announced.add(table.prefixes.announced(neighbor.getPort()));
        table.feeders.add(table.peer(neighbor));
      }
      for (var neighbor : neighbors.subList(feeders, neighbors.size())) {
        table.sinks.add(table.peer(neighbor));
      }
    } catch (IOException | RuntimeException e) {
      table.close();
      throw e;
    }
    return table;
  }

  private static List<String> aviary(List<InetSocketAddress> neighbors) {
    var launcher = Path.of("..", "aviary").toAbsolutePath().normalize().toString();
    var words = new ArrayList<>(List.of(launcher, "speaker", "--listen", HOST + ":" + PORT));
    words.addAll(List.of("--router-id", HOST, "--as", String.valueOf(AS)));
    for (var neighbor : neighbors) {
      words.add("--neighbor");
      words.add(neighbor.getAddress().getHostAddress() + ":" + neighbor.getPort());
    }
    return words;
  }

  private static List<String> bird(Path folder, List<InetSocketAddress> neighbors)
      throws IOException, InterruptedException {
    var text =
        new StringBuilder(
            """
            router id %1$s;
            protocol device {}
            protocol static { ipv4; route 192.0.2.0/24 blackhole; }
            template bgp T {
              local %1$s port %2$d as %3$d; multihop; passive on; strict bind on;
              ipv4 { import all; export where source = RTS_BGP; next hop address 192.0.2.1; };
            }
            """
                .formatted(HOST, PORT, AS));
    for (var neighbor : neighbors) {
      text.append(
          "protocol bgp from T { neighbor %s as %d; }\n"
              .formatted(neighbor.getAddress().getHostAddress(), neighbor.getPort()));
    }
    var config = folder.resolve("bird.conf");
    Files.writeString(config, text);
    var program = Peers.unpacked("bird2").resolve("usr/sbin/bird").toString();
    return List.of(program, "-f", "-c", config.toString(), "-s", "bird.ctl", "-P", "bird.pid");
  }

  private TablePeer peer(InetSocketAddress neighbor) throws IOException {
    var local = neighbor.getAddress();
    var socket = patiently().until(() -> connected(local), java.util.Objects::nonNull);
    return new TablePeer(socket, neighbor.getPort(), prefixes);
  }

  private static @Nullable Socket connected(InetAddress local) throws IOException {
    var socket = new Socket();
    try {
      socket.bind(new InetSocketAddress(local, 0));
      socket.connect(new InetSocketAddress(HOST, PORT));
      return socket;
    } catch (ConnectException _) {
      socket.close();
      return null; // it is still starting
    }
  }

  private static ConditionFactory patiently() {
    return Awaitility.await()
        .atMost(Duration.ofSeconds(PATIENCE_SECONDS))
        .pollInterval(Duration.ofMillis(1));
  }

  void load() {
    for (int i = 0; i < feeders.size(); i++) {
      feeders.get(i).send(announced.get(i));
    }
    patiently().until(() -> sinks.stream().allMatch(sink -> sink.known() == prefixes.count()));
  }

  void withdraw() {
    feeders.forEach(feeder -> feeder.send(withdrawn));
    patiently().until(() -> sinks.stream().allMatch(sink -> sink.known() == 0));
  }

  /** Of the speaker's process. */
  long residentMiB() throws IOException {
    try (var lines = Files.lines(Path.of("/proc", String.valueOf(process.pid()), "status"))) {
      return lines
          .filter(line -> line.startsWith("VmRSS:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
          .sum();
    }
  }

  void close() throws IOException, InterruptedException {
    for (var each : feeders) {
      each.close();
    }
    for (var each : sinks) {
      each.close();
    }
    process.destroy();
    if (!process.waitFor(20, TimeUnit.SECONDS)) {
      process.destroyForcibly().waitFor();
    }
  }
}
