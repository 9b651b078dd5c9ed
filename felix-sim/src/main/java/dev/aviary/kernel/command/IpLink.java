package dev.aviary.kernel.command;

import dev.aviary.kernel.InterfaceAddress;
import dev.aviary.kernel.Kernel;
import dev.aviary.kernel.Link;
import dev.aviary.kernel.packet.MacAddress;
import dev.aviary.kernel.route.RouteScope;
import dev.aviary.net.IpAddress;
import dev.aviary.net.IpFamily;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code ip link} and {@code ip addr}. */
final class IpLink {
  private static final int USAGE = 255;

  private IpLink() {}

  static CommandResult link(Kernel kernel, List<String> words) {
    var command = words.isEmpty() ? "show" : words.getFirst();
    var rest = words.isEmpty() ? words : words.subList(1, words.size());
    return switch (command) {
      case "show", "list", "ls" -> show(kernel, rest, null, false);
      case "set" -> set(kernel, rest);
      case "del", "delete" -> {
        var device = rest.isEmpty() ? "" : rest.getLast();
        yield kernel.links().remove(device)
            ? CommandResult.ok("")
            : CommandResult.failed(1, "Cannot find device \"" + device + "\"");
      }
      default ->
          CommandResult.failed(
              USAGE, "Command \"" + command + "\" is unknown, try \"ip link help\".");
    };
  }

  private static CommandResult set(Kernel kernel, List<String> words) {
    var rest = new ArrayList<>(words);
    rest.remove("dev");
    if (rest.isEmpty() || kernel.links().find(rest.getFirst()).isEmpty()) {
      return CommandResult.failed(
          1, "Cannot find device \"" + (rest.isEmpty() ? "" : rest.getFirst()) + "\"");
    }
    var device = rest.getFirst();
    for (int i = 1; i < rest.size(); i++) {
      switch (rest.get(i)) {
        case "up" -> kernel.links().up(device);
        case "down" -> kernel.links().down(device);
        case "mtu" -> {
          var text = i + 1 < rest.size() ? rest.get(++i) : "";
          if (!text.matches("[0-9]{1,6}")) {
            return CommandResult.failed(
                USAGE, "Error: argument \"" + text + "\" is wrong: Invalid \"mtu\" value");
          }
          kernel.links().setMtu(device, Integer.parseInt(text));
        }
        case "address" -> {
          var mac = MacAddress.parse(i + 1 < rest.size() ? rest.get(++i) : "");
          if (mac.isEmpty()) {
            return CommandResult.failed(USAGE, "\"" + rest.get(i) + "\" is invalid lladdr.");
          }
          kernel.links().setMac(device, mac.get());
        }
        default -> {
          return CommandResult.failed(
              USAGE,
              "Error: either \"dev\" is duplicate, or \"" + rest.get(i) + "\" is a garbage.");
        }
      }
    }
    return CommandResult.ok("");
  }

  static CommandResult addr(Kernel kernel, IpCommand.Options options, List<String> words) {
    var command = words.isEmpty() ? "show" : words.getFirst();
    var rest = words.isEmpty() ? words : words.subList(1, words.size());
    return switch (command) {
      case "show", "list", "ls" ->
          show(kernel, rest, options.familyGiven() ? options.family() : null, true);
      case "add", "a" -> addAddress(kernel, rest);
      case "del", "delete", "d" -> deleteAddress(kernel, rest);
      default ->
          CommandResult.failed(
              USAGE, "Command \"" + command + "\" is unknown, try \"ip address help\".");
    };
  }

  private static CommandResult addAddress(Kernel kernel, List<String> words) {
    InterfaceAddress address = null;
    String device = null;
    String broadcast = null;
    boolean noPrefixRoute = false;
    RouteScope scope = null;
    for (int i = 0; i < words.size(); i++) {
      var next = i + 1 < words.size() ? words.get(i + 1) : "";
      switch (words.get(i)) {
        case "dev" -> {
          device = next;
          i++;
        }
        case "brd", "broadcast" -> {
          broadcast = next;
          i++;
        }
        case "scope" -> {
          scope = RouteScope.parse(next).orElse(null);
          i++;
        }
        case "noprefixroute" -> noPrefixRoute = true;
        default -> {
          address = parse(words.get(i));
          if (address == null) {
            return CommandResult.failed(
                1, "Error: any valid prefix is expected rather than \"" + words.get(i) + "\".");
          }
        }
      }
    }
    if (address == null || device == null) {
      return CommandResult.failed(USAGE, "Not enough information: \"dev\" argument is required.");
    }
    if (kernel.links().find(device).isEmpty()) {
      return CommandResult.failed(1, "Cannot find device \"" + device + "\"");
    }
    var made = InterfaceAddress.of(address.address(), address.length(), device);
    if (broadcast != null) {
      var given = IpAddress.parse(broadcast).orElse(made.prefix().last());
      made = made.withBroadcast(given);
    }
    if (noPrefixRoute) {
      made = made.withNoPrefixRoute();
    }
    if (scope != null) {
      made = made.withScope(scope);
    }
    return kernel.links().addAddress(device, made)
        ? CommandResult.ok("")
        : CommandResult.failed(2, "RTNETLINK answers: File exists");
  }

  private static @Nullable InterfaceAddress parse(String text) {
    int slash = text.indexOf('/');
    var address = IpAddress.parse(slash < 0 ? text : text.substring(0, slash));
    if (address.isEmpty()) {
      return null;
    }
    int bits = address.get().family().bits();
    if (slash < 0) {
      return InterfaceAddress.of(address.get(), bits, "");
    }
    var length = text.substring(slash + 1);
    if (!length.matches("[0-9]{1,3}") || Integer.parseInt(length) > bits) {
      return null;
    }
    return InterfaceAddress.of(address.get(), Integer.parseInt(length), "");
  }

  private static CommandResult deleteAddress(Kernel kernel, List<String> words) {
    var address = words.isEmpty() ? null : parse(words.getFirst());
    int dev = words.indexOf("dev");
    var device = dev >= 0 && dev + 1 < words.size() ? words.get(dev + 1) : "";
    if (address == null || kernel.links().find(device).isEmpty()) {
      return CommandResult.failed(1, "Cannot find device \"" + device + "\"");
    }
    return kernel.links().removeAddress(device, address.address())
        ? CommandResult.ok("")
        : CommandResult.failed(2, "RTNETLINK answers: Cannot assign requested address");
  }

  private static CommandResult show(
      Kernel kernel, List<String> words, @Nullable IpFamily family, boolean addresses) {
    var rest = new ArrayList<>(words);
    rest.remove("dev");
    if (!rest.isEmpty() && kernel.links().find(rest.getFirst()).isEmpty()) {
      return CommandResult.failed(1, "Device \"" + rest.getFirst() + "\" does not exist.");
    }
    var out = new StringBuilder();
    for (var link : kernel.links().list()) {
      boolean wanted =
          (rest.isEmpty() || link.name().equals(rest.getFirst()))
              && (family == null || !link.addresses(family).isEmpty());
      if (wanted) {
        head(link, out, addresses, family != null);
        if (addresses) {
          addresses(link, out, family);
        }
      }
    }
    return CommandResult.ok(out.toString());
  }

  private static void head(Link link, StringBuilder out, boolean addresses, boolean short4) {
    out.append(link.index()).append(": ").append(link.name()).append(peer(link)).append(": ");
    out.append(flags(link)).append(" mtu ").append(link.mtu()).append(" qdisc noqueue state ");
    out.append(state(link)).append(addresses ? "" : " mode DEFAULT");
    out.append(" group default qlen 1000");
    if (short4) {
      out.append(netns(link)).append('\n');
      return;
    }
    out.append('\n');
    out.append(link instanceof Link.Loopback ? "    link/loopback " : "    link/ether ");
    out.append(link.mac()).append(" brd ");
    out.append(link instanceof Link.Loopback ? MacAddress.ZERO : MacAddress.BROADCAST);
    out.append(netns(link)).append('\n');
  }

  private static String peer(Link link) {
    if (!(link instanceof Link.Veth veth)) {
      return "";
    }
    var peer = veth.peer();
    return peer == null ? "" : "@if" + peer.index();
  }

  /** The number of the other end's namespace, counted in the order of links. */
  private static String netns(Link link) {
    if (!(link instanceof Link.Veth veth)) {
      return "";
    }
    var peer = veth.peer();
    if (peer == null || peer.kernel() == link.kernel()) {
      return "";
    }
    var seen = new ArrayList<Kernel>();
    for (var each : link.kernel().links().list()) {
      var other = each instanceof Link.Veth v ? v.peer() : null;
      if (other != null && other.kernel() != link.kernel() && !seen.contains(other.kernel())) {
        seen.add(other.kernel());
      }
    }
    return " link-netnsid " + seen.indexOf(peer.kernel());
  }

  private static String flags(Link link) {
    var words = new ArrayList<String>();
    boolean carrier = link.hasCarrier();
    if (link.isUp() && !carrier) {
      words.add("NO-CARRIER");
    }
    switch (link) {
      case Link.Loopback _ -> words.add("LOOPBACK");
      case Link.IpIp _ -> words.add("NOARP");
      case Link.Physical _, Link.Veth _, Link.Bridge _, Link.Vxlan _ -> {
        words.add("BROADCAST");
        words.add("MULTICAST");
      }
    }
    if (link.isUp()) {
      words.add("UP");
      if (carrier) {
        words.add("LOWER_UP");
      }
    }
    return "<" + String.join(",", words) + ">";
  }

  private static String state(Link link) {
    return switch (link) {
      case Link.Loopback _, Link.Bridge _, Link.IpIp _, Link.Vxlan _ ->
          link.isUp() ? "UNKNOWN" : "DOWN";
      case Link.Physical _, Link.Veth _ -> {
        if (!link.isUp()) {
          yield "DOWN";
        }
        yield link.hasCarrier() ? "UP" : "LOWERLAYERDOWN";
      }
    };
  }

  private static void addresses(Link link, StringBuilder out, @Nullable IpFamily family) {
    for (var own : link.addresses()) {
      if (family != null && own.address().family() != family) {
        continue;
      }
      boolean v4 = own.address().family() == IpFamily.IPV4;
      out.append("    ").append(v4 ? "inet " : "inet6 ").append(own.address());
      out.append('/').append(own.length()).append(' ');
      if (own.broadcast() != null) {
        out.append("brd ").append(own.broadcast()).append(' ');
      }
      out.append("scope ").append(own.scope().text()).append(' ');
      out.append(own.secondary() ? "secondary " : "");
      out.append(own.noPrefixRoute() ? "noprefixroute " : "");
      out.append(v4 ? own.label() : "");
      out.append("\n       valid_lft forever preferred_lft forever\n");
    }
  }
}
