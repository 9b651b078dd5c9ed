package dev.aviary.emulator.cluster;

import dev.aviary.net.IpFamily;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * BIRD's control sockets of a cluster's nodes in one folder, {@code NODE.ctl} and {@code
 * NODE6.ctl}, for birdc and for what else reads them.
 */
public final class BirdSockets implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(BirdSockets.class);

  /** BIRD drops a client that sends so much without a line end. */
  private static final int LINE_LIMIT = 1022;

  private final Cluster cluster;
  private final List<ServerSocketChannel> servers = new ArrayList<>();
  private final List<Path> files = new ArrayList<>();

  private BirdSockets(Cluster cluster) {
    this.cluster = cluster;
  }

  /**
   * Listens for every node's daemons.
   *
   * @throws ClusterException if a socket cannot be made
   */
  public static BirdSockets start(Cluster cluster, Path folder) throws ClusterException {
    var sockets = new BirdSockets(cluster);
    try {
      Files.createDirectories(folder);
      for (var node : cluster.nodeNames()) {
        sockets.listen(folder.resolve(node + ".ctl"), node, IpFamily.IPV4);
        boolean six = cluster.onLoop(() -> cluster.node(node).speaker(IpFamily.IPV6).isPresent());
        if (six) {
          sockets.listen(folder.resolve(node + "6.ctl"), node, IpFamily.IPV6);
        }
      }
    } catch (IOException e) {
      sockets.close();
      throw ClusterException.environment(
          "cannot listen in %s: %s".formatted(folder, e.getMessage()));
    }
    return sockets;
  }

  private void listen(Path file, String node, IpFamily family) throws IOException {
    Files.deleteIfExists(file);
    var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    servers.add(server);
    server.bind(UnixDomainSocketAddress.of(file));
    files.add(file);
    Thread.ofVirtual()
        .name("bird-" + node)
        .start(
            () -> {
              while (server.isOpen()) {
                try {
                  var client = server.accept();
                  Thread.ofVirtual().start(() -> serve(client, node, family));
                } catch (ClosedChannelException _) {
                  return; // closed by close()
                } catch (IOException e) {
                  log.warn("control socket of {}: {}", node, e.getMessage());
                  return;
                }
              }
            });
  }

  private void serve(SocketChannel client, String node, IpFamily family) {
    try (client) {
      var console = cluster.onLoop(() -> BirdClient.console(cluster.node(node), family, cluster));
      var out = Channels.newOutputStream(client);
      out.write(console.banner().getBytes(StandardCharsets.UTF_8));
      var in =
          new BufferedReader(
              new InputStreamReader(Channels.newInputStream(client), StandardCharsets.UTF_8));
      for (var line = line(in); line != null; line = line(in)) {
        var asked = line;
        var reply = cluster.onLoop(() -> console.answer(asked, cluster.now()));
        out.write(reply.getBytes(StandardCharsets.UTF_8));
      }
    } catch (IOException e) {
      log.debug("a client of {} went away: {}", node, e.getMessage());
    }
  }

  /** The next line without its end; null at the end, or if it is longer than BIRD takes. */
  private static @org.jspecify.annotations.Nullable String line(BufferedReader in)
      throws IOException {
    var line = new StringBuilder();
    for (int c = in.read(); c >= 0; c = in.read()) {
      if (c == '\n') {
        return line.toString();
      }
      if (line.length() >= LINE_LIMIT) {
        return null;
      }
      line.append((char) c);
    }
    return null;
  }

  @Override
  public void close() {
    for (var server : servers) {
      try {
        server.close();
      } catch (IOException e) {
        log.warn("control socket: {}", e.getMessage());
      }
    }
    for (var file : files) {
      try {
        Files.deleteIfExists(file);
      } catch (IOException e) {
        log.warn("control socket {}: {}", file, e.getMessage());
      }
    }
  }
}
