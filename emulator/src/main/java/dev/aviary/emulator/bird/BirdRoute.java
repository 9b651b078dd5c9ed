package dev.aviary.emulator.bird;

import dev.aviary.bgp.route.AsNumber;
import dev.aviary.bgp.route.Origin;
import dev.aviary.bgp.route.PathAttributes;
import dev.aviary.net.IpAddress;
import dev.aviary.net.Prefix;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A route of a daemon's table.
 *
 * @param hops where packets go, for {@link Destination#UNICAST}
 * @param from who told it, where that is not the gateway
 * @param rank what a session's route shows beyond its preference
 * @param attributes of BGP; none for what no session told and no filter gave any
 */
record BirdRoute(
    Prefix prefix,
    Destination destination,
    List<Hop> hops,
    String protocol,
    Instant since,
    Optional<IpAddress> from,
    Mark mark,
    int preference,
    Optional<Rank> rank,
    Source source,
    PathAttributes attributes,
    Kernel kernel) {
  BirdRoute {
    hops = List.copyOf(hops);
  }

  /** What becomes of packets. */
  enum Destination {
    UNICAST("unicast"),
    BLACKHOLE("blackhole"),
    UNREACHABLE("unreachable"),
    PROHIBITED("prohibited");

    private final String word;

    Destination(String word) {
      this.word = word;
    }

    String word() {
      return word;
    }
  }

  /** Whether it is the one in use. */
  enum Mark {
    NONE(""),
    BEST(" *"),
    /** The best, which the kernel did not take. */
    REFUSED(" !");

    private final String text;

    Mark(String text) {
      this.text = text;
    }

    String text() {
      return text;
    }
  }

  /** What a route is from. */
  enum Source {
    DUMMY("dummy", "RTS_DUMMY"),
    STATIC("static", "RTS_STATIC"),
    INHERIT("inherit", "RTS_INHERIT"),
    DEVICE("device", "RTS_DEVICE"),
    BGP("BGP", "RTS_BGP"),
    PIPE("pipe", "RTS_PIPE");

    private final String word;
    private final String constant;

    Source(String word, String constant) {
      this.word = word;
      this.constant = constant;
    }

    String word() {
      return word;
    }

    String constant() {
      return constant;
    }
  }

  /** Where a packet goes next. */
  record Hop(Optional<IpAddress> gateway, String device, boolean onlink, int weight) {
    static Hop via(IpAddress gateway, String device) {
      return new Hop(Optional.of(gateway), device, false, 1);
    }

    static Hop on(String device) {
      return new Hop(Optional.empty(), device, false, 1);
    }

    String print() {
      return gateway.map(g -> "via " + g + " on " + device).orElse("dev " + device);
    }
  }

  /**
   * What stands behind a session's route.
   *
   * @param metric of its next hop; {@code ?} if unknown, {@code -} if there is none; empty for a
   *     next hop that is not looked up
   */
  record Rank(boolean stale, String metric, Optional<AsNumber> lastAs, Origin origin) {
    String print(int preference) {
      return " (%d%s%s) [%s%s]"
          .formatted(
              preference,
              stale ? "s" : "",
              metric.isEmpty() ? "" : "/" + metric,
              lastAs.map(as -> "AS" + as).orElse(""),
              origin.mark());
    }
  }

  /** What the kernel has on a route, or is to have. */
  record Kernel(
      OptionalInt source, OptionalInt metric, Optional<String> tunnel, OptionalInt scope) {
    static final Kernel NOTHING =
        new Kernel(OptionalInt.empty(), OptionalInt.empty(), Optional.empty(), OptionalInt.empty());
  }

  String info() {
    return rank.map(r -> r.print(preference)).orElse(" (" + preference + ")");
  }

  BirdRoute with(PathAttributes changed) {
    return new BirdRoute(
        prefix,
        destination,
        hops,
        protocol,
        since,
        from,
        mark,
        preference,
        rank,
        source,
        changed,
        kernel);
  }

  BirdRoute marked(Mark changed) {
    return new BirdRoute(
        prefix,
        destination,
        hops,
        protocol,
        since,
        from,
        changed,
        preference,
        rank,
        source,
        attributes,
        kernel);
  }

  /** As a session shows a route that leaves: with the path and the origin that it has then. */
  BirdRoute ranked() {
    if (rank.isEmpty()) {
      return this;
    }
    var ases = attributes.asPath().flattened();
    var leaving =
        new Rank(
            rank.get().stale(),
            rank.get().metric(),
            ases.isEmpty() ? Optional.empty() : Optional.of(ases.getLast()),
            attributes.origin());
    return new BirdRoute(
        prefix,
        destination,
        hops,
        protocol,
        since,
        from,
        mark,
        preference,
        Optional.of(leaving),
        source,
        attributes,
        kernel);
  }
}
