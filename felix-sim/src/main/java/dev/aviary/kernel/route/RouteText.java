package dev.aviary.kernel.route;

import dev.aviary.net.IpAddress;
import dev.aviary.net.IpFamily;
import dev.aviary.net.Prefix;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;

/** Routes as {@code ip route} prints them (iproute2 6.1). */
public final class RouteText {
  /** With {@code -d}, with {@code table all}, or neither. */
  public enum Style {
    PLAIN,
    DETAILS,
    ALL_TABLES
  }

  private static final Map<Integer, String> TABLES =
      Map.of(0, "unspec", 253, "default", 254, "main", 255, "local");

  private RouteText() {}

  /** A table's name, or its number where it has none. */
  public static String tableName(int table) {
    return TABLES.getOrDefault(table, Integer.toUnsignedString(table));
  }

  /** The table of that name or number. */
  public static Optional<Integer> parseTable(String text) {
    for (var entry : TABLES.entrySet()) {
      if (entry.getValue().equals(text)) {
        return Optional.of(entry.getKey());
      }
    }
    try {
      return Optional.of(Integer.parseUnsignedInt(text));
    } catch (NumberFormatException _) {
      return Optional.empty();
    }
  }

  /** "default", an address for a host prefix, or the prefix. */
  public static String destination(Prefix prefix) {
    if (prefix.length() == 0) {
      return "default";
    }
    return prefix.isHost() ? prefix.address().toString() : prefix.toString();
  }

  /** One route's line with its trailing blank, without the line's end. */
  public static String line(KernelRoute route, Style style) {
    boolean details = style == Style.DETAILS;
    var out = new StringBuilder();
    if (route.type() != RouteType.UNICAST || details) {
      out.append(route.type().text()).append(' ');
    }
    out.append(destination(route.destination())).append(' ');
    boolean several = route.nextHops().size() > 1;
    if (!several && !route.nextHops().isEmpty()) {
      hop(route.nextHops().getFirst(), route, out);
    } else if (route.nextHops().isEmpty() && route.family() == IpFamily.IPV6) {
      out.append("dev lo ");
    }
    if (style == Style.ALL_TABLES && route.table() != KernelRoute.TABLE_MAIN) {
      out.append("table ").append(tableName(route.table())).append(' ');
    }
    if (!route.protocol().equals(RouteProtocol.BOOT) || details) {
      out.append("proto ").append(route.protocol()).append(' ');
    }
    if (route.scope() != RouteScope.GLOBAL || details) {
      out.append("scope ").append(route.scope().text()).append(' ');
    }
    if (route.source() != null) {
      out.append("src ").append(route.source()).append(' ');
    }
    if (route.metric() != 0) {
      out.append("metric ").append(Integer.toUnsignedString(route.metric())).append(' ');
    }
    if (!several) {
      flags(route, out);
    } else {
      for (var hop : route.nextHops()) {
        out.append("\n\tnexthop ");
        hop(hop, route, out);
        out.append("weight ").append(hop.weight()).append(' ');
        if (hop.onlink()) {
          out.append("onlink ");
        }
      }
    }
    if (route.family() == IpFamily.IPV6) {
      out.append("pref medium");
    }
    return out.toString();
  }

  private static void hop(NextHop hop, KernelRoute route, StringBuilder out) {
    if (hop.gateway() != null) {
      out.append("via ");
      if (hop.gateway().family() != route.family()) {
        out.append(hop.gateway().family() == IpFamily.IPV6 ? "inet6 " : "inet ");
      }
      out.append(hop.gateway()).append(' ');
    }
    out.append("dev ").append(hop.device()).append(' ');
  }

  private static void flags(KernelRoute route, StringBuilder out) {
    for (var hop : route.nextHops()) {
      if (hop.onlink()) {
        out.append("onlink ");
      }
    }
  }

  /** One line of {@code ip rule}, without the line's end. */
  public static String rule(RoutingRule rule) {
    var out = new StringBuilder().append(rule.priority()).append(":\t");
    if (rule.inverted()) {
      out.append("not ");
    }
    var from = rule.from();
    out.append("from ").append(from == null ? "all" : destination(from));
    var to = rule.to();
    if (to != null) {
      out.append(" to ").append(destination(to));
    }
    if (rule.mask() != 0) {
      out.append(" fwmark 0x").append(Integer.toHexString(rule.mark()));
      if (rule.mask() != -1) {
        out.append("/0x").append(Integer.toHexString(rule.mask()));
      }
    }
    if (rule.inDevice() != null) {
      out.append(" iif ").append(rule.inDevice());
    }
    if (rule.outDevice() != null) {
      out.append(" oif ").append(rule.outDevice());
    }
    return out.append(
            switch (rule.action()) {
              case LOOKUP -> " lookup " + tableName(rule.table());
              case BLACKHOLE -> " blackhole";
              case UNREACHABLE -> " unreachable";
              case PROHIBIT -> " prohibit";
            })
        .toString();
  }

  /** One route as an object of {@code ip -j route}. */
  public static String json(KernelRoute route, Style style) {
    boolean details = style == Style.DETAILS;
    var out = new StringJoiner(",", "{", "}");
    if (route.type() != RouteType.UNICAST || details) {
      out.add("\"type\":\"" + route.type().text() + '"');
    }
    out.add("\"dst\":\"" + destination(route.destination()) + '"');
    boolean several = route.nextHops().size() > 1;
    if (!several && !route.nextHops().isEmpty()) {
      jsonHop(route.nextHops().getFirst(), out);
    }
    if (style == Style.ALL_TABLES && route.table() != KernelRoute.TABLE_MAIN) {
      out.add("\"table\":\"" + tableName(route.table()) + '"');
    }
    if (!route.protocol().equals(RouteProtocol.BOOT) || details) {
      out.add("\"protocol\":\"" + route.protocol() + '"');
    }
    if (route.scope() != RouteScope.GLOBAL || details) {
      out.add("\"scope\":\"" + route.scope().text() + '"');
    }
    IpAddress source = route.source();
    if (source != null) {
      out.add("\"prefsrc\":\"" + source + '"');
    }
    if (route.metric() != 0) {
      out.add("\"metric\":" + Integer.toUnsignedString(route.metric()));
    }
    boolean onlink = !several && route.nextHops().stream().anyMatch(NextHop::onlink);
    out.add("\"flags\":[" + (onlink ? "\"onlink\"" : "") + "]");
    if (several) {
      var hops = new StringJoiner(",", "\"nexthops\":[", "]");
      for (var hop : route.nextHops()) {
        var one = new StringJoiner(",", "{", "}");
        jsonHop(hop, one);
        one.add("\"weight\":" + hop.weight());
        one.add("\"flags\":[" + (hop.onlink() ? "\"onlink\"" : "") + "]");
        hops.add(one.toString());
      }
      out.add(hops.toString());
    }
    return out.toString();
  }

  private static void jsonHop(NextHop hop, StringJoiner out) {
    if (hop.gateway() != null) {
      out.add("\"gateway\":\"" + hop.gateway() + '"');
    }
    out.add("\"dev\":\"" + hop.device() + '"');
  }
}
