package dev.aviary.kernel;

import dev.aviary.kernel.packet.MacAddress;
import dev.aviary.kernel.route.Fib;
import dev.aviary.kernel.route.KernelRoute;
import dev.aviary.kernel.route.RouteProtocol;
import dev.aviary.kernel.route.RouteScope;
import dev.aviary.kernel.route.RouteType;
import dev.aviary.net.IpAddress;
import dev.aviary.net.IpFamily;
import dev.aviary.net.Ipv4Address;
import dev.aviary.net.Ipv4Prefix;
import dev.aviary.net.Ipv6Address;
import dev.aviary.net.Prefix;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The devices of one kernel and their addresses, with the routes that Linux makes for them. The
 * loopback device exists and is up from the start.
 */
public final class Links {
  private final Kernel kernel;
  private final Fib fib;
  private final Sysctls sysctls;
  private final TreeMap<Integer, Link> byIndex = new TreeMap<>();
  private final Map<String, Link> byName = new HashMap<>();
  private final Map<IpAddress, Link> owners = new HashMap<>();

  Links(Kernel kernel, Fib fib, Sysctls sysctls) {
    this.kernel = kernel;
    this.fib = fib;
    this.sysctls = sysctls;
    var lo = new Link.Loopback(kernel, 1, sysctls.add("lo"));
    register(lo);
    lo.setUp(true);
    addAddress("lo", InterfaceAddress.of(Ipv4Address.of("127.0.0.1"), 8, "lo"));
    addAddress("lo", InterfaceAddress.of(Ipv6Address.of("::1"), 128, "lo"));
  }

  private void register(Link link) {
    byIndex.put(link.index(), link);
    byName.put(link.name(), link);
  }

  /** The next free index. */
  public int nextIndex() {
    return byIndex.isEmpty() ? 1 : byIndex.lastKey() + 1;
  }

  private void check(String name, int index) {
    if (byName.containsKey(name) || byIndex.containsKey(index)) {
      throw new IllegalArgumentException(
          kernel.hostName() + " has a link " + name + " or index " + index + " already");
    }
    if (name.isEmpty() || name.length() > 15) {
      throw new IllegalArgumentException("link name '" + name + "' is not of 1 to 15 characters");
    }
  }

  /** A card on {@code segment}, with the next free index; it starts down. */
  public Link.Physical addPhysical(String name, MacAddress mac, int mtu, Segment segment) {
    return addPhysical(name, mac, mtu, segment, nextIndex());
  }

  /** A card on {@code segment}; it starts down. */
  public Link.Physical addPhysical(
      String name, MacAddress mac, int mtu, Segment segment, int index) {
    check(name, index);
    var link = new Link.Physical(kernel, index, name, mac, mtu, sysctls.add(name), segment);
    register(link);
    segment.memberList().add(link);
    return link;
  }

  /**
   * Plugs the card {@code name} into another segment. As at every loss of the carrier, its
   * neighbors are forgotten.
   */
  public void plug(String name, Segment segment) {
    if (!(get(name) instanceof Link.Physical card)) {
      throw new IllegalArgumentException(name + " of " + kernel.hostName() + " is not a card");
    }
    card.segment().memberList().remove(card);
    kernel.neighbors().flush(name);
    card.plug(segment);
    segment.memberList().add(card);
  }

  /** A cable between a device here and one in {@code other}; both ends start down. */
  public Link.Veth addVeth(
      String name, MacAddress mac, int mtu, Kernel other, String peerName, MacAddress peerMac) {
    return addVeth(name, mac, mtu, nextIndex(), other, peerName, peerMac);
  }

  /** As above, with the index of the end that is here. */
  public Link.Veth addVeth(
      String name,
      MacAddress mac,
      int mtu,
      int index,
      Kernel other,
      String peerName,
      MacAddress peerMac) {
    check(name, index);
    var peers = other.links();
    if (peers.byName.containsKey(peerName)) {
      throw new IllegalArgumentException(other.hostName() + " has a link " + peerName + " already");
    }
    var here = new Link.Veth(kernel, index, name, mac, mtu, sysctls.add(name));
    register(here);
    var there =
        new Link.Veth(
            other, peers.nextIndex(), peerName, peerMac, mtu, peers.sysctls.add(peerName));
    peers.register(there);
    here.connect(there);
    there.connect(here);
    return here;
  }

  /** A bridge without ports (docker0) or a dummy. */
  public Link.Bridge addBridge(String name, MacAddress mac) {
    int index = nextIndex();
    check(name, index);
    var link = new Link.Bridge(kernel, index, name, mac, sysctls.add(name));
    register(link);
    return link;
  }

  /** An IP-in-IP device without fixed ends; it starts down. */
  public Link.IpIp addIpIp(String name, int mtu) {
    int index = nextIndex();
    check(name, index);
    var link = new Link.IpIp(kernel, index, name, mtu, sysctls.add(name));
    register(link);
    return link;
  }

  /** A VXLAN device; it starts down. */
  public Link.Vxlan addVxlan(
      String name, MacAddress mac, int mtu, int vni, int port, IpAddress local) {
    int index = nextIndex();
    check(name, index);
    var link = new Link.Vxlan(kernel, index, name, mac, mtu, sysctls.add(name), vni, port, local);
    register(link);
    return link;
  }

  /** Deletes a link, the other end of its cable, and every route by it; false if there is none. */
  public boolean remove(String name) {
    var link = byName.get(name);
    if (link == null || link instanceof Link.Loopback) {
      return false;
    }
    drop(link);
    if (link instanceof Link.Physical physical) {
      physical.segment().memberList().remove(physical);
    }
    if (link instanceof Link.Veth veth) {
      var peer = veth.peer();
      if (peer != null) {
        peer.connect(null);
        peer.kernel().links().drop(peer);
      }
    }
    return true;
  }

  private void drop(Link link) {
    down(link);
    for (var address : link.addresses()) {
      removeAddress(link.name(), address.address());
    }
    byIndex.remove(link.index());
    byName.remove(link.name());
    sysctls.remove(link.name());
  }

  public Optional<Link> find(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  @Nullable Link byName(String name) {
    return byName.get(name);
  }

  /** The link of that name. */
  public Link get(String name) {
    var link = byName.get(name);
    if (link == null) {
      throw new IllegalArgumentException(kernel.hostName() + " has no link " + name);
    }
    return link;
  }

  /** All links by index. */
  public List<Link> list() {
    return List.copyOf(byIndex.values());
  }

  Collection<Link> all() {
    return byIndex.values();
  }

  /** Sets it up; the routes of its addresses come (back). */
  public void up(String name) {
    var link = get(name);
    if (link.isUp()) {
      return;
    }
    link.setUp(true);
    for (var address : link.addresses()) {
      addRoutes(link, address);
    }
    if (!(link instanceof Link.Loopback)) {
      multicast6(link);
    }
  }

  /** Sets it down; every route by it goes, its neighbors too. */
  public void down(String name) {
    down(get(name));
  }

  private void down(Link link) {
    if (!link.isUp()) {
      return;
    }
    link.setUp(false);
    kernel.neighbors().flush(link.name());
    for (var family : IpFamily.values()) {
      fib.deleteAll(
          family,
          route ->
              route.uses(link.name())
                  && (family == IpFamily.IPV6 || route.type() != RouteType.LOCAL));
    }
  }

  public void setMtu(String name, int mtu) {
    get(name).setMtu(mtu);
  }

  public void setMac(String name, MacAddress mac) {
    get(name).setMac(mac);
  }

  /** Gives it another name; routes by it keep up. */
  public void rename(String name, String to) {
    var link = get(name);
    check(to, -1);
    byName.remove(name);
    link.setName(to);
    byName.put(to, link);
    sysctls.rename(name, to);
  }

  /**
   * Adds an address; a second one of the same IPv4 prefix becomes secondary.
   *
   * @return false if it is there already
   */
  public boolean addAddress(String name, InterfaceAddress address) {
    var link = get(name);
    if (link.addressList().stream()
        .anyMatch(a -> a.address().equals(address.address()) && a.length() == address.length())) {
      return false;
    }
    boolean secondary =
        address.address().family() == IpFamily.IPV4
            && link.addressList().stream()
                .anyMatch(
                    a ->
                        a.length() == address.length()
                            && a.address().family() == IpFamily.IPV4
                            && a.prefix().contains(address.address()));
    var added = secondary ? address.asSecondary() : address;
    link.addressList().add(added);
    owners.putIfAbsent(added.address(), link);
    addRoutes(link, added);
    return true;
  }

  /** Removes an address with its routes; false if it is not there. */
  public boolean removeAddress(String name, IpAddress address) {
    var link = get(name);
    var gone = link.addressList().stream().filter(a -> a.address().equals(address)).findFirst();
    if (gone.isEmpty()) {
      return false;
    }
    link.addressList().remove(gone.get());
    owners.remove(address);
    for (var other : byIndex.values()) {
      if (other.hasAddress(address)) {
        owners.putIfAbsent(address, other);
      }
    }
    if (!owners.containsKey(address)) {
      fib.deleteAll(
          address.family(),
          route ->
              address.equals(route.source())
                  || (route.type() == RouteType.LOCAL
                      && route.destination().isHost()
                      && route.destination().address().equals(address)));
    }
    return true;
  }

  /** Takes IPv6 addresses off the links on which it was disabled. */
  void applyIpv6() {
    for (var link : list()) {
      if ((sysctls.all().disableIpv6 | link.conf().disableIpv6) != 0) {
        for (var own : link.addresses(IpFamily.IPV6)) {
          removeAddress(link.name(), own.address());
        }
        fib.deleteAll(IpFamily.IPV6, route -> route.uses(link.name()));
      }
    }
  }

  /** The link that has {@code address}, or null. */
  @Nullable Link owner(IpAddress address) {
    return owners.get(address);
  }

  private void addRoutes(Link link, InterfaceAddress address) {
    switch (address.address()) {
      case Ipv4Address v4 -> addRoutes4(link, address, v4);
      case Ipv6Address v6 -> addRoutes6(link, address, v6);
    }
  }

  private void addRoutes4(Link link, InterfaceAddress address, Ipv4Address v4) {
    var host = kernelRoute(v4.toPrefix(), link, v4);
    local(host.withType(RouteType.LOCAL).withScope(RouteScope.HOST));
    if (!link.isUp()) {
      return;
    }
    var prefix = Ipv4Prefix.of(v4, address.length());
    boolean loopback = link instanceof Link.Loopback;
    if (address.broadcast() != null && !address.broadcast().equals(v4)) {
      local(kernelRoute(address.broadcast().toPrefix(), link, v4).withType(RouteType.BROADCAST));
    }
    if (address.length() == 32 || address.secondary()) {
      return;
    }
    if (loopback) {
      local(kernelRoute(prefix, link, v4).withType(RouteType.LOCAL).withScope(RouteScope.HOST));
    } else if (!address.noPrefixRoute()) {
      fib.append(kernelRoute(prefix, link, v4).withTable(KernelRoute.TABLE_MAIN));
    }
    if (address.length() < 31) {
      local(kernelRoute(prefix.last().toPrefix(), link, v4).withType(RouteType.BROADCAST));
    }
  }

  private static KernelRoute kernelRoute(Prefix prefix, Link link, IpAddress source) {
    return KernelRoute.on(prefix, link.name())
        .withProtocol(RouteProtocol.KERNEL)
        .withTable(KernelRoute.TABLE_LOCAL)
        .withSource(source);
  }

  private void local(KernelRoute route) {
    if (!fib.routes(route.family(), KernelRoute.TABLE_LOCAL).contains(route)) {
      fib.append(route);
    }
  }

  private void addRoutes6(Link link, InterfaceAddress address, Ipv6Address v6) {
    if (!link.isUp()) {
      return;
    }
    local(
        KernelRoute.on(v6.toPrefix(), link.name())
            .withProtocol(RouteProtocol.KERNEL)
            .withTable(KernelRoute.TABLE_LOCAL)
            .withType(RouteType.LOCAL)
            .withMetric(0));
    if (!address.noPrefixRoute() && (!v6.isLoopback() || address.length() < 128)) {
      fib.append(
          KernelRoute.on(Prefix.of(v6, address.length()), link.name())
              .withProtocol(RouteProtocol.KERNEL)
              .withMetric(256));
    }
    if (v6.isLoopback()) {
      fib.append(
          KernelRoute.on(v6.toPrefix(), link.name())
              .withProtocol(RouteProtocol.KERNEL)
              .withMetric(256));
    }
  }

  private void multicast6(Link link) {
    fib.append(
        KernelRoute.on(Prefix.of("ff00::/8"), link.name())
            .withProtocol(RouteProtocol.KERNEL)
            .withTable(KernelRoute.TABLE_LOCAL)
            .withType(RouteType.MULTICAST)
            .withMetric(256));
  }

  /** The primary addresses of one family on all links, by link index. */
  List<InterfaceAddress> primaries(IpFamily family) {
    var found = new ArrayList<InterfaceAddress>();
    for (var link : byIndex.values()) {
      for (var address : link.addressList()) {
        if (address.address().family() == family && !address.secondary()) {
          found.add(address);
        }
      }
    }
    return found;
  }
}
