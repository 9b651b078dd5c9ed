package dev.aviary.it.bgp;

import static org.awaitility.Awaitility.await;

import dev.aviary.it.Peers;
import java.io.IOException;
import java.net.Inet6Address;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** BIRD, 1.6.8 or 2.0.12. */
final class BirdPeer extends RealPeer {
  private final Path files;
  private final boolean old;
  private final String suffix;

  private BirdPeer(Path folder, PeerSetup setup, Path files, boolean old) throws IOException {
    super(folder, setup, launch(folder, setup, files, old, false));
    this.files = files;
    this.old = old;
    this.suffix = suffix(setup, old);
  }

  /** BIRD 1.6 is two programs; the one for IPv6 has sessions over IPv6 only. */
  private static String suffix(PeerSetup setup, boolean old) {
    return old && setup.address().getAddress() instanceof Inet6Address ? "6" : "";
  }

  static RealPeer start(Path folder, PeerSetup setup, boolean old)
      throws IOException, InterruptedException {
    return new BirdPeer(folder, setup, Peers.unpacked(old ? "bird" : "bird2"), old);
  }

  @Override
  void ready() {
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> birdc("show", "status").contains("Daemon is up and running"));
  }

  private static Process launch(
      Path folder, PeerSetup setup, Path files, boolean old, boolean recovering)
      throws IOException {
    Files.writeString(folder.resolve("bird.conf"), config(setup, old));
    var words =
        new ArrayList<>(
            List.of(
                files.resolve("usr/sbin/bird" + suffix(setup, old)).toString(),
                "-f",
                "-c",
                "bird.conf"));
    words.addAll(List.of("-s", "bird.ctl", "-P", "bird.pid"));
    if (recovering) {
      words.add("-R");
    }
    return new ProcessBuilder(words)
        .directory(folder.toFile())
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("daemon.log").toFile()))
        .start();
  }

  @Override
  Process launch(boolean recovering) throws IOException {
    return launch(folder(), setup(), files, old, recovering);
  }

  private String birdc(String... command) throws IOException, InterruptedException {
    var words = new ArrayList<>(List.of(files.resolve("usr/sbin/birdc" + suffix).toString(), "-s"));
    words.add("bird.ctl");
    words.addAll(List.of(command));
    return run(Map.of(), words.toArray(String[]::new));
  }

  @Override
  String show(String prefix) throws IOException, InterruptedException {
    return birdc("show", "route", prefix, "all");
  }

  @Override
  int count() throws IOException, InterruptedException {
    var text = birdc("show", "route", "count");
    var matcher = java.util.regex.Pattern.compile("for (\\d+) networks").matcher(text);
    return matcher.find() ? Integer.parseInt(matcher.group(1)) : 0;
  }

  @Override
  String sessions() throws IOException, InterruptedException {
    return birdc("show", "protocols", "all");
  }

  @Override
  void changed(PeerSetup before) throws IOException, InterruptedException {
    Files.writeString(folder().resolve("bird.conf"), config(setup(), old));
    birdc("configure");
  }

  private static String config(PeerSetup setup, boolean old) {
    var text = new StringBuilder("router id " + setup.routerId() + ";\n");
    if (old) {
      text.append(
          "listen bgp address %s port %d;\n".formatted(setup.host(), setup.address().getPort()));
    }
    text.append("protocol device { scan time 10; }\n");
    boolean six = !suffix(setup, old).isEmpty();
    for (boolean v6 : old ? new boolean[] {six} : new boolean[] {false, true}) {
      text.append("protocol static blocks%s {\n".formatted(v6 ? "6" : ""));
      if (!old) {
        text.append(v6 ? "  ipv6;\n" : "  ipv4;\n");
      }
      for (var prefix : setup.prefixes()) {
        if (prefix.contains(":") == v6) {
          text.append("  route %s blackhole;\n".formatted(prefix));
        }
      }
      text.append("}\n");
    }
    text.append("filter told {\n");
    if (six) {
      // Its own address, ::1, is none that it would tell of.
      text.append("  if source = RTS_STATIC then bgp_next_hop = 2001:db8::20;\n");
    }
    for (var community : setup.communities()) {
      text.append(
          "  if source = RTS_STATIC then bgp_community.add((%s));\n"
              .formatted(community.replace(':', ',')));
    }
    text.append("  accept;\n}\n");
    for (var neighbor : setup.neighbors()) {
      text.append(session(setup, neighbor, old));
    }
    return text.toString();
  }

  private static String session(PeerSetup setup, PeerSetup.Neighbor neighbor, boolean old) {
    var text = new StringBuilder("protocol bgp " + neighbor.name() + " {\n");
    text.append(
        old
            ? "  local as %d;\n  source address %s;\n".formatted(setup.as(), setup.host())
            : "  local %s port %d as %d;\n  strict bind on;\n"
                .formatted(setup.host(), setup.address().getPort(), setup.as()));
    text.append(
        """
          neighbor %s port %d as %d;
          multihop;
          hold time %d;
          connect delay time 1;
          connect retry time 1;
          error wait time 1,2;
          graceful restart %s;
        """
            .formatted(
                neighbor.host(),
                neighbor.address().getPort(),
                neighbor.as(),
                setup.hold(),
                setup.gracefulRestart() ? "on" : "aware"));
    if (setup.passive()) {
      text.append("  passive on;\n");
    }
    if (setup.reflector()) {
      text.append("  rr client;\n");
    }
    if (!setup.password().isEmpty()) {
      text.append("  password \"%s\";\n".formatted(setup.password()));
    }
    if (!setup.fourOctetAs()) {
      text.append("  enable as4 off;\n");
    }
    var paths = setup.addPath() ? " add paths on;" : "";
    if (old) {
      text.append("  import all;\n  export filter told;\n " + paths + "\n");
    } else {
      text.append("  ipv4 { import all; export filter told;%s };\n".formatted(paths));
      text.append(
          "  ipv6 { import all; export filter told; next hop address 2001:db8::20;%s };\n"
              .formatted(paths));
    }
    return text.append("}\n").toString();
  }
}
