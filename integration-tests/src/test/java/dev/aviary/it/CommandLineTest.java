package dev.aviary.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.aviary.emulator.cli.Main;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommandLineTest {
  private record Ran(int code, String out, String err) {}

  private static Ran aviary(String... words) {
    var out = new ByteArrayOutputStream();
    var err = new ByteArrayOutputStream();
    int code =
        Main.run(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            List.of(words));
    return new Ran(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  @TempDir private Path folder = Path.of("");

  private String file(String name, String text) throws Exception {
    return Files.writeString(folder.resolve(name), text).toString();
  }

  @Test
  void theDemoTellsItsStory() {
    var ran = aviary("demo");
    assertThat(ran.code()).as(ran.err()).isZero();
    // conntrack counts its entries on stderr, as the real one does.
    assertThat(ran.err().lines()).allMatch(line -> line.startsWith("conntrack v"));
    assertThat(ran.out())
        .contains("| 192.168.43.153 | node-to-node mesh | up    |")
        .contains("10.244.166.128/26 via 192.168.43.153 dev ens33 proto bird")
        .contains("=> answered by 10.244.166.159:80 (test/pod2)")
        .containsPattern("every session up, every route in every kernel +\\d+\\.\\d\\d s");
  }

  @Test
  void aScriptEndsAtTheFirstVerbThatFails() throws Exception {
    var script =
        file("s.txt", "# hello\n-trace pod1 10.244.219.99\nexec nowhere -- ip route\nget pods\n");
    var ran = aviary("run", "-f", file("c.yaml", demo()), "--virtual", script);
    assertThat(ran.code()).isEqualTo(1);
    assertThat(ran.out()).contains("hello\n").doesNotContain("get pods");
    assertThat(ran.err())
        .contains("there is no node, pod or host 'nowhere'")
        .contains("s.txt:3: exit code 1");
  }

  @Test
  void aCaptureHoldsTheFramesOfTheScript() throws Exception {
    var pcap = folder.resolve("x.pcap");
    var script =
        file(
            "s.txt",
            """
            exec node1 -- tcpdump -i ens33 -w %s &
            trace pod1 pod2:80
            trace pod1 pod2 --proto icmp
            trace client master:30000
            -trace pod1 nobody:80
            """
                .formatted(pcap));
    var ran = aviary("run", "-f", file("c.yaml", demo()), "--virtual", script);
    assertThat(ran.code()).as(ran.err()).isZero();
    assertThat(ran.err()).contains("listening on ens33").containsPattern("\\d+ packets captured");
    var octets = Files.readAllBytes(pcap);
    // The magic of nanosecond stamps, then frames of which one is for node1's address.
    assertThat(octets).startsWith(0xa1, 0xb2, 0x3c, 0x4d).hasSizeGreaterThan(500);
    assertThat(HexFormat.of().formatHex(octets)).contains("000c29aa0153");
    assertThat(Peers.tshark(pcap, "frame")).isNotEmpty();
    // No frame that it cannot read, and no checksum that is wrong.
    assertThat(
            Peers.tshark(
                pcap,
                "_ws.malformed || ip.checksum.status == 0 || tcp.checksum.status == 0"
                    + " || udp.checksum.status == 0 || icmp.checksum.status == 0"))
        .isEmpty();
  }

  private static String demo() {
    return Clusters.text("/dev/aviary/emulator/demo/cluster.yaml");
  }

  @Test
  void badInputIsOneLineAndExitCode3() throws Exception {
    var bad = file("bad.yaml", demo().replace("blockSize: 26", "blockSize: 33"));
    var ran = aviary("up", "-f", bad);
    assertThat(ran.code()).isEqualTo(3);
    assertThat(ran.err().lines()).hasSize(1);
    assertThat(ran.err()).contains("bad.yaml:7: spec.blockSize: must be 20 to 32, is '33'");
    assertThat(ran.out()).isEmpty();
  }

  @Test
  void aSelectorThatIsNoneIsRefused() throws Exception {
    var ran =
        aviary(
            "up",
            "-f",
            file("t.yaml", demo().replace("nodeSelector: all()", "nodeSelector: all(")));
    assertThat(ran.code()).isEqualTo(3);
    assertThat(ran.err()).contains("t.yaml:11: spec.nodeSelector: 'all(': ");
  }

  @Test
  void dumpsOfANodeAreWalkedOffline() throws Exception {
    var node = Files.createDirectories(folder.resolve("n1"));
    Files.writeString(
        node.resolve("ip-addr.txt"),
        """
        1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536
        2: eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500
            link/ether 02:00:00:00:00:01 brd ff:ff:ff:ff:ff:ff
            inet 192.168.0.1/24 brd 192.168.0.255 scope global eth0
        7: cali1@if4: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500
            link/ether ee:ee:ee:ee:ee:ee brd ff:ff:ff:ff:ff:ff
        """);
    Files.writeString(
        node.resolve("ip-route.txt"),
        "default via 192.168.0.254 dev eth0\n10.244.0.5 dev cali1 scope link\n");
    Files.writeString(
        node.resolve("iptables-save.txt"),
        "*filter\n-A FORWARD -p tcp -m tcp --dport 81 -j DROP\nCOMMIT\n");
    var capture = folder.resolve("walk.pcapng");
    var ran =
        aviary(
            "trace",
            "--dump",
            node.toString(),
            "--capture",
            capture.toString(),
            "10.244.0.5",
            "8.8.8.8:80");
    assertThat(ran.code()).as(ran.err()).isZero();
    assertThat(ran.out())
        .contains("n1         in cali1         route default via 192.168.0.254 dev eth0")
        .contains("=> answered by 8.8.8.8:80");
    assertThat(Files.readString(capture, StandardCharsets.ISO_8859_1)).contains("n1:cali1");
    ran = aviary("trace", "--dump", node.toString(), "10.244.0.5", "8.8.8.8:81", "-o", "json");
    assertThat(ran.code()).isEqualTo(1);
    assertThat(ran.out()).contains("\"hit\": \"filter:FORWARD:rule:1\"");
    Files.writeString(node.resolve("ip-route.txt"), "default via 192.168.0.254 dev eth7\n");
    ran = aviary("trace", "--dump", node.toString(), "10.244.0.5", "8.8.8.8:80");
    assertThat(ran.code()).isEqualTo(3);
    assertThat(ran.err()).contains("ip-route.txt:1: there is no link 'eth7'");
  }

  @Test
  void aPortInUseIsExitCode4() throws Exception {
    try (var taken = new ServerSocket(0, 1, InetAddress.getByName("127.64.0.2"))) {
      var port = Integer.toString(taken.getLocalPort());
      var ran = aviary("up", "-f", file("c.yaml", demo()), "--bgp-port", port);
      assertThat(ran.code()).isEqualTo(4);
      assertThat(ran.err()).contains("cannot listen for BGP at 127.64.0.2:" + port);
    }
  }

  @Test
  void aVerbWithoutAClusterSaysHowToStartOne() throws Exception {
    var ran = start(folder.resolve("nobody.sock"), "get", "nodes");
    var text = new String(ran.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(ran.waitFor()).isEqualTo(4);
    assertThat(text).contains("start one with: aviary up -f FILE");
  }

  @Test
  void anUnknownOptionIsExitCode2() {
    var ran = aviary("trace", "a", "b", "--nonsense");
    assertThat(ran.code()).isEqualTo(2);
    assertThat(ran.err()).contains("--nonsense").contains("aviary trace --help");
  }

  @Test
  void everyVerbHasHelpWithExamples() {
    for (var verb : List.of("demo", "up", "run", "exec", "trace", "get", "speaker", "wait")) {
      var ran = aviary(verb, "--help");
      assertThat(ran.code()).as(verb).isZero();
      assertThat(ran.out()).as(verb).contains("Example").contains("aviary " + verb);
    }
  }

  /** A process of its own: another terminal talks to it, then Ctrl-C ends it. */
  @Test
  void aClusterServesOtherTerminalsUntilInterrupted() throws Exception {
    var socket = folder.resolve("control.sock");
    var up = start(socket, "up", "-f", file("c.yaml", demo()), "--bgp-port", "0");
    try {
      await().atMost(Duration.ofSeconds(60)).until(() -> Files.exists(socket));
      var status = start(socket, "wait");
      assertThat(status.waitFor(60, TimeUnit.SECONDS)).isTrue();
      var routes = start(socket, "exec", "node1", "--", "ip", "route");
      var text = new String(routes.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(text).contains("10.244.219.64/26 via 192.168.43.152 dev ens33 proto bird");
      new ProcessBuilder("kill", "-INT", Long.toString(up.pid())).start().waitFor();
      assertThat(up.waitFor(30, TimeUnit.SECONDS)).isTrue();
      assertThat(up.exitValue()).isEqualTo(130);
      assertThat(socket).doesNotExist();
    } finally {
      up.destroyForcibly();
    }
  }

  private static Process start(Path socket, String... words) throws Exception {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("--sun-misc-unsafe-memory-access=allow");
    command.add("-cp");
    command.add(
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    command.add("dev.aviary.emulator.cli.Main");
    command.addAll(List.of(words));
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("AVIARY_SOCKET", socket.toString());
    return builder.start();
  }
}
