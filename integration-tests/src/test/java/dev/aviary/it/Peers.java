package dev.aviary.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Real BGP daemons for tests: unpacked from Debian's packages into {@code target/}, without a
 * privilege and without installing anything. Where that cannot be done the test is skipped and says
 * why; where AVIARY_REQUIRE_PEERS is set it fails.
 */
public final class Peers {
  private static final Path FOLDER = Path.of("target", "peers").toAbsolutePath();

  private Peers() {}

  /** The folder of a Debian package's files, together with those of what it needs. */
  public static Path unpacked(String debianPackage, String... needed)
      throws IOException, InterruptedException {
    var folder = FOLDER.resolve(debianPackage);
    var done = folder.resolve(".unpacked");
    if (Files.exists(done)) {
      return folder;
    }
    Files.createDirectories(folder);
    var download = new java.util.ArrayList<>(List.of("apt-get", "download", "-q", debianPackage));
    download.addAll(List.of(needed));
    if (!run(folder, download.toArray(String[]::new))) {
      return unavailable("apt-get cannot download " + debianPackage + " here");
    }
    try (var debs = Files.newDirectoryStream(folder, "*.deb")) {
      for (var deb : debs) {
        if (!run(folder, "dpkg", "-x", deb.toString(), folder.toString())) {
          return unavailable("dpkg cannot unpack " + deb.getFileName());
        }
      }
    }
    Files.createFile(done);
    return folder;
  }

  /** What tshark prints of the frames of a capture that {@code filter} selects. */
  static String tshark(Path pcap, String filter) throws IOException, InterruptedException {
    try {
      var process =
          new ProcessBuilder(
                  "tshark",
                  "-r",
                  pcap.toString(),
                  "-Y",
                  filter,
                  "-o",
                  "ip.check_checksum:TRUE",
                  "-o",
                  "tcp.check_checksum:TRUE",
                  "-o",
                  "udp.check_checksum:TRUE")
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      var text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor()).isZero();
      return text;
    } catch (IOException _) {
      unavailable("there is no tshark here");
      return "";
    }
  }

  private static Path unavailable(String reason) {
    assertThat(System.getenv("AVIARY_REQUIRE_PEERS")).as(reason).isNull();
    return abort(reason);
  }

  private static boolean run(Path folder, String... command)
      throws IOException, InterruptedException {
    try {
      var process =
          new ProcessBuilder(command)
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .redirectOutput(folder.resolve("log.txt").toFile())
              .start();
      return process.waitFor(120, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException _) {
      return false; // There is no such command: not a Debian machine.
    }
  }

  /** An etcd with an empty store: the one on PATH, or Debian's. */
  record Etcd(Process process, String endpoint) implements AutoCloseable {

    static Etcd start(Path folder) throws IOException, InterruptedException {
      var binary = onPath("etcd");
      if (binary == null) {
        binary = unpacked("etcd-server").resolve("usr/bin/etcd");
      }
      Files.createDirectories(folder);
      int client = freePort();
      var url = "http://127.0.0.1:" + client;
      var process =
          new ProcessBuilder(
                  binary.toString(),
                  "--data-dir",
                  folder.resolve("data").toString(),
                  "--listen-client-urls",
                  url,
                  "--advertise-client-urls",
                  url,
                  "--listen-peer-urls",
                  "http://127.0.0.1:" + freePort(),
                  "--unsafe-no-fsync")
              .redirectErrorStream(true)
              .redirectOutput(folder.resolve("etcd.log").toFile())
              .start();
      return new Etcd(process, "etcd://127.0.0.1:" + client);
    }

    private static @Nullable Path onPath(String name) {
      for (var folder : System.getenv().getOrDefault("PATH", "").split(":", -1)) {
        if (!folder.isEmpty() && Files.isExecutable(Path.of(folder, name))) {
          return Path.of(folder, name);
        }
      }
      return null;
    }

    private static int freePort() throws IOException {
      try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        return socket.getLocalPort();
      }
    }

    @Override
    public void close() {
      process.destroyForcibly();
    }
  }

  /** A BIRD that runs in the foreground until it is closed. */
  record Bird(Process process, Path control, Path client) implements AutoCloseable {

    static Bird start(Path files, Path folder, String config)
        throws IOException, InterruptedException {
      Files.createDirectories(folder);
      var file = folder.resolve("bird.conf");
      Files.writeString(file, config);
      var control = folder.resolve("bird.ctl");
      var process =
          new ProcessBuilder(
                  files.resolve("usr/sbin/bird").toString(),
                  "-f",
                  "-c",
                  file.toString(),
                  "-s",
                  control.toString(),
                  "-P",
                  folder.resolve("bird.pid").toString())
              .redirectErrorStream(true)
              .redirectOutput(folder.resolve("bird.log").toFile())
              .start();
      return new Bird(process, control, files.resolve("usr/sbin/birdc"));
    }

    /** What birdc prints for {@code command}; empty while it cannot connect. */
    String birdc(String command) throws IOException, InterruptedException {
      var words =
          new java.util.ArrayList<>(List.of(client.toString(), "-r", "-s", control.toString()));
      words.addAll(List.of(command.split(" ", -1)));
      var asked = new ProcessBuilder(words).redirectErrorStream(true).start();
      var text = new String(asked.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return asked.waitFor() == 0 ? text : "";
    }

    @Override
    public void close() {
      process.destroy();
      try {
        if (!process.waitFor(10, TimeUnit.SECONDS)) {
          process.destroyForcibly();
        }
      } catch (InterruptedException e) {
        process.destroyForcibly();
        Thread.currentThread().interrupt();
      }
    }
  }
}
