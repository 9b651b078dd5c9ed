package dev.aviary.kernel.command;

import dev.aviary.kernel.Kernel;
import dev.aviary.kernel.Neighbor;
import dev.aviary.kernel.packet.MacAddress;
import dev.aviary.kernel.route.KernelRoute;
import dev.aviary.kernel.route.RouteType;
import dev.aviary.net.IpFamily;
import dev.aviary.net.Ipv4Address;
import dev.aviary.net.Ipv4Prefix;
import java.util.List;
import java.util.Locale;

/** net-tools: {@code route -n}, {@code netstat -rn}, {@code arp -n}. */
final class NetTools {
  private static final int USAGE = 4;

  private NetTools() {}

  static CommandResult route(Kernel kernel, List<String> arguments) {
    if (!arguments.equals(List.of("-n"))) {
      return CommandResult.failed(USAGE, "route: only \"route -n\" is there");
    }
    var out =
        new StringBuilder(
            """
            Kernel IP routing table
            Destination     Gateway         Genmask         Flags Metric Ref    Use Iface
            """);
    for (var route : kernel.fib().routes(IpFamily.IPV4)) {
      out.append(columns(route));
      out.append(
          String.format(
              Locale.ROOT,
              "%-5s %-6s 0        0 %s\n",
              flags(route),
              Integer.toUnsignedString(route.metric()),
              device(route)));
    }
    return CommandResult.ok(out.toString());
  }

  static CommandResult netstat(Kernel kernel, List<String> arguments) {
    if (!arguments.equals(List.of("-rn")) && !arguments.equals(List.of("-nr"))) {
      return CommandResult.failed(USAGE, "netstat: only \"netstat -rn\" is there");
    }
    var out =
        new StringBuilder(
            "Kernel IP routing table\nDestination     Gateway         Genmask         "
                + "Flags   MSS Window  irtt Iface\n");
    for (var route : kernel.fib().routes(IpFamily.IPV4)) {
      out.append(columns(route));
      out.append(
          String.format(Locale.ROOT, "%-5s     0 0          0 %s\n", flags(route), device(route)));
    }
    return CommandResult.ok(out.toString());
  }

  private static String columns(KernelRoute route) {
    var mask = new Ipv4Address(Ipv4Prefix.mask(route.destination().length()));
    var gateway = route.gateway() == null ? Ipv4Address.UNSPECIFIED : route.gateway();
    return String.format(
        Locale.ROOT, "%-15s %-15s %-15s ", route.destination().address(), gateway, mask);
  }

  /** /proc/net/route: U up, G gateway, H host, ! reject. */
  private static String flags(KernelRoute route) {
    var out = new StringBuilder();
    boolean refused = route.type() == RouteType.UNREACHABLE || route.type() == RouteType.PROHIBIT;
    out.append(refused ? "!" : "U");
    out.append(route.gateway() != null ? "G" : "");
    out.append(route.destination().isHost() ? "H" : "");
    return out.toString();
  }

  private static String device(KernelRoute route) {
    var device = route.device();
    return device == null ? "*" : device;
  }

  static CommandResult arp(Kernel kernel, List<String> arguments) {
    boolean bsd = arguments.contains("-a") || arguments.contains("-an");
    var host = "";
    for (var word : arguments) {
      boolean option = word.startsWith("-");
      if (option && !word.equals("-n") && !word.equals("-a") && !word.equals("-an")) {
        return CommandResult.failed(USAGE, "arp: only \"arp -n\" and \"arp -an\" are there");
      }
      host = option ? host : word;
    }
    var out = new StringBuilder();
    if (!bsd) {
      out.append(
          "Address                  HWtype  HWaddress           Flags Mask            Iface\n");
    }
    boolean any = false;
    for (var neighbor : kernel.neighbors().list()) {
      if (neighbor.address().family() == IpFamily.IPV4
          && (host.isEmpty() || neighbor.address().toString().equals(host))) {
        any = true;
        out.append(bsd ? bsdLine(neighbor) : line(neighbor));
      }
    }
    if (!any && !host.isEmpty()) {
      return CommandResult.failed(1, host + " (" + host + ") -- no entry");
    }
    return any || bsd ? CommandResult.ok(out.toString()) : CommandResult.ok("");
  }

  private static String line(Neighbor neighbor) {
    MacAddress mac = neighbor.mac();
    if (mac == null) {
      return String.format(
          Locale.ROOT,
          "%-23s  %-8s%-20s%-22s%s\n",
          neighbor.address(),
          "",
          "(incomplete)",
          "",
          neighbor.device());
    }
    var flags = neighbor.state() == Neighbor.State.PERMANENT ? "CM" : "C";
    return String.format(
        Locale.ROOT,
        "%-23s  %-6s  %-18s  %-20s  %s\n",
        neighbor.address(),
        "ether",
        mac,
        flags,
        neighbor.device());
  }

  private static String bsdLine(Neighbor neighbor) {
    var mac = neighbor.mac() == null ? "<incomplete>" : neighbor.mac() + " [ether]";
    var permanent = neighbor.state() == Neighbor.State.PERMANENT ? " PERM" : "";
    return "? ("
        + neighbor.address()
        + ") at "
        + mac
        + permanent
        + " on "
        + neighbor.device()
        + "\n";
  }
}
