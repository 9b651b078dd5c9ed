package dev.aviary.emulator.cluster;

import dev.aviary.kernel.Kernel;
import dev.aviary.kernel.Link;
import dev.aviary.kernel.RouteQuery;
import dev.aviary.kernel.route.RouteType;
import dev.aviary.net.IpAddress;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whether the packets of a session get from one address to another: by each kernel's own routes,
 * links and segments, routers between included. It only looks: no connection, counter or neighbor
 * entry comes of it.
 */
final class Reachability {
  /** The TTL of packets that nobody set one for. */
  private static final int MOST_HOPS = 64;

  private Reachability() {}

  /** What keeps packets of {@code kernel} from {@code to}; empty if they get there. */
  static Optional<String> obstacle(Kernel kernel, IpAddress from, IpAddress to) {
    var at = kernel;
    for (int hop = 0; hop < MOST_HOPS; hop++) {
      if (isOwn(at, to)) {
        return Optional.empty();
      }
      if (hop > 0 && !forwards(at, to)) {
        return Optional.of(at.hostName() + " does not forward");
      }
      var answer = RouteQuery.ask(at, to, hop == 0 && isOwn(at, from) ? from : null, 0, null);
      if (answer instanceof RouteQuery.Refused(var message)) {
        return Optional.of(at.hostName() + " has no way to " + to + ": " + message);
      }
      if (!(answer instanceof RouteQuery.Found found) || found.type() != RouteType.UNICAST) {
        return Optional.of(at.hostName() + " has no way to " + to);
      }
      var gateway = found.gateway();
      var next = next(at, found.device(), gateway == null ? to : gateway);
      if (next.kernel() == null) {
        return Optional.of(next.obstacle());
      }
      at = next.kernel();
    }
    return Optional.of("packets to " + to + " go round and round");
  }

  /** Who takes a packet next, or why nobody does. */
  private record Next(@Nullable Kernel kernel, String obstacle) {}

  private static Next next(Kernel at, String device, IpAddress gateway) {
    var name = at.hostName() + "." + device;
    var link = at.links().find(device).orElse(null);
    if (link == null || !link.isUp()) {
      return new Next(null, name + " is down");
    }
    if (link instanceof Link.Veth veth) {
      var peer = veth.peer();
      return peer == null || !peer.isUp()
          ? new Next(null, "the other end of " + name + " is down")
          : new Next(peer.kernel(), "");
    }
    if (!(link instanceof Link.Physical card)) {
      return new Next(null, gateway + " is not on a segment: " + name);
    }
    var segment = card.segment();
    if (!segment.isUp()) {
      return new Next(null, "segment " + segment.name() + " is down");
    }
    for (var member : segment.members()) {
      if (member == card || !has(member, gateway)) {
        continue;
      }
      var there = member.kernel().hostName() + "." + member.name();
      if (!member.isUp()) {
        return new Next(null, there + " is down");
      }
      // A packet is no use if the answer to "who has it?" gets lost.
      if (!segment.carries(card, member) || !segment.carries(member, card)) {
        var lost = segment.carries(card, member) ? there + " to " + name : name + " to " + there;
        return new Next(null, "segment %s loses what goes from %s".formatted(segment.name(), lost));
      }
      return new Next(member.kernel(), "");
    }
    return new Next(null, "nobody on segment " + segment.name() + " has " + gateway);
  }

  private static boolean has(Link link, IpAddress address) {
    return link.addresses().stream().anyMatch(own -> own.address().equals(address));
  }

  private static boolean isOwn(Kernel kernel, IpAddress address) {
    return kernel.links().list().stream().anyMatch(link -> has(link, address));
  }

  private static boolean forwards(Kernel kernel, IpAddress to) {
    var name =
        switch (to.family()) {
          case IPV4 -> "net.ipv4.ip_forward";
          case IPV6 -> "net.ipv6.conf.all.forwarding";
        };
    return kernel.sysctls().number(name) == 1;
  }
}
