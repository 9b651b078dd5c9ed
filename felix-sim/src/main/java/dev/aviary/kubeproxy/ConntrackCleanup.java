package dev.aviary.kubeproxy;

import dev.aviary.kernel.conntrack.ConntrackEntry;
import dev.aviary.kernel.packet.IpProtocol;
import dev.aviary.net.IpAddress;
import dev.aviary.net.IpFamily;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Which UDP flows must be forgotten after a change, since UDP has no end of a connection at which
 * they would be: those to a service that had no endpoints, and those to endpoints that are gone.
 */
final class ConntrackCleanup {
  /** Flows to {@code destination} or {@code port}, of those translated to {@code endpoint}. */
  record Flows(IpFamily family, Optional<String> destination, int port, Optional<String> endpoint) {
    boolean match(ConntrackEntry entry) {
      var original = entry.original();
      return original.protocol() == IpProtocol.UDP
          && original.destination().family() == family
          && destination
              .map(d -> IpAddress.of(d).equals(original.destination()))
              .orElse(original.destinationKey() == port)
          && endpoint
              .map(e -> entry.isDestinationNat() && IpAddress.of(e).equals(entry.reply().source()))
              .orElse(true);
    }

    /** As the command line of the conntrack tool. */
    String command() {
      var translated = endpoint.map(e -> " --dst-nat " + e).orElse("");
      var flows =
          destination
              .map(d -> "conntrack -D --orig-dst " + d + translated + " -p udp")
              .orElse("conntrack -D -p udp --dport " + port + translated);
      return family == IpFamily.IPV6 ? flows + " -f ipv6" : flows;
    }
  }

  private final KubeProxyVersion version;
  private final IpFamily family;

  ConntrackCleanup(KubeProxyConfig config) {
    this.version = config.version();
    this.family = config.family();
  }

  /** What to forget when the service ports {@code before} became {@code after}. */
  List<Flows> between(Map<String, ServicePort> before, Map<String, ServicePort> after) {
    var flows = new ArrayList<Flows>();
    before.forEach(
        (key, port) -> {
          var now = after.get(key);
          if (isUdp(port) && (now == null || !now.clusterIp().equals(port.clusterIp()))) {
            flows.add(to(port.clusterIp(), Optional.empty()));
          }
        });
    after.forEach(
        (key, port) -> {
          var was = before.get(key);
          if (isUdp(port) && hasAny(port) && (was == null || !hasAny(was))) {
            allOf(port, Optional.empty(), flows);
          }
        });
    before.forEach(
        (key, port) -> {
          var now = after.get(key);
          if (isUdp(port) && now != null) {
            for (var ip : gone(port, now)) {
              translated(now, ip, flows);
            }
          }
        });
    return flows;
  }

  private static boolean isUdp(ServicePort port) {
    return port.protocol().equals("udp");
  }

  private Flows to(String destination, Optional<String> endpoint) {
    return new Flows(family, Optional.of(destination), 0, endpoint);
  }

  /** Up to 1.22 an endpoint counted whether it was ready or not. */
  private boolean hasAny(ServicePort port) {
    return port.endpoints().stream().anyMatch(e -> !version.atLeast(23) || e.ready());
  }

  private void allOf(ServicePort port, Optional<String> endpoint, List<Flows> flows) {
    flows.add(to(port.clusterIp(), endpoint));
    port.externalIps().forEach(ip -> flows.add(to(ip, endpoint)));
    if (version.atLeast(21)) {
      port.loadBalancerIps().forEach(ip -> flows.add(to(ip, endpoint)));
    }
    if (port.nodePort() != 0) {
      flows.add(new Flows(family, Optional.empty(), port.nodePort(), endpoint));
    }
  }

  private void translated(ServicePort port, String ip, List<Flows> flows) {
    var endpoint = Optional.of(ip);
    if (port.nodePort() != 0) {
      flows.add(new Flows(family, Optional.empty(), port.nodePort(), endpoint));
    }
    flows.add(to(port.clusterIp(), endpoint));
    port.externalIps().forEach(external -> flows.add(to(external, endpoint)));
    port.loadBalancerIps().forEach(external -> flows.add(to(external, endpoint)));
  }

  /** Since 1.23 one that stops being ready is gone, since 1.29 one that stops serving. */
  private List<String> gone(ServicePort before, ServicePort after) {
    Predicate<Endpoint> counts =
        version.atLeast(29) ? Endpoint::serving : e -> !version.atLeast(23) || e.ready();
    Set<String> here = new HashSet<>();
    after.endpoints().stream().filter(counts).forEach(e -> here.add(e.text()));
    return before.endpoints().stream()
        .filter(counts)
        .filter(e -> !here.contains(e.text()))
        .map(Endpoint::ip)
        .toList();
  }

  /** By name and protocol, which together say which port of which service it is. */
  static Map<String, ServicePort> byKey(Iterable<ServicePort> ports) {
    var byKey = new HashMap<String, ServicePort>();
    ports.forEach(port -> byKey.put(port.name() + "/" + port.protocol(), port));
    return byKey;
  }
}
