package dev.aviary.it;

import dev.aviary.kernel.Conversation;
import dev.aviary.kernel.Endpoint;
import dev.aviary.kernel.InterfaceAddress;
import dev.aviary.kernel.Kernel;
import dev.aviary.kernel.Neighbor;
import dev.aviary.kernel.Outcome;
import dev.aviary.kernel.PacketWalk;
import dev.aviary.kernel.Probe;
import dev.aviary.kernel.RestoreException;
import dev.aviary.kernel.Segment;
import dev.aviary.kernel.command.Commands;
import dev.aviary.kernel.packet.MacAddress;
import dev.aviary.kernel.route.KernelRoute;
import dev.aviary.net.IpAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Two hosts and a router here, asked the same as {@link RealLab}. */
final class SimulatedLab {
  private static final Instant NOW = Instant.parse("2026-11-25T12:00:00Z");

  private final LabAddresses lab;
  private final Map<String, Kernel> hosts;

  SimulatedLab(LabAddresses lab, long seed) {
    this.lab = lab;
    var left = new Segment("left");
    var right = new Segment("right");
    var a = new Kernel("a", () -> NOW, new Random(seed));
    var r = new Kernel("r", () -> NOW, new Random(seed + 1));
    var b = new Kernel("b", () -> NOW, new Random(seed + 2));
    link(a, "a0", 1, left, lab.a());
    link(r, "r0", 2, left, lab.r().subList(0, 1));
    link(r, "r1", 3, right, lab.r().subList(1, 2));
    link(b, "b0", 4, right, lab.b());
    r.sysctls().set("net.ipv4.ip_forward", 1);
    r.sysctls().set("net.ipv6.conf.all.forwarding", 1);
    byDefault(a, "a0", lab.r().getFirst());
    byDefault(b, "b0", lab.r().getLast());
    hosts = Map.of("a", a, "r", r, "b", b);
    for (var host : hosts.values()) {
      host.sysctls().set("net.ipv4.icmp_ratemask", 0);
      host.sysctls().set("net.ipv4.icmp_msgs_per_sec", 100_000);
      host.sysctls().set("net.ipv4.icmp_msgs_burst", 10_000);
      host.sysctls().set("net.ipv4.conf.all.send_redirects", 0);
      host.sysctls().set("net.ipv6.icmp.ratelimit", 0);
    }
    var nobody = IpAddress.of(lab.nobody());
    r.neighbors().put("r1", nobody, MacAddress.of("02:00:00:00:00:04"), Neighbor.State.PERMANENT);
    listen(b, List.of(53, 80, 443), lab.b());
    listen(a, List.of(80), lab.a());
    listen(r, List.of(80), lab.r());
  }

  /** At these addresses and no others, so that what is redirected to the host itself is refused. */
  private static void listen(Kernel host, List<Integer> ports, List<String> addresses) {
    for (var address : addresses) {
      for (int port : ports) {
        host.sockets().listen(6, IpAddress.of(address), port, SimulatedLab::answer);
        host.sockets().listen(17, IpAddress.of(address), port, SimulatedLab::answer);
      }
    }
  }

  /** Two servers that answered each other's answers would never come to an end. */
  private static byte @Nullable [] answer(Endpoint local, Endpoint peer, byte[] payload) {
    return payload.length == 1 && payload[0] == 'x' ? new byte[] {'y'} : null;
  }

  private void link(Kernel host, String name, int mac, Segment segment, List<String> addresses) {
    host.links().addPhysical(name, MacAddress.of("02:00:00:00:00:0" + mac), 1500, segment);
    host.links().up(name);
    host.sysctls().set("net.ipv4.conf." + name + ".send_redirects", 0);
    for (var address : addresses) {
      host.links().addAddress(name, InterfaceAddress.of(IpAddress.of(address), lab.length(), name));
    }
  }

  private void byDefault(Kernel host, String device, String gateway) {
    host.addRoute(
        KernelRoute.via(KernelRoute.everything(lab.family()), IpAddress.of(gateway), device));
  }

  private Kernel host(String name) {
    var host = hosts.get(name);
    if (host == null) {
      throw new IllegalArgumentException("no host " + name);
    }
    return host;
  }

  /** Counters, connections and outcomes, in the lines of {@link RealLab#run}. */
  List<String> run(String sets, String tables, List<RandomLab.Sent> probes)
      throws RestoreException {
    var router = host("r");
    router.ipsetRestore(sets);
    router.iptablesRestore(lab.family(), tables, false);
    var lines = new ArrayList<String>();
    for (var sent : probes) {
      lines.add("outcome " + sent.port() + " " + outcome(sent));
    }
    lines.addAll(RealLab.counters(router.iptablesSave(lab.family(), null, true)));
    var connections = Commands.run(router, List.of("cat", "/proc/net/nf_conntrack")).stdout();
    lines.addAll(RealLab.connections(connections));
    return lines;
  }

  private String outcome(RandomLab.Sent sent) {
    var to = IpAddress.of(sent.to());
    var probe =
        switch (sent.protocol()) {
          case "tcp" -> Probe.tcp(to, sent.toPort()).withPayload("");
          case "udp" -> Probe.udp(to, sent.toPort()).withPayload("x");
          default -> Probe.ping(to).withPayload("x".repeat(8));
        };
    var conversation =
        Conversation.start(
            host(sent.from()),
            probe.withSource(IpAddress.of(sent.source()), sent.port()),
            PacketWalk.silent());
    if (sent.protocol().equals("tcp")) {
      boolean connected = conversation.isConnected();
      conversation.abort();
      return connected ? "ok" : "-";
    }
    conversation.close();
    boolean told = RealLab.isTold(sent);
    return switch (conversation.outcome()) {
      case Outcome.Answered _ -> "ok";
      case Outcome.Refused(var errno) -> told ? errno : "-";
      case Outcome.Failed(var errno, _) -> told ? errno : "-";
      case Outcome.LocalError(var errno) -> told ? errno : "-";
      case Outcome.TimedOut _ -> "-";
    };
  }
}
