package dev.aviary.kernel.dump;

import dev.aviary.kernel.InterfaceAddress;
import dev.aviary.kernel.Kernel;
import dev.aviary.kernel.Link;
import dev.aviary.kernel.Neighbor;
import dev.aviary.kernel.RestoreException;
import dev.aviary.kernel.Segment;
import dev.aviary.kernel.ipset.IpSetException;
import dev.aviary.kernel.ipset.IpSetListing;
import dev.aviary.kernel.packet.MacAddress;
import dev.aviary.kernel.route.KernelRoute;
import dev.aviary.kernel.route.RouteParser;
import dev.aviary.net.IpAddress;
import dev.aviary.net.IpFamily;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/** Makes one kernel what its host's dump says. */
final class HostLoader {
  private final HostDump dump;
  private final Map<DumpKind, HostDump.File> files;
  private final Map<String, LinkDump> links = LinkReader.none();

  HostLoader(HostDump dump) throws DumpException {
    this.dump = dump;
    this.files = dump.byKind();
    var addresses = files.get(DumpKind.ADDRESSES);
    if (addresses == null) {
      throw new DumpException(dump.name(), 0, "there is no output of 'ip addr' in it");
    }
    LinkReader.read(addresses.name(), addresses.text(), links);
  }

  String name() {
    return dump.name();
  }

  List<LinkDump> links() {
    return LinkReader.ordered(links);
  }

  /** A line of a file, with what is wrong with it. */
  @FunctionalInterface
  private interface LineReader {
    void read(String line) throws Exception;
  }

  private void lines(DumpKind kind, LineReader reader) throws DumpException {
    var file = files.get(kind);
    if (file == null) {
      return;
    }
    int number = 0;
    for (var line : unfolded(file.text())) {
      number++;
      var text = line.strip();
      if (text.isEmpty() || text.startsWith("#") || text.equals("---")) {
        continue;
      }
      try {
        reader.read(text);
      } catch (RuntimeException e) {
        throw e;
      } catch (Exception e) {
        throw new DumpException(file.name(), number, String.valueOf(e.getMessage()));
      }
    }
  }

  /** Next hops stand on lines of their own below their route. */
  private static List<String> unfolded(String text) {
    var lines = new ArrayList<String>();
    for (var line : text.lines().toList()) {
      if (line.strip().startsWith("nexthop ") && !lines.isEmpty()) {
        int route = lines.size() - 1;
        while (route > 0 && lines.get(route).isEmpty()) {
          route--;
        }
        lines.set(route, lines.get(route) + " " + line.strip());
        lines.add("");
      } else {
        lines.add(line);
      }
    }
    return lines;
  }

  /**
   * Makes the links and their addresses.
   *
   * @param segments the network of a card
   * @param workloads the other end of a workload's cable
   */
  void plug(
      Kernel kernel,
      BiFunction<HostLoader, LinkDump, Segment> segments,
      BiFunction<HostLoader, LinkDump, Kernel> workloads) {
    for (var link : links()) {
      var name = link.name();
      if (!link.isLoopback()) {
        if (link.isIpIp()) {
          kernel.links().addIpIp(name, link.mtu());
        } else if (link.isVxlan()) {
          var vxlan = link.vxlan().orElse(LinkDump.Vxlan.CALICO);
          var local = vxlan.local().orElseGet(this::address);
          kernel.links().addVxlan(name, link.mac(), link.mtu(), vxlan.vni(), vxlan.port(), local);
        } else if (link.isIsland()) {
          kernel.links().addBridge(name, link.mac());
        } else if (link.isWorkload()) {
          var pod = workloads.apply(this, link);
          kernel
              .links()
              .addVeth(name, link.mac(), link.mtu(), link.index(), pod, "eth0", macOf(kernel, pod));
          pod.links().up("eth0");
        } else {
          kernel
              .links()
              .addPhysical(name, link.mac(), link.mtu(), segments.apply(this, link), link.index());
        }
        if (link.up()) {
          kernel.links().up(name);
        }
      }
      for (var address : link.addresses()) {
        kernel.links().addAddress(name, address);
      }
    }
  }

  private static MacAddress macOf(Kernel kernel, Kernel pod) {
    int hash = (kernel.hostName() + " " + pod.hostName()).hashCode();
    return new MacAddress(0x0a58_0000_0000L | (hash & 0xffff_ffffL));
  }

  /** The first IPv4 address of a card. */
  IpAddress address() {
    for (var link : links()) {
      if (isCard(link)) {
        for (var address : link.addresses()) {
          if (address.address().family() == IpFamily.IPV4) {
            return address.address();
          }
        }
      }
    }
    return IpAddress.of("0.0.0.0");
  }

  static boolean isCard(LinkDump link) {
    return !link.isLoopback()
        && !link.isIpIp()
        && !link.isVxlan()
        && !link.isIsland()
        && !link.isWorkload();
  }

  /** The addresses that host routes lead to by {@code device}. */
  List<IpAddress> behind(String device) throws DumpException {
    var found = new ArrayList<IpAddress>();
    for (var kind : List.of(DumpKind.ROUTES, DumpKind.ROUTES6)) {
      var family = kind == DumpKind.ROUTES ? IpFamily.IPV4 : IpFamily.IPV6;
      lines(
          kind,
          line -> {
            var route = RouteParser.line(family, line);
            if (device.equals(route.device())
                && route.gateway() == null
                && route.destination().isHost()) {
              found.add(route.destination().address());
            }
          });
    }
    return found;
  }

  /** Everything but links and addresses. */
  void load(Kernel kernel, boolean lenient) throws DumpException {
    sysctls(kernel);
    rules(kernel, DumpKind.RULES, IpFamily.IPV4);
    rules(kernel, DumpKind.RULES6, IpFamily.IPV6);
    routes(kernel, DumpKind.ROUTES, IpFamily.IPV4);
    routes(kernel, DumpKind.ROUTES6, IpFamily.IPV6);
    neighbors(kernel);
    forwarding(kernel);
    sets(kernel);
    for (var family : IpFamily.values()) {
      kernel.netfilter(family).setLenient(lenient);
    }
    tables(kernel, DumpKind.TABLES, IpFamily.IPV4);
    tables(kernel, DumpKind.TABLES6, IpFamily.IPV6);
    lines(
        DumpKind.CONNECTIONS,
        line -> {
          if (!line.startsWith("conntrack v")) {
            kernel.conntrack().load(line);
          }
        });
  }

  /** Without a dump of them, what every node of a cluster has. */
  private void sysctls(Kernel kernel) throws DumpException {
    if (!files.containsKey(DumpKind.SYSCTLS)) {
      kernel.sysctls().set("net.ipv4.ip_forward", 1);
      kernel.sysctls().set("net.ipv6.conf.all.forwarding", 1);
      for (var link : links()) {
        if (link.isWorkload()) {
          kernel.sysctls().set("net.ipv4.conf." + link.name() + ".proxy_arp", 1);
          kernel.sysctls().set("net.ipv6.conf." + link.name() + ".proxy_ndp", 1);
        }
      }
    }
    lines(
        DumpKind.SYSCTLS,
        line -> {
          int equals = line.indexOf('=');
          if (equals < 0) {
            throw new BadLineException("'" + line + "' is not NAME = VALUE");
          }
          // Of a thousand settings few are known here; the others change nothing.
          kernel
              .sysctls()
              .set(line.substring(0, equals).strip(), line.substring(equals + 1).strip());
        });
  }

  private void rules(Kernel kernel, DumpKind kind, IpFamily family) throws DumpException {
    if (!files.containsKey(kind)) {
      return;
    }
    while (kernel.fib().deleteRule(family, _ -> true).isDone()) {
      // every rule of the host stands in the dump
    }
    lines(
        kind,
        line -> {
          int colon = line.indexOf(':');
          if (colon < 1 || !line.substring(0, colon).matches("\\d{1,9}")) {
            throw new BadLineException("'" + line + "' does not begin with a priority");
          }
          var words = List.of(line.substring(colon + 1).strip().split("\\s+", -1));
          kernel
              .fib()
              .addRule(RouteParser.rule(family, words, Integer.parseInt(line.substring(0, colon))));
        });
  }

  private void routes(Kernel kernel, DumpKind kind, IpFamily family) throws DumpException {
    if (!files.containsKey(kind)) {
      return;
    }
    kernel.fib().deleteAll(family, route -> route.table() == KernelRoute.TABLE_MAIN);
    lines(
        kind,
        line -> {
          var route = RouteParser.line(family, line);
          if (route.table() == KernelRoute.TABLE_LOCAL) {
            return; // they come with the addresses
          }
          for (var hop : route.nextHops()) {
            if (kernel.links().find(hop.device()).isEmpty()) {
              throw new BadLineException("there is no link '" + hop.device() + "'");
            }
          }
          kernel.fib().append(route);
        });
  }

  private void neighbors(Kernel kernel) throws DumpException {
    lines(
        DumpKind.NEIGHBORS,
        line -> {
          var words = List.of(line.split("\\s+", -1));
          var address = IpAddress.parse(words.getFirst());
          int dev = words.indexOf("dev");
          int mac = words.indexOf("lladdr");
          if (address.isEmpty() || dev < 0 || dev + 1 >= words.size()) {
            throw new BadLineException("'" + line + "' is not ADDRESS dev DEVICE …");
          }
          var device = words.get(dev + 1);
          // What other ends really have is known where they are loaded, too.
          boolean learned = mac > 0 && mac + 1 < words.size() && words.contains("PERMANENT");
          if (learned && kernel.links().find(device).isPresent()) {
            var parsed = MacAddress.parse(words.get(mac + 1));
            if (parsed.isEmpty()) {
              throw new BadLineException("'" + words.get(mac + 1) + "' is no MAC address");
            }
            kernel.neighbors().put(device, address.get(), parsed.get(), Neighbor.State.PERMANENT);
          }
        });
  }

  /** "MAC dev DEVICE dst ADDRESS self permanent". */
  private void forwarding(Kernel kernel) throws DumpException {
    lines(
        DumpKind.FORWARDING,
        line -> {
          var words = List.of(line.split("\\s+", -1));
          int dev = words.indexOf("dev");
          int dst = words.indexOf("dst");
          if (dev < 0 || dst < 0 || Math.max(dev, dst) + 1 >= words.size()) {
            return; // a bridge's port
          }
          var mac = MacAddress.parse(words.getFirst());
          var to = IpAddress.parse(words.get(dst + 1));
          if (mac.isEmpty() || to.isEmpty()) {
            throw new BadLineException("'" + line + "' is not MAC dev DEVICE dst ADDRESS");
          }
          if (kernel.links().find(words.get(dev + 1)).orElse(null) instanceof Link.Vxlan vxlan) {
            vxlan.forward(mac.get(), to.get());
          }
        });
  }

  private void sets(Kernel kernel) throws DumpException {
    var file = files.get(DumpKind.SETS);
    if (file == null) {
      return;
    }
    try {
      // People put several outputs into one file, with a line between them.
      var text = file.text().split("(?m)^---$", -1)[0];
      kernel.ipsetRestore(IpSetListing.isListing(text) ? IpSetListing.toRestore(text) : text);
    } catch (IpSetException e) {
      throw new DumpException(file.name(), e.line(), String.valueOf(e.getMessage()));
    } catch (RestoreException e) {
      throw new DumpException(file.name(), e.line(), String.valueOf(e.getMessage()));
    }
  }

  private void tables(Kernel kernel, DumpKind kind, IpFamily family) throws DumpException {
    var file = files.get(kind);
    if (file == null) {
      return;
    }
    try {
      kernel.iptablesRestore(family, file.text(), false);
    } catch (RestoreException e) {
      throw new DumpException(file.name(), e.line(), String.valueOf(e.getMessage()));
    }
  }

  /** The lengths and addresses of its cards. */
  List<InterfaceAddress> cardAddresses() {
    var found = new ArrayList<InterfaceAddress>();
    for (var link : links()) {
      if (isCard(link)) {
        found.addAll(link.addresses());
      }
    }
    return found;
  }

  /** What is wrong with a line of ours. */
  private static final class BadLineException extends Exception {
    BadLineException(String message) {
      super(message, null, false, false);
    }
  }
}
