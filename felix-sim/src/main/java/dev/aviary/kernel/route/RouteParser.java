package dev.aviary.kernel.route;

import dev.aviary.net.IpAddress;
import dev.aviary.net.IpFamily;
import dev.aviary.net.Ipv4Address;
import dev.aviary.net.Ipv6Address;
import dev.aviary.net.Prefix;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads routes as {@code ip route} takes and prints them, and rules as {@code ip rule} does.
 *
 * <p>A route's line: [TYPE] DESTINATION [via GATEWAY] [dev DEVICE] [table T] [proto P] [scope S]
 * [src A] [metric M] [onlink] [nexthop …].
 */
public final class RouteParser {
  private final IpFamily family;
  private final List<String> words;
  private int at;

  private @Nullable Prefix destination;
  private RouteType type = RouteType.UNICAST;
  private @Nullable Integer table;
  private RouteProtocol protocol = RouteProtocol.BOOT;
  private boolean protocolGiven;
  private @Nullable RouteScope scope;
  private @Nullable Integer metric;
  private @Nullable IpAddress source;
  private @Nullable IpAddress gateway;
  private @Nullable String device;
  private boolean onlink;
  private int tos;
  private final List<NextHop> hops = new ArrayList<>();

  private RouteParser(IpFamily family, List<String> words) {
    this.family = family;
    this.words = words;
  }

  /** What is wrong with the words, as {@code ip} says it. */
  public static final class BadRouteException extends Exception {
    BadRouteException(String message) {
      super(message, null, false, false);
    }
  }

  /**
   * What stood on a command line; parts that were not given are null.
   *
   * @param route the route with defaults filled in
   */
  public record Parsed(
      KernelRoute route,
      boolean typeGiven,
      boolean protocolGiven,
      @Nullable Integer metric,
      @Nullable IpAddress gateway,
      @Nullable String device) {}

  /**
   * Reads the words behind {@code ip route add}.
   *
   * @param resolveDevice finds the device of a gateway where none is named; empty if unreachable
   */
  public static Parsed parse(
      IpFamily family, List<String> words, Function<IpAddress, Optional<String>> resolveDevice)
      throws BadRouteException {
    return new RouteParser(family, words).parse(resolveDevice);
  }

  /** Reads one line of {@code ip route} output. */
  public static KernelRoute line(IpFamily family, String line) throws BadRouteException {
    var words = List.of(line.strip().split("\\s+", -1));
    return parse(family, words, _ -> Optional.empty()).route();
  }

  private String next() throws BadRouteException {
    if (at >= words.size()) {
      throw new BadRouteException("Command line is not complete. Try option \"help\"");
    }
    return words.get(at++);
  }

  private Parsed parse(Function<IpAddress, Optional<String>> resolveDevice)
      throws BadRouteException {
    boolean typeGiven = false;
    while (at < words.size()) {
      var word = words.get(at++);
      var asType = RouteType.parse(word);
      if (asType.isPresent() && destination == null && !typeGiven) {
        type = asType.get();
        typeGiven = true;
      } else {
        word(word);
      }
    }
    if (destination == null) {
      throw new BadRouteException("need at least a destination address");
    }
    if (hops.isEmpty() && !type.isError()) {
      hops.add(hop(resolveDevice));
    }
    return new Parsed(build(destination), typeGiven, protocolGiven, metric, gateway, device);
  }

  private NextHop hop(Function<IpAddress, Optional<String>> resolveDevice)
      throws BadRouteException {
    var by = device;
    if (by == null && gateway != null) {
      by =
          resolveDevice
              .apply(gateway)
              .orElseThrow(() -> new BadRouteException("Nexthop has invalid gateway."));
    }
    if (by == null) {
      throw new BadRouteException("No such device");
    }
    return new NextHop(gateway, by, onlink, 1);
  }

  private void word(String word) throws BadRouteException {
    switch (word) {
      case "via" -> {
        var text = next();
        if (text.equals("inet") || text.equals("inet6")) {
          text = next();
        }
        gateway = address(text);
      }
      case "dev", "oif" -> device = next();
      case "table" -> {
        var text = next();
        table =
            RouteText.parseTable(text)
                .orElseThrow(() -> bad("table", text, "\"table\" value is invalid\n"));
      }
      case "proto", "protocol" -> {
        var text = next();
        protocol =
            RouteProtocol.parse(text)
                .orElseThrow(() -> bad("protocol", text, "\"protocol\" value is invalid\n"));
        protocolGiven = true;
      }
      case "scope" -> {
        var text = next();
        scope =
            RouteScope.parse(text)
                .orElseThrow(() -> bad("scope", text, "\"scope\" value is invalid\n"));
      }
      case "src" -> source = address(next());
      case "metric", "preference", "priority" -> metric = number(next());
      case "tos", "dsfield" -> tos = number(next());
      case "onlink" -> onlink = true;
      case "pref", "error", "uid", "expires", "mtu", "advmss", "realm" -> next();
      case "linkdown", "dead", "cache", "offload", "rt_offload_failed" -> {}
      case "nexthop" -> nexthop();
      case "to" -> destination = destination(next());
      default -> {
        if (destination != null) {
          throw new BadRouteException(
              "either \"to\" is duplicate, or \"" + word + "\" is a garbage.");
        }
        destination = destination(word);
      }
    }
  }

  private static BadRouteException bad(String what, String text, String reason) {
    return new BadRouteException(
        "argument \"" + text + "\" is wrong: " + reason.strip().replace("value", what + " value"));
  }

  private void nexthop() throws BadRouteException {
    IpAddress via = null;
    String by = null;
    int weight = 1;
    boolean direct = false;
    while (at < words.size() && !words.get(at).equals("nexthop")) {
      var word = words.get(at++);
      switch (word) {
        case "via" -> via = address(next());
        case "dev" -> by = next();
        case "weight" -> {
          weight = number(next());
          if (weight < 1 || weight > 256) {
            throw new BadRouteException(
                "argument \"" + weight + "\" is wrong: \"weight\" is invalid");
          }
        }
        case "onlink" -> direct = true;
        case "linkdown", "dead" -> {}
        default -> throw new BadRouteException("\"" + word + "\" is a garbage.");
      }
    }
    if (by == null) {
      throw new BadRouteException("No such device");
    }
    hops.add(new NextHop(via, by, direct, weight));
  }

  private static int number(String text) throws BadRouteException {
    try {
      return Integer.parseUnsignedInt(
          text.startsWith("0x") ? text.substring(2) : text, text.startsWith("0x") ? 16 : 10);
    } catch (NumberFormatException _) {
      throw new BadRouteException("argument \"" + text + "\" is wrong: value is invalid");
    }
  }

  private IpAddress address(String text) throws BadRouteException {
    return IpAddress.parse(text)
        .filter(a -> a.family() == family)
        .orElseThrow(
            () ->
                new BadRouteException(
                    (family == IpFamily.IPV4 ? "inet" : "inet6")
                        + " address is expected rather than \""
                        + text
                        + "\"."));
  }

  private Prefix destination(String text) throws BadRouteException {
    if (text.equals("default") || text.equals("any") || text.equals("all")) {
      return Prefix.of(
          family == IpFamily.IPV4 ? Ipv4Address.UNSPECIFIED : Ipv6Address.UNSPECIFIED, 0);
    }
    var prefix =
        text.indexOf('/') < 0 ? IpAddress.parse(text).map(IpAddress::toPrefix) : Prefix.parse(text);
    return prefix
        .filter(p -> p.family() == family)
        .orElseThrow(
            () ->
                new BadRouteException(
                    (family == IpFamily.IPV4 ? "inet" : "inet6")
                        + " prefix is expected rather than \""
                        + text
                        + "\"."));
  }

  private KernelRoute build(Prefix to) {
    boolean v4 = family == IpFamily.IPV4;
    var hopless = type.isError();
    var kind = scope;
    if (kind == null) {
      boolean direct = !hopless && hops.stream().allMatch(h -> h.gateway() == null);
      kind = RouteScope.GLOBAL;
      if (v4 && type == RouteType.LOCAL) {
        kind = RouteScope.HOST;
      } else if (v4 && (direct || type == RouteType.BROADCAST)) {
        kind = RouteScope.LINK;
      }
    }
    boolean local = type == RouteType.LOCAL || type == RouteType.BROADCAST;
    int number = table != null ? table : local ? KernelRoute.TABLE_LOCAL : KernelRoute.TABLE_MAIN;
    int priority = metric != null ? metric : v4 ? 0 : 1024;
    return new KernelRoute(
        to, type, number, protocol, kind, priority, source, hopless ? List.of() : hops, tos);
  }

  /** Reads the words behind {@code ip rule add}. */
  public static RoutingRule rule(IpFamily family, List<String> words, int priority)
      throws BadRouteException {
    return new RouteParser(family, words).rule(priority);
  }

  private RoutingRule rule(int byDefault) throws BadRouteException {
    int priority = byDefault;
    Prefix from = null;
    Prefix to = null;
    int mark = 0;
    int mask = 0;
    String in = null;
    String out = null;
    boolean inverted = false;
    var action = RoutingRule.Action.LOOKUP;
    int number = KernelRoute.TABLE_MAIN;
    while (at < words.size()) {
      var word = words.get(at++);
      switch (word) {
        case "not" -> inverted = true;
        case "from" -> from = selector(next());
        case "to" -> to = selector(next());
        case "priority", "pref", "order", "preference" -> priority = number(next());
        case "iif", "dev" -> in = next();
        case "oif" -> out = next();
        case "fwmark" -> {
          var text = next();
          int slash = text.indexOf('/');
          mark = number(slash < 0 ? text : text.substring(0, slash));
          mask = slash < 0 ? -1 : number(text.substring(slash + 1));
        }
        case "lookup", "table" -> {
          var text = next();
          number =
              RouteText.parseTable(text)
                  .orElseThrow(
                      () ->
                          new BadRouteException(
                              "argument \"" + text + "\" is wrong: invalid table ID"));
        }
        case "blackhole" -> action = RoutingRule.Action.BLACKHOLE;
        case "unreachable" -> action = RoutingRule.Action.UNREACHABLE;
        case "prohibit" -> action = RoutingRule.Action.PROHIBIT;
        default ->
            throw new BadRouteException(
                "argument \"" + word + "\" is wrong: Failed to parse rule type");
      }
    }
    return new RoutingRule(
        family, priority, from, to, mark, mask, in, out, inverted, action, number);
  }

  private @Nullable Prefix selector(String text) throws BadRouteException {
    var prefix = destination(text);
    return prefix.length() == 0 ? null : prefix;
  }
}
