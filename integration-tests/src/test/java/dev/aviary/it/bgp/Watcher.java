package dev.aviary.it.bgp;

import dev.aviary.bgp.message.MessageCodec;
import dev.aviary.bgp.message.SessionOptions;
import dev.aviary.bgp.message.UpdateMessage;
import dev.aviary.bgp.message.WireAttribute;
import dev.aviary.bgp.route.AfiSafi;
import dev.aviary.bgp.route.AsNumber;
import dev.aviary.bgp.route.Behavior;
import dev.aviary.bgp.route.BgpIdentifier;
import dev.aviary.bgp.route.PathAttribute;
import dev.aviary.net.Prefix;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A peer that only listens: what it was told of, and with what attributes. */
final class Watcher implements AutoCloseable {
  private final RawSession session;
  private final SessionOptions options;
  private final Map<Prefix, List<WireAttribute>> routes = new ConcurrentHashMap<>();
  private final Map<Prefix, Integer> announcements = new ConcurrentHashMap<>();

  private Watcher(RawSession session, SessionOptions options) {
    this.session = session;
    this.options = options;
  }

  /** Brings {@code session} up and listens from then on. */
  static Watcher start(RawSession session, long speakerAs) throws IOException {
    boolean internal = session.as() == speakerAs;
    var families = Set.of(AfiSafi.IPV4_UNICAST, AfiSafi.IPV6_UNICAST);
    var options =
        new SessionOptions(
            Behavior.RFC,
            AsNumber.of(session.as()),
            AsNumber.of(speakerAs),
            internal,
            true,
            families,
            Set.of(),
            Set.of(),
            false,
            Set.of(),
            true,
            false,
            Duration.ZERO,
            BgpIdentifier.of("10.0.0.1"),
            List.of());
    session.connect();
    session.say(RawSession.OPEN, session.open(0, session.usualCapabilities()));
    session.await(RawSession.OPEN);
    session.say(RawSession.KEEPALIVE, "");
    session.await(RawSession.KEEPALIVE);
    var watcher = new Watcher(session, options);
    Thread.ofVirtual().start(watcher::listen);
    return watcher;
  }

  private void listen() {
    try {
      session.follow(this::take);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void take(String body) {
    var octets = HexFormat.of().parseHex(RawSession.framed(RawSession.UPDATE, body));
    if (!(MessageCodec.decode(octets, 0, octets.length, options)
        instanceof MessageCodec.Whole(UpdateMessage update))) {
      throw new IllegalStateException("the speaker said what cannot be read: " + body);
    }
    update.withdrawn().forEach(nlri -> routes.remove(nlri.prefix()));
    var attributes = update.attributes();
    for (var attribute : attributes) {
      if (attribute.value() instanceof PathAttribute.MpUnreach(_, var gone, _)) {
        gone.forEach(nlri -> routes.remove(nlri.prefix()));
      } else if (attribute.value() instanceof PathAttribute.MpReach(_, _, var come, _)) {
        come.forEach(nlri -> take(nlri.prefix(), attributes));
      }
    }
    update.nlri().forEach(nlri -> take(nlri.prefix(), attributes));
  }

  private void take(Prefix prefix, List<WireAttribute> attributes) {
    announcements.merge(prefix, 1, Integer::sum);
    routes.put(prefix, attributes);
  }

  /** How often it was told of {@code prefix}. */
  int announcements(String prefix) {
    return announcements.getOrDefault(Prefix.of(prefix), 0);
  }

  boolean has(String prefix) {
    return routes.containsKey(Prefix.of(prefix));
  }

  int size() {
    return routes.size();
  }

  /** The attributes it was told, by code. */
  Map<Integer, WireAttribute> attributes(String prefix) {
    var found = new java.util.TreeMap<Integer, WireAttribute>();
    for (var attribute : routes.getOrDefault(Prefix.of(prefix), List.of())) {
      found.put(attribute.value().code(), attribute);
    }
    return found;
  }

  /** What an attribute has, in words; empty if it was not told. */
  String text(String prefix, int code) {
    var found = attributes(prefix).get(code);
    return found == null ? "" : found.value().toString();
  }

  /** The flags octet of an attribute, 0 if it was not told. */
  int flags(String prefix, int code) {
    var found = attributes(prefix).get(code);
    return found == null ? 0 : found.flags();
  }

  @Override
  public void close() throws IOException {
    session.close();
  }
}
