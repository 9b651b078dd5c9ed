package dev.aviary.ipam.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.aviary.ipam.IpamException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A real etcd on loopback: the one on PATH, or Debian's package unpacked into {@code target/}.
 * Where neither can be had the test is skipped and says why; where AVIARY_REQUIRE_PEERS is set it
 * fails.
 */
public final class EtcdServer implements AutoCloseable {
  private static final Path FOLDER = Path.of("target", "peers", "etcd-server").toAbsolutePath();

  private final Optional<Tls> tls;
  private final Path data;
  private final int port;
  private final int peerPort;
  private Process process;

  /**
   * Certificates and keys in PEM: the server's, whom it lets in, and what its own tests come with.
   */
  record Tls(Path authority, Path certificate, Path key, EtcdTls client) {}

  private EtcdServer(Path data, int port, int peerPort, Optional<Tls> tls) throws IOException {
    this.tls = tls;
    this.data = data;
    this.port = port;
    this.peerPort = peerPort;
    this.process = run();
  }

  /** Starts one with an empty store. */
  public static EtcdServer start() throws IOException, InterruptedException {
    return start(Optional.empty());
  }

  /** One that speaks TLS and asks who comes for a certificate. */
  static EtcdServer start(Tls tls) throws IOException, InterruptedException {
    return start(Optional.of(tls));
  }

  private static EtcdServer start(Optional<Tls> tls) throws IOException, InterruptedException {
    binary();
    var server =
        new EtcdServer(Files.createTempDirectory("aviary-etcd"), freePort(), freePort(), tls);
    server.awaitAnswer();
    return server;
  }

  private Process run() throws IOException {
    var url = endpoints().getFirst().toString();
    var command =
        new ArrayList<>(
            List.of(
                binaryPath(),
                "--data-dir",
                data.toString(),
                "--listen-client-urls",
                url,
                "--advertise-client-urls",
                url,
                "--listen-peer-urls",
                "http://127.0.0.1:" + peerPort,
                "--unsafe-no-fsync",
                "--log-level",
                "error"));
    tls.ifPresent(
        files ->
            command.addAll(
                List.of(
                    "--client-cert-auth",
                    "--trusted-ca-file",
                    files.authority.toString(),
                    "--cert-file",
                    files.certificate.toString(),
                    "--key-file",
                    files.key.toString())));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(data.resolve("etcd.log").toFile())
        .start();
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** Where it answers. */
  public List<URI> endpoints() {
    return List.of(URI.create((tls.isPresent() ? "https" : "http") + "://127.0.0.1:" + port));
  }

  /** A client of its own. */
  public EtcdClient client(Duration timeout) {
    return new EtcdClient(endpoints(), patience(timeout));
  }

  /** Real time. */
  public static Patience patience(Duration timeout) {
    return new Patience(
        timeout, System::nanoTime, passed -> LockSupport.parkNanos(passed.toNanos()));
  }

  private void awaitAnswer() throws IOException {
    var patience = patience(Duration.ofSeconds(30));
    try (var client = new EtcdClient(endpoints(), patience, tls.map(Tls::client))) {
      client.revision();
    } catch (IpamException e) {
      close();
      throw new IOException(e.getMessage() + ": " + Files.readString(data.resolve("etcd.log")), e);
    }
  }

  /** Ends it at once, as a crash does. */
  public void kill() {
    process.destroyForcibly().onExit().join();
  }

  /** Starts it again over what it had. */
  public void restart() throws IOException {
    process = run();
    awaitAnswer();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }

  private static String binaryPath() {
    for (var folder : System.getenv().getOrDefault("PATH", "").split(":", -1)) {
      if (!folder.isEmpty() && Files.isExecutable(Path.of(folder, "etcd"))) {
        return Path.of(folder, "etcd").toString();
      }
    }
    return FOLDER.resolve("usr/bin/etcd").toString();
  }

  private static void binary() throws IOException, InterruptedException {
    if (Files.isExecutable(Path.of(binaryPath()))) {
      return;
    }
    Files.createDirectories(FOLDER);
    if (!command("apt-get", "download", "-q", "etcd-server")) {
      unavailable("there is no etcd on PATH, and apt-get cannot download etcd-server here");
    }
    try (var debs = Files.newDirectoryStream(FOLDER, "*.deb")) {
      for (var deb : debs) {
        if (!command("dpkg", "-x", deb.toString(), FOLDER.toString())) {
          unavailable("dpkg cannot unpack " + deb.getFileName());
        }
      }
    }
  }

  private static void unavailable(String reason) {
    assertThat(System.getenv("AVIARY_REQUIRE_PEERS")).as(reason).isNull();
    abort(reason);
  }

  private static boolean command(String... words) throws IOException, InterruptedException {
    try {
      var process =
          new ProcessBuilder(words)
              .directory(FOLDER.toFile())
              .redirectErrorStream(true)
              .redirectOutput(FOLDER.resolve("log.txt").toFile())
              .start();
      return process.waitFor(120, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException _) {
      return false; // There is no such command: not a Debian machine.
    }
  }
}
