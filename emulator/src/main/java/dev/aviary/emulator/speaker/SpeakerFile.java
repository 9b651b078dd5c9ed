package dev.aviary.emulator.speaker;

import dev.aviary.bgp.NeighborConfig;
import dev.aviary.bgp.SpeakerConfig;
import dev.aviary.bgp.rib.RouteDissemination.NextHopRule;
import dev.aviary.bgp.rib.RouteSelection;
import dev.aviary.bgp.route.AfiSafi;
import dev.aviary.bgp.route.AsNumber;
import dev.aviary.bgp.route.Behavior;
import dev.aviary.bgp.route.BgpIdentifier;
import dev.aviary.emulator.resource.Fields;
import dev.aviary.emulator.resource.FieldsFile;
import dev.aviary.emulator.resource.Problem;
import dev.aviary.emulator.resource.ResourceLoader.Document;
import dev.aviary.net.IpAddress;
import dev.aviary.net.Ipv4Address;
import dev.aviary.net.Ipv6Address;
import dev.aviary.net.Prefix;
import io.vavr.collection.Seq;
import io.vavr.control.Validation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A speaker's file: what it is told about itself, its neighbors, and what it originates. The schema
 * beside this class has every field.
 */
public record SpeakerFile(
    SpeakerConfig config,
    List<NeighborConfig> neighbors,
    List<Range> ranges,
    List<Origination> routes) {
  public SpeakerFile {
    neighbors = List.copyOf(neighbors);
    ranges = List.copyOf(ranges);
    routes = List.copyOf(routes);
  }

  /** Whoever comes from {@code prefix} is a neighbor like {@code template}. */
  public record Range(Prefix prefix, NeighborConfig template) {}

  /** How many neighbors and ranges it has. */
  public int size() {
    return neighbors.size() + ranges.size();
  }

  /** The JSON Schema of such files. */
  public static String schema() {
    try (var in = SpeakerFile.class.getResourceAsStream("speaker.schema.json")) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Who a plain router talks to. */
  public record Peer(IpAddress address, long as) {
    /** Reads "IP:AS"; an IPv6 address in brackets. */
    public static Optional<Peer> parse(String text) {
      int colon = text.lastIndexOf(':');
      if (colon < 0) {
        return Optional.empty();
      }
      var address = IpAddress.parse(text.substring(0, colon).replaceAll("^\\[|]$", ""));
      return Values.as(text.substring(colon + 1))
          .flatMap(as -> address.map(a -> new Peer(a, Integer.toUnsignedLong(as.bits()))));
    }
  }

  /**
   * A plain router: it waits for its neighbors, takes and tells every route, and puts itself in as
   * the next hop.
   *
   * @param as 1 to 4294967295
   */
  public static SpeakerFile plain(
      InetSocketAddress listen, Ipv4Address routerId, long as, List<Peer> peers) {
    var identifier = BgpIdentifier.of(routerId.toString());
    var config = SpeakerConfig.builder("speaker", AsNumber.of(as), identifier).listen(listen);
    nextHops(config, Optional.of(listen));
    var neighbors = new ArrayList<NeighborConfig>();
    for (var peer : peers) {
      neighbors.add(
          NeighborConfig.builder("peer_" + peer.address(), peer.address(), AsNumber.of(peer.as()))
              .families(AfiSafi.IPV4_UNICAST, AfiSafi.IPV6_UNICAST)
              .passive(true)
              .nextHop(NextHopRule.SELF)
              .build());
    }
    return new SpeakerFile(config.build(), neighbors, List.of(), List.of());
  }

  /** Reads {@code file}, or says everything that is wrong with it. */
  public static Validation<Seq<Problem>, SpeakerFile> read(Document file) {
    return FieldsFile.read(file, SpeakerFile::read);
  }

  private static SpeakerFile read(Fields fields) {
    fields.accept("$schema");
    var config = config(fields);
    var reader = new NeighborReader(Policies.read(fields), config);
    var defaults = fields.object("defaults");
    var neighbors = new ArrayList<NeighborConfig>();
    var ranges = new ArrayList<Range>();
    var names = new HashSet<String>();
    var passwords = new HashMap<Object, Optional<String>>();
    for (var each : fields.objects("neighbors")) {
      var name = NeighborReader.name(each);
      if (!names.add(name)) {
        each.problem("name", "there are two neighbors called " + name);
      }
      var told = each.over(defaults, "neighbors[" + name + "]");
      told.accept("name");
      reader
          .read(told, name)
          .ifPresent(
              neighbor -> {
                var range = told.parsed("range", Prefix::parse, "a prefix");
                range.ifPresent(prefix -> ranges.add(new Range(prefix, neighbor)));
                if (range.isEmpty()) {
                  neighbors.add(neighbor);
                  var before =
                      passwords.putIfAbsent(neighbor.address(), neighbor.wire().password());
                  if (before != null && !before.equals(neighbor.wire().password())) {
                    told.problem("password", "must be that of the others at this address");
                  }
                }
              });
      told.done();
    }
    var routes = fields.objects("routes").stream().map(Origination::read).toList();
    return new SpeakerFile(
        config, neighbors, ranges, routes.stream().flatMap(Optional::stream).toList());
  }

  private static SpeakerConfig config(Fields fields) {
    for (var name : List.of("as", "routerId")) {
      if (!fields.has(name)) {
        fields.problem(name, "is required");
      }
    }
    var as = fields.parsed("as", Values::as, Values.AS);
    var routerId = fields.parsed("routerId", Values::identifier, Values.IDENTIFIER);
    var identifier = routerId.orElse(BgpIdentifier.of("0.0.0.1"));
    var config =
        SpeakerConfig.builder(
            fields.text("name", "speaker"), as.orElse(AsNumber.of(1)), identifier);
    var listen = fields.parsed("listen", Values::endpoint, Values.ENDPOINT);
    listen.ifPresent(config::listen);
    nextHops(config, listen);
    fields.parsed("ipv4", Ipv4Address::parse, "an IPv4 address").ifPresent(config::ipv4);
    fields.parsed("ipv6", Ipv6Address::parse, "an IPv6 address").ifPresent(config::ipv6);
    fields.parsed("clusterId", Values::identifier, Values.IDENTIFIER).ifPresent(config::clusterId);
    fields.oneOf("behavior", Behavior.values(), SpeakerFile::spelled).ifPresent(config::behavior);
    var selection = fields.object("selection");
    config.selection(
        new RouteSelection.Options(
            selection.flag("alwaysCompareMed", false),
            selection.flag("preferOlder", false),
            selection.flag("comparePathLength", true)));
    selection.done();
    var costs = NextHopCosts.read(fields);
    costs.ifPresent(config::resolver);
    var restart = fields.object("restart");
    config.restarting(restart.flag("recovering", false));
    restart.parsed("wait", Values::duration, Values.DURATION).ifPresent(config::restartWait);
    restart.done();
    return config.build();
  }

  private static String spelled(Behavior behavior) {
    return switch (behavior) {
      case RFC -> "rfc";
      case BIRD_20 -> "bird-2.0";
      case BIRD_16 -> "bird-1.6";
    };
  }

  /** Unless told otherwise it is a next hop by the one address it listens at. */
  private static void nextHops(SpeakerConfig.Builder config, Optional<InetSocketAddress> listen) {
    if (listen.isPresent()) {
      switch (IpAddress.of(listen.get().getAddress().getAddress())) {
        case Ipv4Address v4 when !v4.isUnspecified() -> config.ipv4(v4);
        case Ipv6Address v6 when !v6.isUnspecified() -> config.ipv6(v6);
        case Ipv4Address _, Ipv6Address _ -> {}
      }
    }
  }
}
