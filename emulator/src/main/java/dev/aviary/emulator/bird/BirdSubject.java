package dev.aviary.emulator.bird;

import dev.aviary.emulator.bird.filter.AttributeValues;
import dev.aviary.emulator.bird.filter.Constants;
import dev.aviary.emulator.bird.filter.RunException;
import dev.aviary.emulator.bird.filter.Subject;
import dev.aviary.emulator.bird.filter.Value;
import dev.aviary.net.IpAddress;
import dev.aviary.net.IpFamily;
import dev.aviary.net.Ipv4Address;
import dev.aviary.net.Ipv6Address;
import java.util.Optional;
import java.util.OptionalInt;

/** A route under a filter, and what the filter makes of it. */
final class BirdSubject implements Subject {
  private final BirdDialect dialect;
  private BirdRoute route;

  BirdSubject(BirdRoute route, BirdDialect dialect) {
    this.route = route;
    this.dialect = dialect;
  }

  /** The route as it is now. */
  BirdRoute route() {
    return route;
  }

  @Override
  public Value get(String attribute) {
    return switch (attribute) {
      case "net" -> new Value.Network(route.prefix());
      case "from" -> new Value.Address(from());
      case "gw" -> new Value.Address(gateway());
      case "source" -> Constants.of(route.source().constant());
      case "proto" -> new Value.Text(route.protocol());
      case "scope" -> Constants.of("SCOPE_UNIVERSE");
      case "cast" -> Constants.of("RTC_UNICAST");
      case "dest" -> Constants.of(destination());
      case "ifname" -> new Value.Text(device());
      case "preference" -> new Value.Numeric(route.preference());
      case "krt_source" -> number(route.kernel().source());
      case "krt_metric" -> number(route.kernel().metric());
      case "krt_scope" -> number(route.kernel().scope());
      case "krt_tunnel" ->
          route.kernel().tunnel().<Value>map(Value.Text::new).orElseGet(Value.Nothing::new);
      case "krt_prefsrc", "krt_realm" -> new Value.Nothing();
      default ->
          AttributeValues.get(route.attributes(), attribute)
              .map(this::asSeen)
              .orElseThrow(() -> new RunException("no attribute " + attribute));
    };
  }

  /** 1.6 has an origin as a number, which none of its words for origins is equal to. */
  private Value asSeen(Value value) {
    return dialect == BirdDialect.BIRD_1_6 && value instanceof Value.Word(_, int number)
        ? new Value.Numeric(number)
        : value;
  }

  private static Value number(OptionalInt value) {
    return value.isPresent()
        ? new Value.Numeric(Integer.toUnsignedLong(value.getAsInt()))
        : new Value.Nothing();
  }

  private IpAddress nobody() {
    return route.prefix().family() == IpFamily.IPV4
        ? Ipv4Address.UNSPECIFIED
        : Ipv6Address.UNSPECIFIED;
  }

  /** Who told it; nobody for a route of the daemon itself. */
  private IpAddress from() {
    if (route.from().isPresent()) {
      return route.from().get();
    }
    return switch (route.source()) {
      case BGP -> gateway();
      case DUMMY, STATIC, INHERIT, DEVICE, PIPE -> nobody();
    };
  }

  private IpAddress gateway() {
    return route.hops().stream()
        .findFirst()
        .flatMap(BirdRoute.Hop::gateway)
        .orElseGet(this::nobody);
  }

  private String device() {
    return route.hops().stream().findFirst().map(BirdRoute.Hop::device).orElse("");
  }

  private String destination() {
    return switch (route.destination()) {
      case UNICAST ->
          switch (dialect) {
            case BIRD_2_0 -> "RTD_UNICAST";
            case BIRD_1_6 ->
                route.hops().size() > 1
                    ? "RTD_MULTIPATH"
                    : route.hops().getFirst().gateway().isPresent() ? "RTD_ROUTER" : "RTD_DEVICE";
          };
      case BLACKHOLE -> "RTD_BLACKHOLE";
      case UNREACHABLE -> "RTD_UNREACHABLE";
      case PROHIBITED -> "RTD_PROHIBIT";
    };
  }

  @Override
  public boolean set(String attribute, Value value) {
    var kernel = route.kernel();
    if (attribute.equals("krt_tunnel") && value instanceof Value.Text(var device)) {
      kernel(
          new BirdRoute.Kernel(
              kernel.source(), kernel.metric(), Optional.of(device), kernel.scope()));
      return true;
    }
    if (attribute.equals("krt_metric") && value instanceof Value.Numeric(long metric)) {
      kernel(
          new BirdRoute.Kernel(
              kernel.source(), OptionalInt.of((int) metric), kernel.tunnel(), kernel.scope()));
      return true;
    }
    if (attribute.equals("preference") && value instanceof Value.Numeric(long preference)) {
      route =
          new BirdRoute(
              route.prefix(),
              route.destination(),
              route.hops(),
              route.protocol(),
              route.since(),
              route.from(),
              route.mark(),
              (int) preference,
              route.rank(),
              route.source(),
              route.attributes(),
              kernel);
      return true;
    }
    var changed = AttributeValues.with(route.attributes(), attribute, value);
    changed.ifPresent(attributes -> route = route.with(attributes));
    return changed.isPresent();
  }

  private void kernel(BirdRoute.Kernel kernel) {
    route =
        new BirdRoute(
            route.prefix(),
            route.destination(),
            route.hops(),
            route.protocol(),
            route.since(),
            route.from(),
            route.mark(),
            route.preference(),
            route.rank(),
            route.source(),
            route.attributes(),
            kernel);
  }

  @Override
  public void unset(String attribute) {
    route = route.with(AttributeValues.without(route.attributes(), attribute));
  }
}
