package dev.aviary.emulator.cli;

import dev.aviary.emulator.cluster.Cluster;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets other terminals run their verbs on the cluster of this process. */
final class ControlServer implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ControlServer.class);

  private final Path socket;
  private final ServerSocketChannel server;
  private final Cluster cluster;

  private ControlServer(Path socket, ServerSocketChannel server, Cluster cluster) {
    this.socket = socket;
    this.server = server;
    this.cluster = cluster;
  }

  /** Listens at {@code socket}; a socket that nobody listens at any more is replaced. */
  static ControlServer start(Path socket, Cluster cluster) throws IOException {
    if (Files.exists(socket)) {
      if (answers(socket)) {
        throw new IOException("another cluster listens at " + socket);
      }
      Files.delete(socket);
    }
    var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    server.bind(UnixDomainSocketAddress.of(socket));
    var started = new ControlServer(socket, server, cluster);
    Thread.ofVirtual().name("control").start(started::accept);
    return started;
  }

  private static boolean answers(Path socket) {
    try (var probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      return probe.connect(UnixDomainSocketAddress.of(socket));
    } catch (IOException _) {
      return false; // A leftover of a process that was killed.
    }
  }

  private void accept() {
    while (server.isOpen()) {
      try {
        var client = server.accept();
        Thread.ofVirtual().name("control-client").start(() -> serve(client));
      } catch (AsynchronousCloseException _) {
        return; // closed by close()
      } catch (IOException e) {
        log.warn("control socket: {}", e.getMessage());
        return;
      }
    }
  }

  private void serve(SocketChannel client) {
    try (client) {
      var in = new DataInputStream(Channels.newInputStream(client));
      var out = new DataOutputStream(Channels.newOutputStream(client));
      var words = ControlFrames.readArguments(in);
      var console =
          new Console(
              new PrintStream(ControlFrames.pieces(out, false), false, StandardCharsets.UTF_8),
              new PrintStream(ControlFrames.pieces(out, true), true, StandardCharsets.UTF_8),
              false);
      // Whoever asked and went away wants no more of it.
      var serving = Thread.currentThread();
      Thread.ofVirtual().name("control-watch").start(() -> interruptAtEnd(in, serving));
      int code = CommandLines.run(console, cluster, words);
      console.out().flush();
      console.err().flush();
      ControlFrames.writeExit(out, code);
    } catch (IOException e) {
      log.debug("a client of the control socket went away: {}", e.getMessage());
    }
  }

  private static void interruptAtEnd(DataInputStream in, Thread serving) {
    try {
      if (in.read() < 0) {
        serving.interrupt();
      }
    } catch (IOException e) {
      log.debug("a client of the control socket is gone: {}", e.getMessage());
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    Files.deleteIfExists(socket);
  }
}
