package dev.aviary.emulator.speaker;

import dev.aviary.bgp.NeighborBuilder;
import dev.aviary.bgp.NeighborConfig;
import dev.aviary.bgp.NeighborConfig.AddPathMode;
import dev.aviary.bgp.NeighborConfig.GracefulRestartMode;
import dev.aviary.bgp.NeighborConfig.LimitAction;
import dev.aviary.bgp.NeighborConfig.MaximumPrefixes;
import dev.aviary.bgp.NeighborConfig.Timers;
import dev.aviary.bgp.SpeakerConfig;
import dev.aviary.bgp.message.Capability.Role;
import dev.aviary.bgp.rib.RouteDissemination.NextHopRule;
import dev.aviary.bgp.route.AfiSafi;
import dev.aviary.emulator.resource.Fields;
import dev.aviary.net.IpAddress;
import dev.aviary.net.Ipv4Address;
import dev.aviary.net.Prefix;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** One neighbor of a file; what it leaves out is BIRD's default. */
final class NeighborReader {
  /** Stands for an address that is missing or wrong, until that is reported. */
  private static final IpAddress NOBODY = Ipv4Address.of("0.0.0.0");

  private static final int BGP_PORT = 179;
  private static final int MAX_PORT = 65535;
  private static final int MAX_TTL = 255;
  private static final int MAX_SECONDS = 65535;
  private static final int MAX_STALE_SECONDS = 0xff_ffff;
  private static final Map<String, Integer> ROLES =
      Map.of(
          "provider", Role.PROVIDER,
          "rs-server", Role.ROUTE_SERVER,
          "rs-client", Role.ROUTE_SERVER_CLIENT,
          "customer", Role.CUSTOMER,
          "peer", Role.PEER);

  private final Policies policies;
  private final SpeakerConfig speaker;

  NeighborReader(Policies policies, SpeakerConfig speaker) {
    this.policies = policies;
    this.speaker = speaker;
  }

  /** What it is called: its name, or its address or range. */
  static String name(Fields fields) {
    return fields
        .text("name")
        .filter(name -> !name.isBlank())
        .orElseGet(() -> "peer_" + fields.text("address").orElse(fields.text("range", "")));
  }

  /** Empty where a mistake leaves nothing to build; it is reported. */
  Optional<NeighborConfig> read(Fields fields, String name) {
    if (fields.has("address") == fields.has("range")) {
      fields.problem("address", "is required, or range, and not both");
    }
    if (!fields.has("as")) {
      fields.problem("as", "is required");
    }
    var range = fields.parsed("range", Prefix::parse, "a prefix").map(Prefix::address);
    var address = fields.parsed("address", IpAddress::parse, "an address").or(() -> range);
    var as = fields.parsed("as", Values::as, Values.AS);
    var builder = NeighborConfig.builder(name, address.orElse(NOBODY), as.orElse(speaker.as()));
    fields.parsed("localAs", Values::as, Values.AS).ifPresent(builder::localAs);
    address.ifPresent(known -> endpoint(fields, builder, known));
    timers(fields, builder);
    offer(fields, builder);
    restart(fields, builder);
    exchange(fields, builder);
    wire(fields, builder);
    return address.isPresent() && as.isPresent() ? Optional.of(builder.build()) : Optional.empty();
  }

  /** It is dialled from where the speaker listens, or the neighbor would not know who comes. */
  private void endpoint(Fields fields, NeighborBuilder builder, IpAddress address) {
    int port = fields.number("port", 1, MAX_PORT).orElse(BGP_PORT);
    if (fields.has("range") && fields.has("port")) {
      fields.problem("port", "cannot be set for a range, which is not dialled");
    }
    builder.passive(fields.flag("passive", false) || fields.has("range"));
    builder.dial(new InetSocketAddress(Values.inet(address), port));
    fields
        .parsed("source", IpAddress::parse, "an address")
        .or(
            () ->
                speaker
                    .listen()
                    .map(listen -> IpAddress.of(listen.getAddress().getAddress()))
                    .filter(own -> !own.isUnspecified() && own.family() == address.family()))
        .ifPresent(source -> builder.source(new InetSocketAddress(Values.inet(source), 0)));
  }

  private static void timers(Fields fields, NeighborBuilder builder) {
    var usual = Timers.BIRD;
    var wait = fields.object("errorWait");
    int hold = (int) usual.hold().toSeconds();
    var held = fields.parsed("holdTime", Values::duration, Values.DURATION);
    if (held.isPresent()) {
      long seconds = held.get().toSeconds();
      if (seconds == 1 || seconds == 2 || seconds > MAX_SECONDS) {
        fields.problem("holdTime", "must be 0 or 3 to 65535 seconds");
      } else {
        hold = (int) seconds;
      }
    }
    builder.timers(
        new Timers(
            Values.duration(fields, "connectDelay", usual.connectDelay()),
            Values.duration(fields, "connectRetry", usual.connectRetry()),
            Duration.ofSeconds(hold),
            Values.duration(fields, "openDelay", usual.openDelay()),
            usual.keepalive(),
            Values.duration(wait, "min", usual.errorWaitMin()),
            Values.duration(wait, "max", usual.errorWaitMax()),
            Values.duration(wait, "forget", usual.errorForget())));
    wait.done();
  }

  private static void offer(Fields fields, NeighborBuilder builder) {
    if (fields.has("families")) {
      var families =
          new HashSet<>(
              Policies.each(
                  fields,
                  "families",
                  text ->
                      switch (text) {
                        case "ipv4" -> Optional.of(AfiSafi.IPV4_UNICAST);
                        case "ipv6" -> Optional.of(AfiSafi.IPV6_UNICAST);
                        default -> Optional.empty();
                      },
                  "ipv4 or ipv6"));
      if (families.isEmpty()) {
        fields.problem("families", "must have ipv4 or ipv6 or both");
      } else {
        builder.families(families.toArray(AfiSafi[]::new));
      }
    }
    builder
        .capabilities(fields.flag("capabilities", true))
        .fourOctetAs(fields.flag("fourOctetAs", true))
        .refresh(fields.flag("routeRefresh", true))
        .enhancedRefresh(fields.flag("enhancedRefresh", true))
        .extendedMessage(fields.flag("extendedMessage", false))
        .extendedNextHop(fields.flag("extendedNextHop", false));
    fields
        .oneOf("addPath", AddPathMode.values(), NeighborReader::spelled)
        .ifPresent(builder::addPath);
    fields
        .parsed("role", text -> Optional.ofNullable(ROLES.get(text)), "one of " + ROLES.keySet())
        .ifPresent(role -> builder.role(role, fields.flag("strictRole", false)));
  }

  private static void restart(Fields fields, NeighborBuilder builder) {
    fields
        .oneOf("gracefulRestart", GracefulRestartMode.values(), NeighborReader::spelled)
        .ifPresent(builder::gracefulRestart);
    builder.notificationRestart(fields.flag("notificationRestart", false));
    fields
        .parsed("restartTime", Values::duration, Values.DURATION)
        .ifPresent(
            time -> {
              if (time.toSeconds() > 4095) {
                fields.problem("restartTime", "must be at most 4095 seconds (RFC 4724)");
              } else {
                builder.restartTime(time);
              }
            });
    var longLived = fields.object("longLived");
    var ours = stale(longLived, "staleTime");
    var helper = stale(longLived, "keepTime");
    builder.longLived(longLived.flag("offered", true), ours, helper);
    longLived.done();
  }

  private static Duration stale(Fields fields, String name) {
    var time = Values.duration(fields, name, Duration.ZERO);
    if (time.toSeconds() > MAX_STALE_SECONDS) {
      fields.problem(name, "must be at most 16777215 seconds (RFC 9494)");
      return Duration.ZERO;
    }
    return time;
  }

  private void exchange(Fields fields, NeighborBuilder builder) {
    policies.named(fields, "import").ifPresent(builder::importPolicy);
    policies.named(fields, "export").ifPresent(builder::exportPolicy);
    fields
        .oneOf("nextHop", NextHopRule.values(), NeighborReader::spelled)
        .ifPresent(builder::nextHop);
    fields.parsed("clusterId", Values::identifier, Values.IDENTIFIER).ifPresent(builder::clusterId);
    builder
        .multihop(fields.flag("multihop", true))
        .reflectorClient(fields.flag("reflectorClient", false))
        .allowOwnAs(fields.number("allowOwnAs", 0, 100).orElse(0))
        .denyWithoutPolicy(fields.flag("requirePolicy", false));
    if (fields.has("maximumPrefixes")) {
      var maximum = fields.object("maximumPrefixes");
      int limit = maximum.number("limit", 1, Integer.MAX_VALUE).orElse(Integer.MAX_VALUE);
      if (!maximum.has("limit")) {
        maximum.problem("limit", "is required");
      }
      builder.maximum(
          new MaximumPrefixes(
              limit,
              maximum
                  .oneOf("action", LimitAction.values(), NeighborReader::spelled)
                  .orElse(LimitAction.DISABLE),
              Values.duration(maximum, "restartAfter", Duration.ofMinutes(5))));
      maximum.done();
    }
  }

  private static void wire(Fields fields, NeighborBuilder builder) {
    fields.number("ttl", 1, MAX_TTL).ifPresent(builder::ttl);
    fields
        .number("gtsm", 1, MAX_TTL)
        .ifPresent(
            hops -> {
              if (fields.has("ttl")) {
                fields.problem("gtsm", "cannot be set together with ttl");
              }
              builder.gtsm(hops);
            });
    fields
        .text("password")
        .ifPresent(
            password -> {
              if (password.isEmpty() || password.length() > 80) {
                fields.problem("password", "must be 1 to 80 octets (RFC 2385)");
              } else {
                builder.password(password);
              }
            });
  }

  private static String spelled(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
