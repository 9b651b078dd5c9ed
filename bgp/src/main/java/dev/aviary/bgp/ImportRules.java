package dev.aviary.bgp;

import dev.aviary.bgp.ImportView.Exclusion;
import dev.aviary.bgp.message.Capability.Role;
import dev.aviary.bgp.route.AsNumber;
import dev.aviary.bgp.route.AttributeType;
import dev.aviary.bgp.route.Behavior;
import dev.aviary.bgp.route.BgpIdentifier;
import dev.aviary.bgp.route.PathAttribute;
import dev.aviary.bgp.route.PathAttributes;
import dev.aviary.net.IpAddress;
import dev.aviary.net.Ipv4Address;
import dev.aviary.net.Ipv6Address;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which routes of a neighbor are of use at all (RFC 4271 §9.1.2, RFC 4456 §8); a function. What is
 * not counts as withdrawn, and is no error.
 *
 * @param ownAddresses ours, as next hops
 * @param onThisHost the neighbor has a loopback address, so that one is a next hop like others
 */
record ImportRules(
    Behavior behavior,
    AsNumber localAs,
    BgpIdentifier identifier,
    BgpIdentifier clusterId,
    boolean internal,
    boolean reflects,
    int allowOwnAs,
    Set<IpAddress> ownAddresses,
    boolean onThisHost,
    AsNumber peerAs,
    OptionalInt role) {
  private static final int CLASS_D = 224;
  private static final int CLASS_E = 240;

  /** How a route with {@code attributes} has come round to us, or leads nowhere; null if not. */
  @Nullable Exclusion exclusion(PathAttributes attributes) {
    if (attributes.occurrences(localAs) > allowOwnAs) {
      return Exclusion.OWN_AS;
    }
    if (internal) {
      var originator = attributes.originatorId();
      if (originator.isPresent() && originator.get().equals(identifier)) {
        return Exclusion.ORIGINATOR_ID;
      }
      // BIRD looks only where it reflects; RFC 4456 §8 says any router that knows the attribute.
      boolean looks = reflects || behavior == Behavior.RFC;
      if (looks
          && attributes.has(AttributeType.CLUSTER_LIST)
          && attributes.clusterList().contains(clusterId)) {
        return Exclusion.CLUSTER_LIST;
      }
    }
    if (isLeak(attributes)) {
      return Exclusion.ONLY_TO_CUSTOMER;
    }
    return hasUsableNextHop(attributes) ? null : Exclusion.NEXT_HOP;
  }

  /** RFC 9234 §5: it was to go to customers only. */
  private boolean isLeak(PathAttributes attributes) {
    if (role.isEmpty()
        || !(attributes.find(AttributeType.ONLY_TO_CUSTOMER)
            instanceof PathAttribute.OnlyToCustomer(var as))) {
      return false;
    }
    return switch (role.getAsInt()) {
      case Role.PROVIDER, Role.ROUTE_SERVER -> true;
      case Role.PEER -> !as.equals(peerAs);
      default -> false;
    };
  }

  /** RFC 9234 §5: what comes from a provider, a peer or a route server goes to customers only. */
  boolean marksOnlyToCustomer(PathAttributes attributes) {
    return role.isPresent()
        && !attributes.has(AttributeType.ONLY_TO_CUSTOMER)
        && switch (role.getAsInt()) {
          case Role.CUSTOMER, Role.PEER, Role.ROUTE_SERVER_CLIENT -> true;
          default -> false;
        };
  }

  private boolean hasUsableNextHop(PathAttributes attributes) {
    var nextHop = attributes.nextHop();
    if (nextHop.isEmpty() || nextHop.get().isUnspecified()) {
      return false;
    }
    if (behavior != Behavior.RFC) {
      return true; // kept, and unreachable
    }
    return isHost(nextHop.get()) && !ownAddresses.contains(nextHop.get());
  }

  /** RFC 4271 §6.3: a syntactically correct NEXT_HOP is the address of a host. */
  private boolean isHost(IpAddress address) {
    if (address.isMulticast() || (address.isLoopback() && !onThisHost)) {
      return false;
    }
    return switch (address) {
      case Ipv4Address v4 -> {
        int first = v4.bits() >>> 24; // per route: no array
        yield first != 0 && first < CLASS_E;
      }
      case Ipv6Address _ -> true;
    };
  }

  /** BIRD passes by destinations that no packet can have: this network, loopback, multicast. */
  static boolean isMartian(boolean v4, long high, int length) {
    if (length == 0) {
      return false;
    }
    int first = (int) (high >>> 56);
    if (v4) {
      return first == 0 || first == 127 || (first >= CLASS_D && first < CLASS_D + 16);
    }
    return first == 0xff || high >>> 54 == 0x3fa;
  }
}
