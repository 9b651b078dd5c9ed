package dev.aviary.kernel;

import dev.aviary.kernel.command.Commands;
import dev.aviary.kernel.netfilter.TableName;
import dev.aviary.kernel.packet.MacAddress;
import dev.aviary.kernel.route.KernelRoute;
import dev.aviary.net.IpAddress;
import dev.aviary.net.IpFamily;
import dev.aviary.net.Ipv4Address;
import dev.aviary.net.Prefix;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Hosts, nodes and pods built from a scenario. */
final class Lab {
  private static final MacAddress CALI = MacAddress.of("ee:ee:ee:ee:ee:ee");

  private final Map<String, Kernel> kernels = new LinkedHashMap<>();
  private final Map<String, Segment> segments = new LinkedHashMap<>();
  private final Map<String, SteeredRandom> random = new HashMap<>();
  private final List<String> traced = new ArrayList<>();
  private Instant now = Instant.parse("2026-11-22T11:03:06Z");
  private final InstantSource clock = () -> now;

  Lab(JsonNode scenario) throws RestoreException {
    for (var network : scenario.path("networks")) {
      var name = network.path("name").asString();
      segments.put(name, new Segment(name));
    }
    // Gateways first: nodes and hosts are plugged in as the scenario lists them.
    for (var host : scenario.path("hosts")) {
      links(kernel(host.path("name").asString()), host);
    }
    for (var node : scenario.path("nodes")) {
      links(kernel(node.path("name").asString()), node);
    }
    for (var pod : scenario.path("pods")) {
      pod(pod);
    }
    for (var node : scenario.path("nodes")) {
      bridges(get(node.path("name").asString()), node);
    }
    for (var host : scenario.path("hosts")) {
      finish(get(host.path("name").asString()), host);
    }
    for (var node : scenario.path("nodes")) {
      var kernel = get(node.path("name").asString());
      finish(kernel, node);
      traced.add(kernel.hostName());
      tables(kernel, node);
    }
  }

  private Kernel kernel(String name) {
    var draws = new SteeredRandom(name.hashCode());
    var kernel = new Kernel(name, clock, draws);
    kernels.put(name, kernel);
    random.put(name, draws);
    return kernel;
  }

  Kernel get(String name) {
    var kernel = kernels.get(name);
    if (kernel == null) {
      throw new IllegalArgumentException("no host " + name);
    }
    return kernel;
  }

  private Segment segment(String name) {
    return segments.computeIfAbsent(name, Segment::new);
  }

  Iterable<Kernel> all() {
    return kernels.values();
  }

  /** Makes the next draws of {@code statistic} on a host miss so often, then hit. */
  void steer(String name, List<Integer> misses) {
    var draws = random.get(name);
    if (draws != null) {
      draws.steer(misses);
    }
  }

  boolean isTraced(String name) {
    return traced.contains(name);
  }

  void advance(Duration by) {
    now = now.plus(by);
  }

  private void links(Kernel kernel, JsonNode host) {
    for (var link : host.path("links")) {
      var dev = link.path("dev").asString();
      kernel
          .links()
          .addPhysical(
              dev,
              MacAddress.of(link.path("mac").asString()),
              link.path("mtu").asInt(1500),
              segment(link.path("net").asString()));
      kernel.links().up(dev);
      addresses(kernel, dev, link);
    }
  }

  private static void addresses(Kernel kernel, String dev, JsonNode link) {
    for (var text : link.path("addrs")) {
      var words = text.asString().split(" ", -1);
      int slash = words[0].indexOf('/');
      var address =
          InterfaceAddress.of(
              IpAddress.of(words[0].substring(0, slash)),
              Integer.parseInt(words[0].substring(slash + 1)),
              dev);
      for (int i = 1; i < words.length; i++) {
        if (words[i].equals("noprefixroute")) {
          address = address.withNoPrefixRoute();
        } else if (words[i].equals("brd")) {
          address = address.withBroadcast(IpAddress.of(words[++i]));
        }
      }
      kernel.links().addAddress(dev, address);
    }
  }

  private static void bridges(Kernel kernel, JsonNode node) {
    for (var bridge : node.path("bridges")) {
      var dev = bridge.path("dev").asString();
      kernel.links().addBridge(dev, MacAddress.of("26:c1:ec:e8:3e:05"));
      kernel.links().up(dev);
      addresses(kernel, dev, bridge);
    }
  }

  private void pod(JsonNode pod) {
    var kernel = kernel(pod.path("name").asString());
    var node = get(pod.path("node").asString());
    var host = pod.path("host_if").asString();
    node.links()
        .addVeth(host, CALI, 1500, kernel, "eth0", MacAddress.of(pod.path("mac").asString()));
    node.links().up(host);
    kernel.links().up("eth0");
    kernel
        .links()
        .addAddress(
            "eth0", InterfaceAddress.of(IpAddress.of(pod.path("ip").asString()), 32, "eth0"));
    var gateway = IpAddress.of("169.254.1.1");
    check(kernel.addRoute(KernelRoute.on(gateway.toPrefix(), "eth0")));
    check(kernel.addRoute(KernelRoute.via(Prefix.of(Ipv4Address.UNSPECIFIED, 0), gateway, "eth0")));
    node.sysctls().set("net.ipv4.conf." + host + ".proxy_arp", 1);
    node.sysctls().set("net.ipv4.conf." + host + ".route_localnet", 1);
    node.sysctls().set("net.ipv4.neigh." + host + ".proxy_delay", 0);
    listen(kernel, pod);
  }

  private static void check(dev.aviary.kernel.route.RouteChange change) {
    if (!change.isDone()) {
      throw new IllegalArgumentException(change.text());
    }
  }

  private static void finish(Kernel kernel, JsonNode host) {
    kernel.sysctls().set("net.ipv4.icmp_ratelimit", 0);
    var forward = host.path("sysctls").path("net.ipv4.ip_forward");
    if (!forward.isMissingNode()) {
      kernel.sysctls().set("net.ipv4.ip_forward", forward.asString());
    }
    for (var entry : host.path("sysctls").properties()) {
      if (entry.getKey().equals("net.ipv4.ip_forward")) {
        continue;
      }
      if (!kernel.sysctls().set(entry.getKey(), entry.getValue().asString())) {
        throw new IllegalArgumentException("no sysctl " + entry.getKey());
      }
    }
    for (var route : host.path("routes")) {
      command(kernel, "ip route add " + route.asString());
    }
    listen(kernel, host);
  }

  static void command(Kernel kernel, String line) {
    var result = Commands.run(kernel, List.of(line.split(" ", -1)));
    if (result.exit() != 0) {
      throw new IllegalArgumentException(kernel + ": " + line + ": " + result.stderr());
    }
  }

  private static void listen(Kernel kernel, JsonNode host) {
    for (var protocol : List.of("tcp", "udp")) {
      for (var port : host.path("listen").path(protocol)) {
        kernel
            .sockets()
            .listen(
                protocol.equals("tcp") ? 6 : 17,
                null,
                port.asInt(),
                (local, peer, payload) -> report(kernel, local, peer));
      }
    }
  }

  private static byte[] report(Kernel kernel, Endpoint local, Endpoint peer) {
    var text =
        "{\"at\": \""
            + kernel.hostName()
            + "\", \"local\": [\""
            + local.address()
            + "\", "
            + local.port()
            + "], \"peer\": [\""
            + peer.address()
            + "\", "
            + peer.port()
            + "]}\n";
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static void tables(Kernel kernel, JsonNode node) throws RestoreException {
    var tables = kernel.netfilter(IpFamily.IPV4);
    if (node.path("ipset").isString()) {
      kernel.ipsetRestore(node.path("ipset").asString());
    }
    if (node.path("iptables").isString()) {
      kernel.iptablesRestore(IpFamily.IPV4, node.path("iptables").asString(), false);
    }
    tables.touch(TableName.RAW); // its tracer was put there
    for (var line : node.path("exec")) {
      command(kernel, line.asString());
    }
  }
}
