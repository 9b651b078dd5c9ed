package dev.aviary.it.bgp;

import static org.awaitility.Awaitility.await;

import dev.aviary.it.Peers;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** FRR's bgpd alone, without zebra. */
final class FrrPeer extends RealPeer {
  private static final Pattern TOTAL = Pattern.compile("Displayed +(\\d+) routes");

  private final Path files;

  private FrrPeer(Path folder, PeerSetup setup, Path files) throws IOException {
    super(folder, setup, launch(folder, setup, files));
    this.files = files;
  }

  static RealPeer start(Path folder, PeerSetup setup) throws IOException, InterruptedException {
    var files = Peers.unpacked("frr", "libyang2", "librtr0", "libjson-c5", "libcap2", "libc-ares2");
    return new FrrPeer(folder, setup, files);
  }

  @Override
  void ready() {
    var socket = folder().resolve("bgpd.vty");
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> Files.exists(socket) && ask("show version").contains("FRR"));
  }

  private static Map<String, String> environment(Path files) {
    return Map.of(
        "LD_LIBRARY_PATH",
        "%1$s/usr/lib/x86_64-linux-gnu/frr:%1$s/usr/lib/x86_64-linux-gnu:%1$s/lib/x86_64-linux-gnu"
            .formatted(files));
  }

  private static Process launch(Path folder, PeerSetup setup, Path files) throws IOException {
    Files.writeString(folder.resolve("bgpd.conf"), config(setup));
    var words =
        new ArrayList<>(List.of(files.resolve("usr/lib/frr/bgpd").toString(), "-Z", "-n", "-S"));
    words.addAll(List.of("--skip_runas", "-f", folder.resolve("bgpd.conf").toString()));
    words.addAll(List.of("-p", String.valueOf(setup.address().getPort()), "-l", setup.host()));
    words.addAll(List.of("-i", folder.resolve("bgpd.pid").toString()));
    words.addAll(List.of("--vty_socket", folder.toString(), "-P", "0", "-A", setup.host()));
    var builder =
        new ProcessBuilder(words)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(
                ProcessBuilder.Redirect.appendTo(folder.resolve("daemon.log").toFile()));
    builder.environment().putAll(environment(files));
    return builder.start();
  }

  @Override
  Process launch(boolean recovering) throws IOException {
    return launch(folder(), setup(), files);
  }

  /**
   * Asks as vtysh does, which itself would ask PAM first: a command ends with a zero octet, an
   * answer with three and the command's status.
   */
  private String ask(String... commands) throws IOException {
    var answer = new ByteArrayOutputStream();
    var at = UnixDomainSocketAddress.of(folder().resolve("bgpd.vty"));
    try (var channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      if (!channel.connect(at)) {
        throw new IOException("not connected");
      }
      var octet = ByteBuffer.allocate(1);
      for (var command : commands) {
        channel.write(ByteBuffer.wrap((command + "\0").getBytes(StandardCharsets.UTF_8)));
        for (int zeros = 0; zeros < 3; ) {
          if (channel.read(octet.clear()) < 0) {
            throw new IOException("bgpd hung up");
          }
          byte got = octet.get(0);
          zeros = got == 0 ? zeros + 1 : 0;
          if (got != 0) {
            answer.write(got);
          }
        }
        channel.read(octet.clear());
      }
    } catch (ConnectException _) {
      return ""; // not there yet, or not any more
    }
    return answer.toString(StandardCharsets.UTF_8);
  }

  private static String family(String prefix) {
    return prefix.contains(":") ? "ipv6" : "ipv4";
  }

  @Override
  String show(String prefix) throws IOException {
    return ask("show bgp %s unicast %s".formatted(family(prefix), prefix));
  }

  @Override
  int count() throws IOException {
    var matcher = TOTAL.matcher(ask("show bgp ipv4 unicast"));
    return matcher.find() ? Integer.parseInt(matcher.group(1)) : 0;
  }

  @Override
  String sessions() throws IOException {
    return ask("show bgp neighbors");
  }

  @Override
  void changed(PeerSetup before) throws IOException {
    var lines =
        new ArrayList<>(List.of("enable", "configure terminal", "router bgp " + setup().as()));
    for (var family : List.of("ipv4", "ipv6")) {
      lines.add("address-family " + family + " unicast");
      for (var prefix : before.prefixes()) {
        if (family(prefix).equals(family) && !setup().prefixes().contains(prefix)) {
          lines.add("no network " + prefix);
        }
      }
      for (var prefix : setup().prefixes()) {
        if (family(prefix).equals(family) && !before.prefixes().contains(prefix)) {
          lines.add("network " + prefix);
        }
      }
      lines.add("exit-address-family");
    }
    ask(lines.toArray(String[]::new));
  }

  /**
   * Without the delay of 5 s a restarted bgpd says End-of-RIB before its route maps let any out.
   */
  private static String config(PeerSetup setup) {
    var text =
        new StringBuilder(
            """
            bgp route-map delay-timer 0
            router bgp %d
             bgp router-id %s
             no bgp ebgp-requires-policy
             no bgp network import-check
            """
                .formatted(setup.as(), setup.routerId()));
    if (setup.gracefulRestart()) {
      text.append(
          """
           bgp graceful-restart
           bgp graceful-restart restart-time 60
           bgp graceful-restart preserve-fw-state
          """);
    }
    for (var neighbor : setup.neighbors()) {
      var line = " neighbor " + neighbor.host() + " ";
      text.append(line + "remote-as " + neighbor.as() + "\n");
      text.append(line + "port " + neighbor.address().getPort() + "\n");
      text.append(line + "update-source " + setup.host() + "\n");
      if (neighbor.as() != setup.as()) {
        text.append(line + "ebgp-multihop 10\n");
      }
      text.append(line + "disable-connected-check\n");
      text.append(line + "timers connect 1\n");
      text.append(line + "timers %d %d\n".formatted(Math.max(1, setup.hold() / 3), setup.hold()));
      text.append(line + "advertisement-interval 0\n");
      if (setup.passive()) {
        text.append(line + "passive\n");
      }
      if (!setup.password().isEmpty()) {
        text.append(line + "password " + setup.password() + "\n");
      }
    }
    for (var family : List.of("ipv4", "ipv6")) {
      text.append(" address-family " + family + " unicast\n");
      for (var prefix : setup.prefixes()) {
        if (family(prefix).equals(family)) {
          text.append("  network " + prefix + "\n");
        }
      }
      for (var neighbor : setup.neighbors()) {
        var line = "  neighbor " + neighbor.host() + " ";
        text.append(line + "activate\n");
        text.append(line + "route-map out" + family + " out\n");
        if (setup.reflector()) {
          text.append(line + "route-reflector-client\n");
        }
        if (setup.addPath()) {
          text.append(line + "addpath-tx-all-paths\n");
        }
      }
      text.append(" exit-address-family\n");
    }
    text.append("bgp as-path access-list ours permit ^$\n");
    for (var family : List.of("ipv4", "ipv6")) {
      text.append("route-map out%s permit 10\n match as-path ours\n".formatted(family));
      if (family.equals("ipv6")) {
        text.append(" set ipv6 next-hop global 2001:db8::40\n");
      }
      if (!setup.communities().isEmpty()) {
        text.append(" set community " + String.join(" ", setup.communities()) + "\n");
      }
      text.append("route-map out%s permit 20\n".formatted(family));
    }
    return text.toString();
  }
}
