package dev.aviary.felix.dataplane;

import dev.aviary.felix.calc.ActiveWorkload;
import dev.aviary.felix.calc.FelixConfig;
import dev.aviary.felix.calc.HostState;
import dev.aviary.kernel.InterfaceAddress;
import dev.aviary.kernel.Kernel;
import dev.aviary.kernel.Link;
import dev.aviary.kernel.route.KernelRoute;
import dev.aviary.kernel.route.RouteType;
import dev.aviary.net.IpAddress;
import dev.aviary.net.IpFamily;
import dev.aviary.net.Prefix;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Settings of interfaces, and what there is to learn from them. */
public final class InterfaceManager {
  /** kube-proxy's IPVS device holds service addresses, which are no addresses of the host. */
  private static final String EXCLUDED = "kube-ipvs0";

  private final Kernel kernel;
  private final FelixConfig config;

  public InterfaceManager(Kernel kernel, FelixConfig config) {
    this.kernel = kernel;
    this.config = config;
  }

  /** Lets the host forward. */
  public void forward() {
    set("net.ipv4.ip_forward", 1);
    if (config.ipv6Support()) {
      set("net.ipv6.conf.all.forwarding", 1);
    }
  }

  /** Makes the host answer for everyone on the interfaces of {@code workloads} that are up. */
  public void configure(Collection<ActiveWorkload> workloads) {
    for (var workload : workloads) {
      var name = workload.interfaceName();
      if (kernel.links().find(name).filter(Link::isUp).isEmpty()) {
        continue;
      }
      set("net.ipv6.conf." + name + ".accept_ra", 0);
      set("net.ipv4.conf." + name + ".route_localnet", 1);
      set("net.ipv4.neigh." + name + ".proxy_delay", 0);
      set("net.ipv4.conf." + name + ".proxy_arp", 1);
      set("net.ipv4.conf." + name + ".forwarding", 1);
      if (config.ipv6Support()) {
        set("net.ipv6.conf." + name + ".proxy_ndp", 1);
        set("net.ipv6.conf." + name + ".forwarding", 1);
      }
    }
  }

  private void set(String name, int value) {
    if (kernel.sysctls().number(name) != value) {
      kernel.sysctls().set(name, value);
    }
  }

  /** The host's own interfaces and addresses. */
  public HostState read() {
    var interfaces = new TreeMap<String, List<IpAddress>>();
    var nets = new ArrayList<Prefix>();
    for (var link : kernel.links().list()) {
      if (isOwn(link.name())) {
        interfaces.put(
            link.name(), link.addresses().stream().map(InterfaceAddress::address).toList());
        link.addresses().stream()
            .map(InterfaceAddress::prefix)
            .filter(net -> !net.isHost())
            .forEach(nets::add);
      }
    }
    return new HostState(interfaces, localAddresses(), nets);
  }

  private boolean isOwn(String name) {
    return !config.isWorkloadInterface(name) && !name.equals(EXCLUDED);
  }

  /** Where each local route goes to: of 127.0.0.0/8 that is 127.0.0.0, too. */
  private SortedSet<IpAddress> localAddresses() {
    var addresses = new TreeSet<IpAddress>();
    for (var family : IpFamily.values()) {
      for (var route : kernel.fib().routes(family, KernelRoute.TABLE_LOCAL)) {
        var device = route.device();
        if (route.type() == RouteType.LOCAL && device != null && isOwn(device)) {
          addresses.add(route.destination().address());
        }
      }
    }
    return addresses;
  }
}
