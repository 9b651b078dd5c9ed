package dev.aviary.bgp.route;

import dev.aviary.net.IpAddress;
import dev.aviary.net.Ipv4Address;
import java.util.List;
import java.util.Optional;

/** A path attribute of an UPDATE (RFC 4271 §5), one record per type. */
public sealed interface PathAttribute {

  /** Its type code. */
  int code();

  /** RFC 4271 §5.1.1. */
  record OriginAttribute(Origin origin) implements PathAttribute {
    @Override
    public int code() {
      return AttributeType.ORIGIN.code();
    }
  }

  /** RFC 4271 §5.1.2. */
  record AsPathAttribute(AsPath path) implements PathAttribute {
    @Override
    public int code() {
      return AttributeType.AS_PATH.code();
    }
  }

  /** RFC 4271 §5.1.3; IPv4 only. */
  record NextHop(Ipv4Address address) implements PathAttribute {
    @Override
    public int code() {
      return AttributeType.NEXT_HOP.code();
    }
  }

  /** RFC 4271 §5.1.4; unsigned. */
  record MultiExitDisc(int metric) implements PathAttribute {
    @Override
    public int code() {
      return AttributeType.MULTI_EXIT_DISC.code();
    }
  }

  /** RFC 4271 §5.1.5; unsigned. */
  record LocalPref(int preference) implements PathAttribute {
    @Override
    public int code() {
      return AttributeType.LOCAL_PREF.code();
    }
  }

  /** RFC 4271 §5.1.6. */
  record AtomicAggregate() implements PathAttribute {
    @Override
    public int code() {
      return AttributeType.ATOMIC_AGGREGATE.code();
    }
  }

  /** RFC 4271 §5.1.7. */
  record AggregatorAttribute(Aggregator aggregator) implements PathAttribute {
    @Override
    public int code() {
      return AttributeType.AGGREGATOR.code();
    }
  }

  /** RFC 1997; in the order given. */
  record Communities(List<Community> values) implements PathAttribute {
    public Communities {
      values = List.copyOf(values);
    }

    @Override
    public int code() {
      return AttributeType.COMMUNITIES.code();
    }
  }

  /** RFC 4456 §8. */
  record OriginatorId(BgpIdentifier identifier) implements PathAttribute {
    @Override
    public int code() {
      return AttributeType.ORIGINATOR_ID.code();
    }
  }

  /** RFC 4456 §8; nearest cluster first. */
  record ClusterList(List<BgpIdentifier> clusters) implements PathAttribute {
    public ClusterList {
      clusters = List.copyOf(clusters);
    }

    @Override
    public int code() {
      return AttributeType.CLUSTER_LIST.code();
    }
  }

  /**
   * RFC 4760 §3. In a set of attributes only its next hop is kept: destinations are not attributes.
   *
   * @param nextHops one address, or a global and a link-local one (RFC 2545 §3)
   * @param raw the value where the family is not understood
   */
  record MpReach(
      AfiSafi family, List<IpAddress> nextHops, List<Nlri> destinations, Optional<RawReach> raw)
      implements PathAttribute {
    public MpReach {
      nextHops = List.copyOf(nextHops);
      destinations = List.copyOf(destinations);
    }

    /** Next hop and destinations of a family that is passed by. */
    public record RawReach(Octets nextHop, Octets destinations) {}

    @Override
    public int code() {
      return AttributeType.MP_REACH_NLRI.code();
    }
  }

  /**
   * RFC 4760 §4.
   *
   * @param raw the destinations where the family is not understood
   */
  record MpUnreach(AfiSafi family, List<Nlri> destinations, Optional<Octets> raw)
      implements PathAttribute {
    public MpUnreach {
      destinations = List.copyOf(destinations);
    }

    @Override
    public int code() {
      return AttributeType.MP_UNREACH_NLRI.code();
    }
  }

  /** RFC 4360; in the order given. */
  record ExtendedCommunities(List<ExtendedCommunity> values) implements PathAttribute {
    public ExtendedCommunities {
      values = List.copyOf(values);
    }

    @Override
    public int code() {
      return AttributeType.EXTENDED_COMMUNITIES.code();
    }
  }

  /** RFC 6793 §3. */
  record As4Path(AsPath path) implements PathAttribute {
    @Override
    public int code() {
      return AttributeType.AS4_PATH.code();
    }
  }

  /** RFC 6793 §3. */
  record As4Aggregator(Aggregator aggregator) implements PathAttribute {
    @Override
    public int code() {
      return AttributeType.AS4_AGGREGATOR.code();
    }
  }

  /** RFC 5701: 20 octets each. */
  record Ipv6ExtendedCommunities(List<Octets> values) implements PathAttribute {
    public Ipv6ExtendedCommunities {
      values = List.copyOf(values);
    }

    @Override
    public int code() {
      return AttributeType.IPV6_EXTENDED_COMMUNITIES.code();
    }
  }

  /** RFC 8092; in the order given. */
  record LargeCommunities(List<LargeCommunity> values) implements PathAttribute {
    public LargeCommunities {
      values = List.copyOf(values);
    }

    @Override
    public int code() {
      return AttributeType.LARGE_COMMUNITIES.code();
    }
  }

  /** RFC 9234 §5. */
  record OnlyToCustomer(AsNumber as) implements PathAttribute {
    @Override
    public int code() {
      return AttributeType.ONLY_TO_CUSTOMER.code();
    }
  }

  /**
   * A type that is not known here, or a known one whose value cannot be read.
   *
   * @param flags as received; kept because they say whether it is passed on
   */
  record Unrecognized(int code, int flags, Octets value) implements PathAttribute {}
}
