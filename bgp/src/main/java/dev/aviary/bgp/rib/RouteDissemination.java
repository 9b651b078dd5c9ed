package dev.aviary.bgp.rib;

import dev.aviary.bgp.route.AsNumber;
import dev.aviary.bgp.route.AttributeType;
import dev.aviary.bgp.route.AttributesBuilder;
import dev.aviary.bgp.route.Behavior;
import dev.aviary.bgp.route.BgpIdentifier;
import dev.aviary.bgp.route.Community;
import dev.aviary.bgp.route.PathAttribute;
import dev.aviary.bgp.route.PathAttributes;
import dev.aviary.bgp.route.RouteSource;
import dev.aviary.bgp.route.RouteSource.Learned;
import dev.aviary.bgp.route.RouteSource.Local;
import dev.aviary.net.IpAddress;
import dev.aviary.net.Ipv4Address;
import dev.aviary.net.Ipv6Address;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Phase 3 (RFC 4271 §9.1.3): who is told of a route, and what changes on the way. A function; the
 * same for all neighbors of an update group.
 *
 * @param localAs ours towards these neighbors
 * @param clusterId of the reflector that we are (RFC 4456)
 * @param internal the neighbors are in our AS
 * @param client the neighbors are clients of our reflector
 * @param nextHop what becomes of the next hop
 * @param ipv4 our address as an IPv4 next hop
 * @param ipv6 our address as an IPv6 next hop
 * @param extendedNextHop IPv4 routes may have an IPv6 next hop (RFC 8950)
 * @param sharedSubnet single hop: a next hop on the common link may stay (RFC 4271 §5.1.3)
 * @param longLivedAware the neighbors know stale routes (RFC 9494)
 * @param role ours towards them, as RFC 9234 §4.1 numbers it
 */
public record RouteDissemination(
    Behavior behavior,
    AsNumber localAs,
    BgpIdentifier clusterId,
    boolean internal,
    boolean client,
    NextHopRule nextHop,
    Optional<Ipv4Address> ipv4,
    Optional<Ipv6Address> ipv6,
    boolean extendedNextHop,
    boolean sharedSubnet,
    boolean longLivedAware,
    OptionalInt role) {
  private static final int PROVIDER = 0;
  private static final int ROUTE_SERVER = 1;
  private static final int ROUTE_SERVER_CLIENT = 2;
  private static final int CUSTOMER = 3;
  private static final int PEER = 4;

  /** What becomes of the next hop. */
  public enum NextHopRule {
    /** RFC 4271 §5.1.3: kept inside the AS, ours outside. */
    STANDARD,
    SELF,
    KEEP
  }

  /** Why a route is not told, whatever the export policy says of it. */
  public enum Refusal {
    /** It came from there. */
    CAME_FROM_THERE,
    /** RFC 4456 §6: between non-clients nothing is reflected. */
    NOT_REFLECTED,
    /** RFC 9234 §5. */
    ONLY_TO_CUSTOMER,
    NO_ADVERTISE,
    NO_EXPORT,
    /** RFC 9494 §4.3: they do not know stale routes. */
    LLGR_STALE
  }

  private static final int DEFAULT_LOCAL_PREF = PathAttributes.DEFAULT_LOCAL_PREF;

  /**
   * Why {@code attributes} from {@code source} may not be told at all, null if they may. What the
   * export policy adds to a route is for those who are told it, so this is asked before.
   */
  public @Nullable Refusal refusal(PathAttributes attributes, RouteSource source) {
    if (source instanceof Learned(var peer)
        && peer.internal()
        && internal
        && !client
        && !peer.reflectorClient()) {
      return Refusal.NOT_REFLECTED;
    }
    if (goesUp() && attributes.has(AttributeType.ONLY_TO_CUSTOMER)) {
      return Refusal.ONLY_TO_CUSTOMER;
    }
    if (!attributes.has(AttributeType.COMMUNITIES)) {
      return null;
    }
    if (source instanceof Local && behavior != Behavior.RFC) {
      return null; // RFC 1997 speaks of routes that were received, and BIRD takes it at its word
    }
    if (attributes.has(Community.NO_ADVERTISE)) {
      return Refusal.NO_ADVERTISE;
    }
    if (attributes.has(Community.LLGR_STALE) && !longLivedAware) {
      return Refusal.LLGR_STALE;
    }
    boolean stays =
        !internal
            && (attributes.has(Community.NO_EXPORT)
                || attributes.has(Community.NO_EXPORT_SUBCONFED));
    return stays ? Refusal.NO_EXPORT : null;
  }

  /**
   * What the export policy sees of a route. BIRD 1.6 puts our own AS in front of the path, and zero
   * in the place of another AS's MED, before its filter runs; 2.0 does so behind it.
   */
  public PathAttributes offered(PathAttributes attributes, RouteSource source) {
    if (internal || behavior != Behavior.BIRD_16) {
      return attributes;
    }
    var builder = new AttributesBuilder(attributes).prepend(localAs);
    if (source instanceof Learned && attributes.med().isPresent()) {
      builder.put(new PathAttribute.MultiExitDisc(0));
    }
    return builder.build();
  }

  /**
   * The attributes that leave, null if the route cannot be told for want of a next hop.
   *
   * @param before what the export policy saw, as {@link #offered} has it: what it set is kept
   * @param after what it has made of that
   * @param v6 the destination is IPv6
   */
  public @Nullable PathAttributes export(
      PathAttributes before, PathAttributes after, RouteSource source, boolean v6) {
    var builder = new AttributesBuilder(after);
    boolean foreign = source instanceof Learned;
    if (internal) {
      if (after.localPref().isEmpty()) {
        builder.put(new PathAttribute.LocalPref(DEFAULT_LOCAL_PREF));
      }
      if (source instanceof Learned(var peer) && peer.internal()) {
        reflect(builder, after, peer.identifier());
      }
    } else {
      builder
          .remove(AttributeType.LOCAL_PREF.code())
          .remove(AttributeType.ORIGINATOR_ID.code())
          .remove(AttributeType.CLUSTER_LIST.code());
      if (behavior != Behavior.BIRD_16) {
        builder.prepend(localAs);
        if (foreign && after.med().equals(before.med())) {
          builder.remove(AttributeType.MULTI_EXIT_DISC.code()); // RFC 4271 §5.1.4: not passed on
        }
      }
    }
    if (!after.has(AttributeType.AS_PATH) && internal) {
      builder.put(new PathAttribute.AsPathAttribute(dev.aviary.bgp.route.AsPath.EMPTY));
    }
    if (goesDown() && !after.has(AttributeType.ONLY_TO_CUSTOMER)) {
      builder.put(new PathAttribute.OnlyToCustomer(localAs)); // RFC 9234 §5
    }
    if (!nextHop(builder, before, after, source, v6)) {
      return null;
    }
    OutgoingAttributes.tidy(builder, after, internal, foreign && behavior != Behavior.BIRD_16);
    return builder.build();
  }

  /** To a provider, a peer or a route server. */
  private boolean goesUp() {
    return !internal
        && role.isPresent()
        && switch (role.getAsInt()) {
          case CUSTOMER, PEER, ROUTE_SERVER_CLIENT -> true;
          default -> false;
        };
  }

  /** To a customer, a peer or a client of our route server. */
  private boolean goesDown() {
    return !internal
        && role.isPresent()
        && switch (role.getAsInt()) {
          case PROVIDER, PEER, ROUTE_SERVER -> true;
          default -> false;
        };
  }

  /** RFC 4456 §8. */
  private void reflect(
      AttributesBuilder builder, PathAttributes attributes, BgpIdentifier originator) {
    if (!attributes.has(AttributeType.ORIGINATOR_ID)) {
      builder.put(new PathAttribute.OriginatorId(originator));
    }
    builder.prependCluster(clusterId);
  }

  private boolean nextHop(
      AttributesBuilder builder,
      PathAttributes before,
      PathAttributes after,
      RouteSource source,
      boolean v6) {
    var current = after.nextHop();
    boolean set = !current.equals(before.nextHop());
    boolean keep =
        current.isPresent()
            && (set
                || switch (nextHop) {
                  case SELF -> false;
                  case KEEP -> true;
                  case STANDARD ->
                      internal
                          ? source instanceof Learned
                          : sharedSubnet && source instanceof Local;
                });
    if (keep) {
      boolean fits = current.get() instanceof Ipv4Address ? !v6 : v6 || extendedNextHop;
      return fits;
    }
    return self(builder, v6);
  }

  /** Puts our own address in; false if we have none that fits. */
  private boolean self(AttributesBuilder builder, boolean v6) {
    if (!v6 && ipv4.isPresent()) {
      builder
          .remove(AttributeType.MP_REACH_NLRI.code())
          .putInt(AttributeType.NEXT_HOP.flags(), AttributeType.NEXT_HOP.code(), ipv4.get().bits());
      return true;
    }
    if (ipv6.isPresent() && (v6 || extendedNextHop)) {
      builder.remove(AttributeType.NEXT_HOP.code());
      builder.put(
          new PathAttribute.MpReach(
              dev.aviary.bgp.route.AfiSafi.IPV6_UNICAST,
              List.<IpAddress>of(ipv6.get()),
              List.of(),
              Optional.empty()));
      return true;
    }
    return false;
  }
}
