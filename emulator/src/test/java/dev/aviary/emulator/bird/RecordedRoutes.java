package dev.aviary.emulator.bird;

import dev.aviary.bgp.route.Aggregator;
import dev.aviary.bgp.route.AsNumber;
import dev.aviary.bgp.route.AsPath;
import dev.aviary.bgp.route.BgpIdentifier;
import dev.aviary.bgp.route.Community;
import dev.aviary.bgp.route.ExtendedCommunity;
import dev.aviary.bgp.route.LargeCommunity;
import dev.aviary.bgp.route.Octets;
import dev.aviary.bgp.route.Origin;
import dev.aviary.bgp.route.PathAttribute;
import dev.aviary.bgp.route.PathAttributes;
import dev.aviary.net.IpAddress;
import dev.aviary.net.Ipv4Address;
import dev.aviary.net.Ipv6Address;
import dev.aviary.net.Prefix;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the routes of a reply. */
final class RecordedRoutes {
  private static final Pattern ROUTE =
      Pattern.compile(
          "(\\S*)\\s+(?:via (\\S+) on (\\S+)|dev (\\S+)|(blackhole|unreachable|prohibited|multipath"
              + "|unicast)) \\[(\\S+) (\\S+)(?: from (\\S+))?]( \\*| !)? \\((\\d+)(s?)(?:/([\\d?-]+))?\\)"
              + "(?: \\[(?:AS(\\d+))?([ie?])])?");
  private static final Pattern HOP =
      Pattern.compile("\\t(?:via (\\S+) on (\\S+)|dev (\\S+))( onlink)?(?: weight (\\d+))?");

  /** A route, its table (empty in 1.6), and whether its attributes were printed. */
  record Found(String table, BirdRoute route, boolean full) {}

  private final List<Found> found = new ArrayList<>();
  private String table = "";
  private String network = "";

  static List<Found> of(String reply) {
    var reader = new RecordedRoutes();
    for (var line : ReplyLines.of(reply)) {
      switch (line.code()) {
        case "1007" -> reader.route(line.text());
        case "1008" -> reader.type(line.text());
        case "1012" -> reader.attribute(line.text().strip());
        default -> {}
      }
    }
    return reader.found;
  }

  private void route(String line) {
    if (line.startsWith("Table ")) {
      table = line.substring(6, line.length() - 1);
      return;
    }
    var hop = HOP.matcher(line);
    if (hop.matches()) {
      change(r -> withHop(r, hop));
      return;
    }
    var route = ROUTE.matcher(line);
    if (route.matches()) {
      if (!route.group(1).isEmpty()) {
        network = route.group(1);
      }
      found.add(new Found(table, read(route), false));
    }
  }

  private static BirdRoute withHop(BirdRoute r, Matcher hop) {
    var hops = new ArrayList<>(r.hops());
    hops.add(
        new BirdRoute.Hop(
            Optional.ofNullable(hop.group(1)).map(RecordedRoutes::address),
            hop.group(2) != null ? hop.group(2) : hop.group(3),
            hop.group(4) != null,
            hop.group(5) == null ? 1 : Integer.parseInt(hop.group(5))));
    return copy(r, hops, r.source(), r.attributes(), r.kernel());
  }

  private static BirdRoute copy(
      BirdRoute r,
      List<BirdRoute.Hop> hops,
      BirdRoute.Source source,
      PathAttributes attributes,
      BirdRoute.Kernel kernel) {
    return new BirdRoute(
        r.prefix(),
        r.destination(),
        hops,
        r.protocol(),
        r.since(),
        r.from(),
        r.mark(),
        r.preference(),
        r.rank(),
        source,
        attributes,
        kernel);
  }

  private static IpAddress address(String text) {
    return IpAddress.parse(text).orElseThrow();
  }

  private BirdRoute read(Matcher route) {
    var hops = new ArrayList<BirdRoute.Hop>();
    if (route.group(2) != null) {
      hops.add(BirdRoute.Hop.via(address(route.group(2)), route.group(3)));
    } else if (route.group(4) != null) {
      hops.add(BirdRoute.Hop.on(route.group(4)));
    }
    var word = route.group(5) == null ? "unicast" : route.group(5);
    var mark =
        route.group(9) == null
            ? BirdRoute.Mark.NONE
            : route.group(9).equals(" *") ? BirdRoute.Mark.BEST : BirdRoute.Mark.REFUSED;
    Optional<BirdRoute.Rank> rank =
        route.group(14) == null
            ? Optional.empty()
            : Optional.of(
                new BirdRoute.Rank(
                    !route.group(11).isEmpty(),
                    Optional.ofNullable(route.group(12)).orElse(""),
                    Optional.ofNullable(route.group(13)).map(as -> AsNumber.of(Long.parseLong(as))),
                    switch (route.group(14)) {
                      case "i" -> Origin.IGP;
                      case "e" -> Origin.EGP;
                      default -> Origin.INCOMPLETE;
                    }));
    return new BirdRoute(
        Prefix.parse(network).orElseThrow(),
        switch (word) {
          case "blackhole" -> BirdRoute.Destination.BLACKHOLE;
          case "unreachable" -> BirdRoute.Destination.UNREACHABLE;
          case "prohibited" -> BirdRoute.Destination.PROHIBITED;
          default -> BirdRoute.Destination.UNICAST;
        },
        hops,
        route.group(6),
        RecordedTime.brief(route.group(7)),
        Optional.ofNullable(route.group(8)).map(RecordedRoutes::address),
        mark,
        Integer.parseInt(route.group(10)),
        rank,
        guess(rank.isPresent(), Integer.parseInt(route.group(10))),
        PathAttributes.EMPTY,
        BirdRoute.Kernel.NOTHING);
  }

  /** What a route is from, by what every line has; a full listing says it. */
  private static BirdRoute.Source guess(boolean ranked, int preference) {
    if (ranked) {
      return BirdRoute.Source.BGP;
    }
    return switch (preference) {
      case 240 -> BirdRoute.Source.DEVICE;
      case 10 -> BirdRoute.Source.INHERIT;
      default -> BirdRoute.Source.STATIC;
    };
  }

  private void change(java.util.function.UnaryOperator<BirdRoute> change) {
    var last = found.removeLast();
    found.add(new Found(last.table(), change.apply(last.route()), last.full()));
  }

  private void type(String line) {
    var word = line.strip().split(" ", -1)[1];
    var last = found.removeLast();
    for (var source : BirdRoute.Source.values()) {
      if (source.word().equals(word)) {
        var r = last.route();
        found.add(
            new Found(last.table(), copy(r, r.hops(), source, r.attributes(), r.kernel()), true));
        return;
      }
    }
    throw new AssertionError("unknown type: " + line);
  }

  private void attribute(String line) {
    int colon = line.indexOf(':');
    var name = line.substring(0, colon);
    var value = line.substring(colon + 1).strip();
    if (name.startsWith("Kernel.")) {
      change(r -> copy(r, r.hops(), r.source(), r.attributes(), kernel(r.kernel(), name, value)));
    } else {
      change(r -> r.with(r.attributes().with(bgp(name, value))));
    }
  }

  private static BirdRoute.Kernel kernel(BirdRoute.Kernel k, String name, String value) {
    return switch (name) {
      case "Kernel.source" ->
          new BirdRoute.Kernel(number(value), k.metric(), k.tunnel(), k.scope());
      case "Kernel.metric" ->
          new BirdRoute.Kernel(k.source(), number(value), k.tunnel(), k.scope());
      case "Kernel.scope" ->
          new BirdRoute.Kernel(k.source(), k.metric(), k.tunnel(), number(value));
      case "Kernel.tunnel" ->
          new BirdRoute.Kernel(k.source(), k.metric(), Optional.of(""), k.scope());
      default -> throw new AssertionError("unknown attribute " + name);
    };
  }

  private static OptionalInt number(String value) {
    return OptionalInt.of(Integer.parseInt(value));
  }

  private static List<String> tuples(String value) {
    return value.isEmpty()
        ? List.of()
        : List.of(value.substring(1, value.length() - 1).split("\\) \\(", -1));
  }

  private static PathAttribute bgp(String name, String value) {
    return switch (name) {
      case "BGP.origin" ->
          new PathAttribute.OriginAttribute(
              switch (value) {
                case "IGP" -> Origin.IGP;
                case "EGP" -> Origin.EGP;
                default -> Origin.INCOMPLETE;
              });
      case "BGP.as_path" -> new PathAttribute.AsPathAttribute(path(value));
      case "BGP.next_hop" -> nextHop(value);
      case "BGP.med" -> new PathAttribute.MultiExitDisc(Integer.parseUnsignedInt(value));
      case "BGP.local_pref" -> new PathAttribute.LocalPref(Integer.parseUnsignedInt(value));
      case "BGP.atomic_aggr" -> new PathAttribute.AtomicAggregate();
      case "BGP.aggregator" -> {
        var parts = value.split(" AS", -1);
        yield new PathAttribute.AggregatorAttribute(
            new Aggregator(AsNumber.of(Long.parseLong(parts[1])), (Ipv4Address) address(parts[0])));
      }
      case "BGP.community" ->
          new PathAttribute.Communities(
              tuples(value).stream()
                  .map(t -> Community.parse(t.replace(',', ':')).orElseThrow())
                  .toList());
      case "BGP.large_community" ->
          new PathAttribute.LargeCommunities(
              tuples(value).stream()
                  .map(t -> LargeCommunity.parse(t.replace(", ", ":")).orElseThrow())
                  .toList());
      case "BGP.ext_community" ->
          new PathAttribute.ExtendedCommunities(
              tuples(value).stream().map(RecordedRoutes::extended).toList());
      case "BGP.originator_id" -> new PathAttribute.OriginatorId(BgpIdentifier.of(value));
      case "BGP.cluster_list" ->
          new PathAttribute.ClusterList(
              List.of(value.split(" ", -1)).stream().map(BgpIdentifier::of).toList());
      default ->
          new PathAttribute.Unrecognized(
              Integer.parseInt(name.substring(4, 6), 16),
              0xc0,
              Octets.ofHex(value.replace(" ", "")));
    };
  }

  private static PathAttribute nextHop(String value) {
    var hops = List.of(value.split(" ", -1)).stream().map(RecordedRoutes::address).toList();
    return switch (hops.getFirst()) {
      case Ipv4Address v4 -> new PathAttribute.NextHop(v4);
      case Ipv6Address _ ->
          new PathAttribute.MpReach(
              dev.aviary.bgp.route.AfiSafi.IPV6_UNICAST, hops, List.of(), Optional.empty());
    };
  }

  private static ExtendedCommunity extended(String tuple) {
    var parts = tuple.split(", ", -1);
    long kind = parts[0].equals("rt") ? 2 : 3;
    long value = Long.parseLong(parts[2]);
    if (parts[1].contains(".")) {
      long key = Ipv4Address.of(parts[1]).toLong();
      return new ExtendedCommunity(1L << 56 | kind << 48 | key << 16 | value);
    }
    return new ExtendedCommunity(kind << 48 | Long.parseLong(parts[1]) << 32 | value);
  }

  private static AsPath path(String value) {
    var segments = new ArrayList<AsPath.Segment>();
    var sequence = new ArrayList<AsNumber>();
    boolean set = false;
    for (var word : value.replace("{", " { ").replace("}", " } ").strip().split("\\s+", -1)) {
      if (word.equals("{") || word.equals("}")) {
        if (!sequence.isEmpty()) {
          segments.add(
              new AsPath.Segment(set ? AsPath.Kind.AS_SET : AsPath.Kind.AS_SEQUENCE, sequence));
          sequence.clear();
        }
        set = word.equals("{");
      } else if (!word.isEmpty()) {
        sequence.add(AsNumber.of(Long.parseLong(word)));
      }
    }
    if (!sequence.isEmpty()) {
      segments.add(new AsPath.Segment(AsPath.Kind.AS_SEQUENCE, sequence));
    }
    return new AsPath(segments);
  }
}
