package dev.aviary.emulator.bird;

import dev.aviary.bgp.route.AsNumber;
import dev.aviary.bgp.route.AsPath;
import dev.aviary.bgp.route.AttributeType;
import dev.aviary.bgp.route.BgpIdentifier;
import dev.aviary.bgp.route.Community;
import dev.aviary.bgp.route.Origin;
import dev.aviary.bgp.route.PathAttribute;
import dev.aviary.bgp.route.PathAttributes;
import dev.aviary.emulator.bird.BirdConfiguration.Section;
import dev.aviary.emulator.bird.BirdState.Offer;
import dev.aviary.emulator.bird.filter.FilterRun;
import dev.aviary.emulator.bird.filter.Statement;
import dev.aviary.net.IpAddress;
import dev.aviary.net.IpFamily;
import dev.aviary.net.Ipv4Address;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a recorded daemon tells whom, out of its configuration: its protocols' own rules, then their
 * filters. 1.6 fills a route's attributes in before its filter, 2.0 after what is shown.
 */
final class RecordedExports {
  private final RecordedDaemon daemon;

  RecordedExports(RecordedDaemon daemon) {
    this.daemon = daemon;
  }

  Offer offer(String protocol, BirdRoute route) {
    var section = daemon.configuration().protocol(protocol);
    if (section.isEmpty() || route.protocol().equals(protocol)) {
      return new Offer.Refused();
    }
    var to = section.get();
    return switch (to.kind()) {
      case "bgp" -> session(to, route);
      case "kernel" ->
          !daemon.release().is2() && isOnDevice(route) ? new Offer.Refused() : filtered(to, route);
      case "pipe" -> filtered(to, route);
      default -> new Offer.Filtered(route);
    };
  }

  private static boolean isOnDevice(BirdRoute route) {
    return !route.hops().isEmpty() && route.hops().getFirst().gateway().isEmpty();
  }

  private Offer filtered(Section to, BirdRoute route) {
    var channel = to.channel(NodeNames.channel(route.prefix().family()));
    var filter =
        channel
            .filtering("export")
            .flatMap(BirdConfiguration.Option::filter)
            .orElse(to.kind().equals("pipe") ? new Statement.Accept() : new Statement.Reject());
    var dialect = daemon.release().dialect();
    var subject = new BirdSubject(route, dialect);
    var outcome =
        new FilterRun(
                daemon.configuration().definitions(), subject, dialect == BirdDialect.BIRD_1_6)
            .run(filter);
    return outcome == FilterRun.Outcome.ACCEPTED
        ? new Offer.Told(route, to.kind().equals("bgp") ? shown(subject.route()) : subject.route())
        : new Offer.Filtered(route);
  }

  private BirdRoute shown(BirdRoute route) {
    return daemon.release().is2() ? route : route.ranked();
  }

  // ---- sessions

  private record Peer(boolean internal, boolean client, Section section) {}

  private Optional<Peer> peer(String protocol) {
    return daemon
        .configuration()
        .protocol(protocol)
        .filter(section -> section.kind().equals("bgp"))
        .map(
            section ->
                new Peer(
                    as(section, "neighbor").equals(as(section, "local")),
                    section.option("rr", "client").isPresent(),
                    section));
  }

  private static String as(Section section, String side) {
    var words = section.option(side).orElseThrow().words();
    for (int i = 0; i + 1 < words.size(); i++) {
      if (words.get(i).is("as")) {
        return words.get(i + 1).text();
      }
    }
    throw new AssertionError("no AS in " + words);
  }

  private Offer session(Section section, BirdRoute route) {
    var to = peer(section.name()).orElseThrow();
    var from = peer(route.protocol());
    if (isKept(route, to) || (from.isPresent() && isReflectedWrongly(from.get(), to, route))) {
      return new Offer.Refused();
    }
    if (daemon.release().is2()) {
      return filtered(section, route);
    }
    return filtered(section, route.with(attributes(route, to, from)).ranked());
  }

  private static boolean isKept(BirdRoute route, Peer to) {
    var communities = route.attributes().communities();
    return communities.contains(Community.NO_ADVERTISE)
        || (!to.internal()
            && (communities.contains(Community.NO_EXPORT)
                || communities.contains(Community.NO_EXPORT_SUBCONFED)));
  }

  private static boolean isReflectedWrongly(Peer from, Peer to, BirdRoute route) {
    if (from.internal() && to.internal() && !from.client() && !to.client()) {
      return true;
    }
    return to.internal()
        && to.client()
        && route.attributes().clusterList().contains(cluster(to.section()));
  }

  private static BgpIdentifier cluster(Section section) {
    return section
        .option("rr", "cluster", "id")
        .map(option -> BgpIdentifier.of(option.word(3)))
        .orElse(new BgpIdentifier(0));
  }

  private PathAttributes attributes(BirdRoute route, Peer to, Optional<Peer> from) {
    var own = AsNumber.of(Long.parseLong(as(to.section(), "local")));
    var attributes = from.isPresent() ? route.attributes() : PathAttributes.EMPTY;
    if (from.isEmpty()) {
      attributes =
          attributes
              .with(new PathAttribute.OriginAttribute(Origin.IGP))
              .with(new PathAttribute.AsPathAttribute(AsPath.EMPTY))
              .with(new PathAttribute.LocalPref(PathAttributes.DEFAULT_LOCAL_PREF));
    }
    if (!to.internal()) {
      var path = new ArrayList<AsNumber>();
      path.add(own);
      path.addAll(attributes.asPath().flattened());
      attributes =
          attributes
              .with(
                  new PathAttribute.AsPathAttribute(AsPath.sequence(path.toArray(AsNumber[]::new))))
              .without(AttributeType.MULTI_EXIT_DISC);
    }
    var hop = nextHop(route, to, from);
    if (hop.isPresent()) {
      attributes =
          attributes.with(
              switch (hop.get()) {
                case Ipv4Address v4 -> new PathAttribute.NextHop(v4);
                default ->
                    new PathAttribute.MpReach(
                        dev.aviary.bgp.route.AfiSafi.IPV6_UNICAST,
                        List.of(hop.get()),
                        List.of(),
                        Optional.empty());
              });
    }
    if (from.isPresent() && from.get().internal() && to.internal()) {
      attributes = reflected(attributes, route, from.get(), to);
    }
    return attributes;
  }

  private PathAttributes reflected(PathAttributes attributes, BirdRoute route, Peer from, Peer to) {
    var reflected = attributes;
    if (attributes.originatorId().isEmpty()) {
      reflected =
          reflected.with(
              new PathAttribute.OriginatorId(BgpIdentifier.of(daemon.neighborId(route))));
    }
    var clusters = new ArrayList<BgpIdentifier>();
    clusters.add(cluster(from.client() ? from.section() : to.section()));
    clusters.addAll(attributes.clusterList());
    return reflected.with(new PathAttribute.ClusterList(clusters));
  }

  /** The next hop that is put in place of the one that came; empty to leave it. */
  private Optional<IpAddress> nextHop(BirdRoute route, Peer to, Optional<Peer> from) {
    var self = source(to.section(), route.prefix().family());
    if (to.section().option("next", "hop", "self").isPresent()) {
      return Optional.of(self);
    }
    if (from.isPresent()) {
      return to.internal() || to.section().option("next", "hop", "keep").isPresent()
          ? Optional.empty()
          : Optional.of(self);
    }
    var gateway = route.hops().stream().findFirst().flatMap(BirdRoute.Hop::gateway);
    return Optional.of(to.internal() ? gateway.orElse(self) : self);
  }

  private static IpAddress source(Section section, IpFamily family) {
    var option =
        section
            .option("source", "address")
            .map(o -> o.word(2))
            .or(() -> section.option("local").map(o -> o.word(1)))
            .orElseThrow();
    return IpAddress.parse(option).filter(a -> a.family() == family).orElseThrow();
  }
}
