package dev.aviary.it.bgp;

import static org.awaitility.Awaitility.await;

import dev.aviary.it.Peers;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** GoBGP. */
final class GobgpPeer extends RealPeer {
  private final Path files;
  private final int apiPort;

  /** Its neighbors wait until its routes are there: they are not in its file. */
  private boolean held;

  private GobgpPeer(Path folder, PeerSetup setup, Path files, int apiPort) throws IOException {
    super(folder, setup, launch(folder, setup, files, apiPort, false));
    this.files = files;
    this.apiPort = apiPort;
  }

  static RealPeer start(Path folder, PeerSetup setup) throws IOException, InterruptedException {
    int port;
    try (var probe = new ServerSocket(0, 1, InetAddress.getByName(setup.host()))) {
      port = probe.getLocalPort();
    }
    return new GobgpPeer(folder, setup, Peers.unpacked("gobgpd"), port);
  }

  @Override
  void ready() throws IOException, InterruptedException {
    await().atMost(Duration.ofSeconds(20)).until(() -> gobgp("global").contains("AS: "));
    for (var prefix : setup().prefixes()) {
      originate("add", prefix);
    }
    if (held) {
      held = false;
      for (var neighbor : setup().neighbors()) {
        gobgp("neighbor", neighbor.host(), "enable");
      }
    }
  }

  private static Process launch(
      Path folder, PeerSetup setup, Path files, int apiPort, boolean recovering)
      throws IOException {
    Files.writeString(folder.resolve("gobgp.toml"), config(setup, recovering));
    var words = new ArrayList<>(List.of(files.resolve("usr/bin/gobgpd").toString()));
    words.addAll(List.of("-f", folder.resolve("gobgp.toml").toString(), "--pprof-disable"));
    words.addAll(List.of("--api-hosts", setup.host() + ":" + apiPort));
    if (recovering) {
      words.add("-r");
    }
    return new ProcessBuilder(words)
        .directory(folder.toFile())
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("daemon.log").toFile()))
        .start();
  }

  @Override
  Process launch(boolean recovering) throws IOException {
    held = recovering;
    return launch(folder(), setup(), files, apiPort, recovering);
  }

  private String gobgp(String... command) throws IOException, InterruptedException {
    var words = new ArrayList<>(List.of(files.resolve("usr/bin/gobgp").toString()));
    words.addAll(List.of("-u", setup().host(), "-p", String.valueOf(apiPort)));
    words.addAll(List.of(command));
    return run(Map.of(), words.toArray(String[]::new));
  }

  private static String family(String prefix) {
    return prefix.contains(":") ? "ipv6" : "ipv4";
  }

  private void originate(String verb, String prefix) throws IOException, InterruptedException {
    var words = new ArrayList<>(List.of("global", "rib", verb, prefix));
    words.addAll(List.of("nexthop", prefix.contains(":") ? "2001:db8::30" : setup().host()));
    if (!setup().communities().isEmpty()) {
      words.addAll(List.of("community", String.join(",", setup().communities())));
    }
    words.addAll(List.of("-a", family(prefix)));
    gobgp(words.toArray(String[]::new));
  }

  @Override
  String show(String prefix) throws IOException, InterruptedException {
    return gobgp("global", "rib", prefix, "-a", family(prefix));
  }

  @Override
  int count() throws IOException, InterruptedException {
    return (int) gobgp("global", "rib").lines().filter(line -> line.startsWith("*>")).count();
  }

  @Override
  String sessions() throws IOException, InterruptedException {
    return gobgp("neighbor");
  }

  @Override
  void changed(PeerSetup before) throws IOException, InterruptedException {
    for (var prefix : before.prefixes()) {
      if (!setup().prefixes().contains(prefix)) {
        originate("del", prefix);
      }
    }
    for (var prefix : setup().prefixes()) {
      if (!before.prefixes().contains(prefix)) {
        originate("add", prefix);
      }
    }
  }

  private static String config(PeerSetup setup, boolean held) {
    var text =
        new StringBuilder(
            """
            [global.config]
              as = %d
              router-id = "%s"
              port = %d
              local-address-list = ["%s"]
            """
                .formatted(setup.as(), setup.routerId(), setup.address().getPort(), setup.host()));
    for (var neighbor : setup.neighbors()) {
      text.append(
          """
          [[neighbors]]
            [neighbors.config]
              neighbor-address = "%s"
              peer-as = %d
              auth-password = "%s"
              admin-down = %b
            [neighbors.transport.config]
              local-address = "%s"
              remote-port = %d
              passive-mode = %b
            [neighbors.timers.config]
              connect-retry = 1
              idle-hold-time-after-reset = 1
              hold-time = %d
              keepalive-interval = %d
            [neighbors.graceful-restart.config]
              enabled = %b
              restart-time = 60
          """
              .formatted(
                  neighbor.host(),
                  neighbor.as(),
                  setup.password(),
                  held,
                  setup.host(),
                  neighbor.address().getPort(),
                  setup.passive(),
                  setup.hold(),
                  Math.max(1, setup.hold() / 3),
                  setup.gracefulRestart()));
      if (neighbor.as() != setup.as()) {
        text.append(
            "  [neighbors.ebgp-multihop.config]\n    enabled = true\n    multihop-ttl = 10\n");
      }
      if (setup.reflector()) {
        text.append(
            """
              [neighbors.route-reflector.config]
                route-reflector-client = true
                route-reflector-cluster-id = "%s"
            """
                .formatted(setup.routerId()));
      }
      for (var family : List.of("ipv4", "ipv6")) {
        text.append(
            """
              [[neighbors.afi-safis]]
                [neighbors.afi-safis.config]
                  afi-safi-name = "%s-unicast"
                [neighbors.afi-safis.mp-graceful-restart.config]
                  enabled = %b
            """
                .formatted(family, setup.gracefulRestart()));
        if (setup.addPath()) {
          text.append(
              """
                  [neighbors.afi-safis.add-paths.config]
                    receive = true
                    send-max = 8
              """);
        }
      }
    }
    return text.toString();
  }
}
