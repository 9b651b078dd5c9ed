package dev.aviary.bgp.route;

import dev.aviary.bgp.route.PathAttribute.AggregatorAttribute;
import dev.aviary.bgp.route.PathAttribute.As4Aggregator;
import dev.aviary.bgp.route.PathAttribute.As4Path;
import dev.aviary.bgp.route.PathAttribute.AsPathAttribute;
import dev.aviary.bgp.route.PathAttribute.AtomicAggregate;
import dev.aviary.bgp.route.PathAttribute.ClusterList;
import dev.aviary.bgp.route.PathAttribute.Communities;
import dev.aviary.bgp.route.PathAttribute.ExtendedCommunities;
import dev.aviary.bgp.route.PathAttribute.Ipv6ExtendedCommunities;
import dev.aviary.bgp.route.PathAttribute.LargeCommunities;
import dev.aviary.bgp.route.PathAttribute.LocalPref;
import dev.aviary.bgp.route.PathAttribute.MpReach;
import dev.aviary.bgp.route.PathAttribute.MpUnreach;
import dev.aviary.bgp.route.PathAttribute.MultiExitDisc;
import dev.aviary.bgp.route.PathAttribute.NextHop;
import dev.aviary.bgp.route.PathAttribute.OnlyToCustomer;
import dev.aviary.bgp.route.PathAttribute.OriginAttribute;
import dev.aviary.bgp.route.PathAttribute.OriginatorId;
import dev.aviary.bgp.route.PathAttribute.Unrecognized;
import dev.aviary.net.IpAddress;
import dev.aviary.net.Ipv4Address;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The value of each attribute as octets in canonical form: AS numbers of four octets, and of
 * MP_REACH_NLRI only the next hop. Sets of attributes are kept in this form ({@link
 * PathAttributes}); reading assumes a value that was checked before.
 */
public final class AttributeOctets {
  private AttributeOctets() {}

  /** Reads {@code length} octets at {@code offset}, the value of an attribute of {@code type}. */
  public static PathAttribute read(AttributeType type, byte[] octets, int offset, int length) {
    var in = ByteBuffer.wrap(octets, offset, length);
    return switch (type) {
      case ORIGIN -> new OriginAttribute(Origin.of(in.get()));
      case AS_PATH -> new AsPathAttribute(readPath(in));
      case NEXT_HOP -> new NextHop(new Ipv4Address(in.getInt()));
      case MULTI_EXIT_DISC -> new MultiExitDisc(in.getInt());
      case LOCAL_PREF -> new LocalPref(in.getInt());
      case ATOMIC_AGGREGATE -> new AtomicAggregate();
      case AGGREGATOR -> new AggregatorAttribute(readAggregator(in));
      case COMMUNITIES -> {
        var values = new ArrayList<Community>(length / 4);
        while (in.hasRemaining()) {
          values.add(new Community(in.getInt()));
        }
        yield new Communities(values);
      }
      case ORIGINATOR_ID -> new OriginatorId(new BgpIdentifier(in.getInt()));
      case CLUSTER_LIST -> {
        var clusters = new ArrayList<BgpIdentifier>(length / 4);
        while (in.hasRemaining()) {
          clusters.add(new BgpIdentifier(in.getInt()));
        }
        yield new ClusterList(clusters);
      }
      case MP_REACH_NLRI -> {
        var hops = new ArrayList<IpAddress>(2);
        while (in.hasRemaining()) {
          var hop = new byte[16];
          in.get(hop);
          hops.add(IpAddress.of(hop));
        }
        yield new MpReach(AfiSafi.IPV6_UNICAST, hops, List.of(), Optional.empty());
      }
      case MP_UNREACH_NLRI ->
          new MpUnreach(
              AfiSafi.IPV6_UNICAST, List.of(), Optional.of(Octets.of(octets, offset, length)));
      case EXTENDED_COMMUNITIES -> {
        var values = new ArrayList<ExtendedCommunity>(length / 8);
        while (in.hasRemaining()) {
          values.add(new ExtendedCommunity(in.getLong()));
        }
        yield new ExtendedCommunities(values);
      }
      case AS4_PATH -> new As4Path(readPath(in));
      case AS4_AGGREGATOR -> new As4Aggregator(readAggregator(in));
      case IPV6_EXTENDED_COMMUNITIES -> {
        var values = new ArrayList<Octets>(length / 20);
        for (int at = 0; at < length; at += 20) {
          values.add(Octets.of(octets, offset + at, 20));
        }
        yield new Ipv6ExtendedCommunities(values);
      }
      case LARGE_COMMUNITIES -> {
        var values = new ArrayList<LargeCommunity>(length / 12);
        while (in.hasRemaining()) {
          values.add(new LargeCommunity(in.getInt(), in.getInt(), in.getInt()));
        }
        yield new LargeCommunities(values);
      }
      case ONLY_TO_CUSTOMER -> new OnlyToCustomer(new AsNumber(in.getInt()));
    };
  }

  /** The value of {@code attribute}. */
  public static byte[] write(PathAttribute attribute) {
    return switch (attribute) {
      case OriginAttribute(var origin) -> new byte[] {(byte) origin.code()};
      case AsPathAttribute(var path) -> writePath(path);
      case NextHop(var address) -> address.octets();
      case MultiExitDisc(int metric) -> ofInt(metric);
      case LocalPref(int preference) -> ofInt(preference);
      case AtomicAggregate() -> new byte[0];
      case AggregatorAttribute(var aggregator) -> writeAggregator(aggregator);
      case Communities(var values) -> {
        var out = ByteBuffer.allocate(values.size() * 4);
        values.forEach(value -> out.putInt(value.bits()));
        yield out.array();
      }
      case OriginatorId(var identifier) -> ofInt(identifier.bits());
      case ClusterList(var clusters) -> {
        var out = ByteBuffer.allocate(clusters.size() * 4);
        clusters.forEach(cluster -> out.putInt(cluster.bits()));
        yield out.array();
      }
      case MpReach reach -> {
        var out = ByteBuffer.allocate(reach.nextHops().size() * 16);
        reach.nextHops().forEach(hop -> out.put(mapped(hop)));
        yield out.array();
      }
      case MpUnreach unreach -> unreach.raw().orElse(Octets.NONE).toArray();
      case ExtendedCommunities(var values) -> {
        var out = ByteBuffer.allocate(values.size() * 8);
        values.forEach(value -> out.putLong(value.bits()));
        yield out.array();
      }
      case As4Path(var path) -> writePath(path);
      case As4Aggregator(var aggregator) -> writeAggregator(aggregator);
      case Ipv6ExtendedCommunities(var values) -> {
        var out = ByteBuffer.allocate(values.size() * 20);
        values.forEach(value -> out.put(value.toArray()));
        yield out.array();
      }
      case LargeCommunities(var values) -> {
        var out = ByteBuffer.allocate(values.size() * 12);
        values.forEach(v -> out.putInt(v.global()).putInt(v.first()).putInt(v.second()));
        yield out.array();
      }
      case OnlyToCustomer(var as) -> ofInt(as.bits());
      case Unrecognized(int _, int _, var value) -> value.toArray();
    };
  }

  /** An IPv6 next hop's octets; an IPv4 one is mapped into ::ffff:0:0/96. */
  private static byte[] mapped(IpAddress hop) {
    return switch (hop) {
      case Ipv4Address v4 ->
          ByteBuffer.allocate(16).putLong(0).putInt(0xffff).putInt(v4.bits()).array();
      case dev.aviary.net.Ipv6Address v6 -> v6.octets();
    };
  }

  private static AsPath readPath(ByteBuffer in) {
    if (!in.hasRemaining()) {
      return AsPath.EMPTY;
    }
    var segments = new ArrayList<AsPath.Segment>();
    while (in.hasRemaining()) {
      var kind = AsPath.Kind.of(in.get());
      var ases = new AsNumber[in.get() & 0xff];
      Arrays.setAll(ases, _ -> new AsNumber(in.getInt()));
      segments.add(new AsPath.Segment(kind, List.of(ases)));
    }
    return new AsPath(segments);
  }

  private static byte[] writePath(AsPath path) {
    int size = path.segments().stream().mapToInt(s -> 2 + 4 * s.ases().size()).sum();
    var out = ByteBuffer.allocate(size);
    for (var segment : path.segments()) {
      out.put((byte) segment.kind().code()).put((byte) segment.ases().size());
      segment.ases().forEach(as -> out.putInt(as.bits()));
    }
    return out.array();
  }

  private static Aggregator readAggregator(ByteBuffer in) {
    return new Aggregator(new AsNumber(in.getInt()), new Ipv4Address(in.getInt()));
  }

  private static byte[] writeAggregator(Aggregator aggregator) {
    return ByteBuffer.allocate(8)
        .putInt(aggregator.as().bits())
        .putInt(aggregator.address().bits())
        .array();
  }

  private static byte[] ofInt(int value) {
    return ByteBuffer.allocate(4).putInt(value).array();
  }
}
