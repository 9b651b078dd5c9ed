package dev.aviary.emulator.cluster;

import dev.aviary.kernel.Kernel;
import dev.aviary.kernel.Link;
import dev.aviary.kernel.RouteQuery;
import dev.aviary.kernel.route.RouteType;
import dev.aviary.net.IpAddress;
import java.util.HashMap;
import java.util.Map;
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

  /** Who had an address when it was last looked for: large segments are searched once. */
  private final Map<IpAddress, Link.Physical> owners = new HashMap<>();

  /** What keeps packets of {@code kernel} from {@code to}; empty if they get there. */
  Optional<String> obstacle(Kernel kernel, IpAddress to) {
    var at = kernel;
    for (int hop = 0; hop < MOST_HOPS; hop++) {
      var next = next(at, to, hop > 0);
      if (next.arrived()) {
        return Optional.empty();
      }
      if (next.kernel() == null) {
        return Optional.of(next.obstacle());
      }
      at = next.kernel();
    }
    return Optional.of("packets to " + to + " go round and round");
  }

  /** Where a packet is next, or what stops it. */
  private record Next(boolean arrived, @Nullable Kernel kernel, String obstacle) {
    static Next at(Kernel kernel) {
      return new Next(false, kernel, "");
    }

    static Next nowhere(String obstacle) {
      return new Next(false, null, obstacle);
    }
  }

  private Next next(Kernel at, IpAddress to, boolean forwarded) {
    var answer = RouteQuery.ask(at, to, null, 0, null);
    if (answer instanceof RouteQuery.Found found) {
      if (found.type() == RouteType.LOCAL) {
        return new Next(true, at, "");
      }
      if (forwarded && !forwards(at, to)) {
        return Next.nowhere(at.hostName() + " does not forward");
      }
      if (found.type() == RouteType.UNICAST) {
        var gateway = found.gateway();
        return over(at, found.device(), gateway == null ? to : gateway);
      }
    }
    if (!forwarded) {
      // Manifests seldom say how nodes with other subnets on one segment find each other.
      var neighbor = beside(at, to);
      if (neighbor.isPresent()) {
        return over(at, neighbor.get(), to);
      }
    }
    return Next.nowhere(
        at.hostName()
            + " has no way to "
            + to
            + (answer instanceof RouteQuery.Refused(var message) ? ": " + message : ""));
  }

  /** The device whose segment has {@code to} on it. */
  private Optional<String> beside(Kernel at, IpAddress to) {
    return at.links().list().stream()
        .filter(link -> link.isUp() && link instanceof Link.Physical)
        .filter(link -> owner((Link.Physical) link, to) != null)
        .map(Link::name)
        .findFirst();
  }

  private Next over(Kernel at, String device, IpAddress gateway) {
    var name = at.hostName() + "." + device;
    var link = at.links().find(device).orElse(null);
    if (link == null || !link.isUp()) {
      return Next.nowhere(name + " is down");
    }
    if (link instanceof Link.Veth veth) {
      var peer = veth.peer();
      return peer == null || !peer.isUp()
          ? Next.nowhere("the other end of " + name + " is down")
          : Next.at(peer.kernel());
    }
    if (!(link instanceof Link.Physical card)) {
      return Next.nowhere(gateway + " is not on a segment: " + name);
    }
    var segment = card.segment();
    if (!segment.isUp()) {
      return Next.nowhere("segment " + segment.name() + " is down");
    }
    var member = owner(card, gateway);
    if (member == null) {
      return Next.nowhere("nobody on segment " + segment.name() + " has " + gateway);
    }
    var there = member.kernel().hostName() + "." + member.name();
    if (!member.isUp()) {
      return Next.nowhere(there + " is down");
    }
    // A packet is no use if the answer to "who has it?" gets lost.
    if (!segment.carries(card, member)) {
      return Next.nowhere(lost(segment.name(), name, there));
    }
    return segment.carries(member, card)
        ? Next.at(member.kernel())
        : Next.nowhere(lost(segment.name(), there, name));
  }

  private static String lost(String segment, String from, String to) {
    return "segment %s loses what goes from %s to %s".formatted(segment, from, to);
  }

  private Link.@Nullable Physical owner(Link.Physical card, IpAddress address) {
    var known = owners.get(address);
    if (known != null && isOwner(known, card, address)) {
      return known;
    }
    for (var member : card.segment().members()) {
      if (isOwner(member, card, address)) {
        owners.put(address, member);
        return member;
      }
    }
    return null;
  }

  /** True if it is another card on the segment of {@code card}, and has the address. */
  private static boolean isOwner(Link.Physical link, Link.Physical card, IpAddress address) {
    return !link.equals(card)
        && link.segment().equals(card.segment())
        && link.hasAddress(address)
        && link.kernel().links().find(link.name()).filter(link::equals).isPresent();
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
