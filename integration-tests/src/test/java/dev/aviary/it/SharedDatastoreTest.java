package dev.aviary.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two processes that are one cluster: etcd settles the blocks, BGP between them is TCP. */
class SharedDatastoreTest {
  @TempDir private Path folder = Path.of("");

  /** Two processes with a node each, each behind a socket of its own, and the etcd between them. */
  private final class Pair implements AutoCloseable {
    private final Path one = folder.resolve("one.sock");
    private final Path two = folder.resolve("two.sock");
    private final Peers.Etcd etcd = Peers.Etcd.start(folder.resolve("etcd"));
    private final List<String> up;
    private final Process first;
    private Process second;

    Pair(String manifest) throws Exception {
      var file = Files.writeString(folder.resolve("c.yaml"), manifest);
      var port = Integer.toString(freePort());
      this.up =
          List.of("up", "-f", file.toString(), "--datastore", etcd.endpoint(), "--bgp-port", port);
      this.first = start(one, with(up, "master"));
      this.second = start(two, with(up, "node1"));
      awaitSocket(one, first);
      awaitSocket(two, second);
    }

    void killTheSecond() throws Exception {
      second.destroyForcibly().waitFor();
    }

    void startTheSecondAgain() throws Exception {
      second = start(two, with(up, "node1"));
      awaitSocket(two, second);
    }

    @Override
    public void close() {
      first.destroyForcibly();
      second.destroyForcibly();
      etcd.close();
    }
  }

  /** The demo's manifests, where addresses are not fixed. */
  private static String manifests() throws Exception {
    return Clusters.text("/dev/aviary/emulator/demo/cluster.yaml")
        .replaceAll("(?m)^.*podIP:.*$", "");
  }

  @Test
  void twoProcessesOnOneEtcdAreOneCluster() throws Exception {
    try (var pair = new Pair(manifests())) {
      var one = pair.one;
      var two = pair.two;
      var blocks = run(one, "ipam", "show", "--show-blocks");
      assertThat(run(two, "ipam", "show", "--show-blocks")).isEqualTo(blocks);
      assertThat(blocks.lines().filter(line -> line.startsWith("| Block"))).hasSize(2);
      awaitText(one, "proto bird", "exec", "master", "--", "ip", "route");
      awaitText(two, "proto bird", "exec", "node1", "--", "ip", "route");
      awaitText(one, "Check complete; found 0 problems.", "ipam", "check", "--show-problem-ips");
      assertThat(run(one, "get", "pods")).doesNotContain("Pending");
      assertThat(run(two, "node", "status")).contains("Established");

      pair.killTheSecond();
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> !run(one, "node", "status").contains("Established"));
      pair.startTheSecondAgain();
      awaitText(two, "proto bird", "exec", "node1", "--", "ip", "route");
      assertThat(run(two, "ipam", "show", "--show-blocks"))
          .as("the pods of the killed process were given back, the block was kept")
          .isEqualTo(blocks);
      agree(one, two);
      interrupt(pair.second);
      awaitText(
          one,
          "| Block    | 10.244.166.128/26 |        64 | 0 (0%)",
          "ipam",
          "show",
          "--show-blocks");
      interrupt(pair.first);
    }
  }

  /** What one process is told of pools, nodes and the lock, the other one knows. */
  private void agree(Path one, Path two) throws Exception {
    var pool =
        Files.writeString(
            folder.resolve("pool.yaml"),
            """
            apiVersion: projectcalico.org/v3
            kind: IPPool
            metadata: {name: more}
            spec: {cidr: 10.99.0.0/24, blockSize: 28}
            """);
    assertThat(run(one, "apply", "-f", pool.toString())).contains("1 'IPPool'");
    awaitText(two, "10.99.0.0/24", "get", "ippools");
    assertThat(run(two, "datastore", "migrate", "lock")).contains("locked");
    awaitText(one, "10.99.0.128/25", "ipam", "split", "2", "--name=more");
    awaitText(two, "10.99.0.128/25", "get", "ippools");
    assertThat(run(one, "datastore", "migrate", "unlock")).contains("unlocked");
    awaitText(two, "not locked", "ipam", "split", "2", "--cidr=10.99.0.0/25");
  }

  @Test
  void aNodeThatOneProcessDeletesTakesThePodsOfAnotherAlong() throws Exception {
    // A topology would name the node that is deleted.
    var documents =
        Arrays.stream(manifests().split("(?m)^---$", -1))
            .filter(document -> !document.contains("kind: Topology"))
            .collect(Collectors.joining("---"));
    try (var pair = new Pair(documents)) {
      var two = pair.two;
      awaitText(pair.one, "pod2", "get", "pods", "-A");
      run(pair.one, "delete", "pod", "pod2", "-n", "test");
      assertThat(run(pair.one, "delete", "node", "node1")).contains("Successfully deleted");
      await()
          .atMost(Duration.ofSeconds(60))
          .untilAsserted(
              () -> {
                assertThat(run(two, "get", "pods", "-A")).contains("pod1").doesNotContain("pod2");
                assertThat(run(two, "get", "nodes")).doesNotContain("node1");
              });
      interrupt(pair.second);
      interrupt(pair.first);
    }
  }

  @Test
  void withoutEtcdItSaysSo() throws Exception {
    var manifest =
        Files.writeString(
            folder.resolve("c.yaml"), Clusters.text("/dev/aviary/emulator/demo/cluster.yaml"));
    var ran =
        start(
            folder.resolve("x.sock"),
            List.of(
                "up",
                "-f",
                manifest.toString(),
                "--datastore",
                "etcd://127.0.0.1:" + freePort(),
                "--nodes",
                "node1"));
    var text = new String(ran.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(ran.waitFor()).isEqualTo(4);
    assertThat(text).contains("--datastore: etcd at 127.0.0.1:").contains("cannot connect");
  }

  private static List<String> with(List<String> words, String nodes) {
    var more = new ArrayList<>(words);
    more.add("--nodes");
    more.add(nodes);
    return more;
  }

  private static void awaitSocket(Path socket, Process process) {
    await().atMost(Duration.ofSeconds(60)).until(() -> !process.isAlive() || answers(socket));
    assertThat(process.isAlive()).as("the process of %s", socket).isTrue();
  }

  private static boolean answers(Path socket) throws Exception {
    return Files.exists(socket) && run(socket, "get", "nodes").contains("node1");
  }

  private static void awaitText(Path socket, String text, String... words) {
    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(() -> assertThat(run(socket, words)).contains(text));
  }

  private static void interrupt(Process process) throws Exception {
    new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
  }

  private static int freePort() throws Exception {
    try (var socket = new ServerSocket(0, 1, InetAddress.getByName("127.64.0.1"))) {
      return socket.getLocalPort();
    }
  }

  private static String run(Path socket, String... words) throws Exception {
    var process = start(socket, List.of(words));
    var text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return text;
  }

  private static Process start(Path socket, List<String> words) throws Exception {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-XX:TieredStopAtLevel=1");
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("--sun-misc-unsafe-memory-access=allow");
    command.add("-cp");
    command.add(
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    command.add("dev.aviary.emulator.cli.Main");
    command.addAll(words);
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("AVIARY_SOCKET", socket.toString());
    return builder.start();
  }
}
