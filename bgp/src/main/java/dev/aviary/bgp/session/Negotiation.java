package dev.aviary.bgp.session;

import dev.aviary.bgp.message.BgpError;
import dev.aviary.bgp.message.Capability;
import dev.aviary.bgp.message.Capability.AddPath;
import dev.aviary.bgp.message.Capability.EnhancedRefresh;
import dev.aviary.bgp.message.Capability.ExtendedMessage;
import dev.aviary.bgp.message.Capability.ExtendedNextHop;
import dev.aviary.bgp.message.Capability.FourOctetAs;
import dev.aviary.bgp.message.Capability.Multiprotocol;
import dev.aviary.bgp.message.Capability.Role;
import dev.aviary.bgp.message.Capability.RouteRefresh;
import dev.aviary.bgp.message.NotificationMessage;
import dev.aviary.bgp.message.OpenMessage;
import dev.aviary.bgp.message.SessionOptions;
import dev.aviary.bgp.route.AfiSafi;
import dev.aviary.bgp.route.Behavior;
import dev.aviary.bgp.route.Octets;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

/** Two OPENs in, an agreement or a refusal out (RFC 4271 §6.2); checks in BIRD's order. */
public final class Negotiation {
  private static final int OLD_ROUTE_REFRESH = 128;

  private Negotiation() {}

  /** What comes of it. */
  public sealed interface Outcome {}

  /** The session goes on with {@code options}. */
  public record Agreed(SessionOptions options) implements Outcome {}

  /** It ends with {@code reply}. */
  public record Refused(NotificationMessage reply) implements Outcome {}

  /** Holds {@code theirs} against {@code sent} and the configuration. */
  public static Outcome between(OpenMessage sent, OpenMessage theirs, SessionConfig config) {
    var behavior = config.behavior();
    if (!theirs.otherParameters().isEmpty()) {
      return refuse(
          BgpError.OPTIONAL_PARAMETER, parameter(theirs.otherParameters().getFirst(), behavior));
    }
    for (var capability : theirs.capabilities()) {
      // RFC 4760 §8, RFC 6793 §3: without these two nothing can be agreed on.
      if (capability instanceof Capability.Unrecognized(int code, var _)
          && (code == 1 || code == 65)) {
        return refuse(BgpError.OPEN, Octets.NONE);
      }
    }
    if (theirs.holdTime() == 1 || theirs.holdTime() == 2) {
      return refuse(
          BgpError.HOLD_TIME,
          behavior == Behavior.RFC
              ? Octets.NONE
              : Octets.of(ByteBuffer.allocate(2).putShort((short) theirs.holdTime()).array()));
    }
    // RFC 6286 §2.2: within an AS identifiers are unique.
    boolean taken = config.internal() && theirs.identifier().equals(sent.identifier());
    if (theirs.identifier().bits() == 0 || taken) {
      return refuse(BgpError.IDENTIFIER, Octets.NONE);
    }
    if (!theirs.as().equals(config.peerAs())) {
      return refuse(BgpError.PEER_AS, peerAs(theirs, behavior));
    }
    if (!rolesMatch(theirs, config)) {
      return refuse(BgpError.ROLE, Octets.NONE);
    }
    var families = families(theirs, config);
    if (families.isEmpty()) {
      if (behavior != Behavior.BIRD_16) {
        return refuse(BgpError.CAPABILITY, capabilities(config.families()));
      }
      families = config.families();
    }
    return new Agreed(options(sent, theirs, families, config));
  }

  private static SessionOptions options(
      OpenMessage sent, OpenMessage theirs, Set<AfiSafi> families, SessionConfig config) {
    int hold = Math.min(sent.holdTime(), theirs.holdTime());
    return new SessionOptions(
        config.behavior(),
        config.localAs(),
        config.peerAs(),
        config.internal(),
        both(sent, theirs, FourOctetAs.class),
        families,
        addPath(sent, theirs, families, AddPath.RECEIVE, AddPath.SEND),
        addPath(sent, theirs, families, AddPath.SEND, AddPath.RECEIVE),
        both(sent, theirs, ExtendedMessage.class),
        extendedNextHop(sent, theirs, families),
        sent.find(RouteRefresh.class).isPresent() && refreshes(theirs),
        both(sent, theirs, EnhancedRefresh.class),
        Duration.ofSeconds(hold),
        theirs.identifier(),
        theirs.capabilities());
  }

  private static <C extends Capability> boolean both(
      OpenMessage sent, OpenMessage theirs, Class<C> kind) {
    return sent.find(kind).isPresent() && theirs.find(kind).isPresent();
  }

  /** RFC 2918, or the code that was used before it. */
  private static boolean refreshes(OpenMessage open) {
    return open.find(RouteRefresh.class).isPresent()
        || open.capabilities().stream().anyMatch(c -> c.code() == OLD_ROUTE_REFRESH);
  }

  private static Set<AfiSafi> families(OpenMessage theirs, SessionConfig config) {
    var offered = new HashSet<AfiSafi>();
    for (var capability : theirs.capabilities()) {
      if (capability instanceof Multiprotocol(var family)) {
        offered.add(family);
      }
    }
    if (offered.isEmpty()) {
      // RFC 4760 §8: a peer that says nothing has IPv4 unicast.
      offered.add(AfiSafi.IPV4_UNICAST);
    }
    offered.retainAll(config.families());
    return offered;
  }

  /** RFC 7911 §4: one side sends, the other receives; an unknown mode counts as not said. */
  private static Set<AfiSafi> addPath(
      OpenMessage sent, OpenMessage theirs, Set<AfiSafi> families, int ours, int peers) {
    var agreed = new HashSet<AfiSafi>();
    for (var family : families) {
      if (mode(sent, family, ours) && mode(theirs, family, peers)) {
        agreed.add(family);
      }
    }
    return agreed;
  }

  private static boolean mode(OpenMessage open, AfiSafi family, int bit) {
    return open.find(AddPath.class).stream()
        .flatMap(c -> c.families().stream())
        .anyMatch(f -> f.family().equals(family) && f.mode() <= 3 && (f.mode() & bit) != 0);
  }

  private static Set<AfiSafi> extendedNextHop(
      OpenMessage sent, OpenMessage theirs, Set<AfiSafi> families) {
    var agreed = new HashSet<AfiSafi>();
    for (var family : families) {
      if (hasExtendedNextHop(sent, family) && hasExtendedNextHop(theirs, family)) {
        agreed.add(family);
      }
    }
    return agreed;
  }

  private static boolean hasExtendedNextHop(OpenMessage open, AfiSafi family) {
    return open.find(ExtendedNextHop.class).stream()
        .flatMap(c -> c.tuples().stream())
        .anyMatch(t -> t.family().equals(family) && t.nextHopAfi() == 2);
  }

  /** RFC 9234 §4.2. */
  private static boolean rolesMatch(OpenMessage theirs, SessionConfig config) {
    var roles = new HashSet<Integer>();
    for (var capability : theirs.capabilities()) {
      if (capability instanceof Role(int role)) {
        roles.add(role);
      }
    }
    if (config.role().isEmpty() || config.internal()) {
      return true;
    }
    if (roles.isEmpty()) {
      return !config.strictRole();
    }
    int wanted =
        switch (config.role().getAsInt()) {
          case Role.PROVIDER -> Role.CUSTOMER;
          case Role.CUSTOMER -> Role.PROVIDER;
          case Role.ROUTE_SERVER -> Role.ROUTE_SERVER_CLIENT;
          case Role.ROUTE_SERVER_CLIENT -> Role.ROUTE_SERVER;
          case Role.PEER -> Role.PEER;
          default -> -1;
        };
    return roles.size() == 1 && roles.contains(wanted);
  }

  private static Octets peerAs(OpenMessage theirs, Behavior behavior) {
    if (behavior == Behavior.RFC) {
      return Octets.NONE;
    }
    return theirs.find(FourOctetAs.class).isPresent()
        ? Octets.of(ByteBuffer.allocate(4).putInt(theirs.as().bits()).array())
        : Octets.of(ByteBuffer.allocate(2).putShort((short) theirs.myAs()).array());
  }

  private static Octets parameter(OpenMessage.Parameter parameter, Behavior behavior) {
    int length = parameter.value().length();
    var header = new byte[] {(byte) parameter.type(), (byte) length};
    return switch (behavior) {
      case RFC -> Octets.NONE;
      case BIRD_16 -> Octets.of(header);
      case BIRD_20 ->
          Octets.of(
              ByteBuffer.allocate(2 + length).put(header).put(parameter.value().toArray()).array());
    };
  }

  /** RFC 5492 §5: what is missing, as it would have been offered. */
  private static Octets capabilities(Set<AfiSafi> families) {
    var out = ByteBuffer.allocate(families.size() * 6);
    families.stream()
        .sorted()
        .forEach(
            family ->
                out.put((byte) 1)
                    .put((byte) 4)
                    .putShort((short) family.afi())
                    .put((byte) 0)
                    .put((byte) family.safi()));
    return Octets.of(out.array());
  }

  private static Refused refuse(BgpError error, Octets data) {
    return new Refused(NotificationMessage.of(error, data));
  }
}
