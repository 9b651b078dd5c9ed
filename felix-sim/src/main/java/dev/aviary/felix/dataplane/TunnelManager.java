package dev.aviary.felix.dataplane;

import dev.aviary.felix.calc.Encapsulation;
import dev.aviary.felix.calc.FelixConfig;
import dev.aviary.felix.calc.Host;
import dev.aviary.felix.calc.Inputs;
import dev.aviary.kernel.InterfaceAddress;
import dev.aviary.kernel.Kernel;
import dev.aviary.kernel.Link;
import dev.aviary.kernel.Neighbor;
import dev.aviary.kernel.packet.MacAddress;
import dev.aviary.net.IpAddress;
import dev.aviary.net.Ipv4Address;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Keeps the tunnel devices, each with one address, and who is at the other ends. */
public final class TunnelManager {
  private static final Pattern PHYSICAL =
      Pattern.compile("^((en|wl|ww|sl|ib)[opsx].*|(eth|wlan|wwan).*)");
  private static final int MTU_UNKNOWN = 1460;
  private static final int IPIP_OVERHEAD = 20;
  private static final int VXLAN_OVERHEAD = 50;

  private final Kernel kernel;
  private final Encapsulation encapsulation;

  public TunnelManager(Kernel kernel, FelixConfig config) {
    this.kernel = kernel;
    this.encapsulation = config.encapsulation();
  }

  /** Makes the devices that are on; those that are off are left alone, as Felix does. */
  public void apply(Inputs inputs) {
    var own = inputs.hosts().stream().filter(h -> h.name().equals(inputs.hostname())).findFirst();
    if (encapsulation.ipip()) {
      ipip(own.flatMap(Host::ipipTunnel));
    }
    if (encapsulation.vxlan() && own.isPresent()) {
      own.get().vtep().ifPresent(vtep -> vxlan(own.get(), vtep, inputs));
    }
  }

  private void ipip(Optional<Ipv4Address> address) {
    int mtu = hostMtu() - IPIP_OVERHEAD;
    var link =
        kernel
            .links()
            .find(Devices.IPIP)
            .orElseGet(() -> kernel.links().addIpIp(Devices.IPIP, mtu));
    ready(link, mtu, address);
  }

  private void vxlan(Host own, Host.Vtep vtep, Inputs inputs) {
    int mtu = hostMtu() - VXLAN_OVERHEAD;
    var mac = MacAddress.of(vtep.mac());
    var local = own.ipv4().orElse(vtep.address());
    var link =
        kernel
            .links()
            .find(Devices.VXLAN)
            .filter(l -> isRight(l, local))
            .orElseGet(() -> newVxlan(mac, mtu, local));
    if (!link.mac().equals(mac)) {
      kernel.links().setMac(Devices.VXLAN, mac);
    }
    ready(link, mtu, Optional.of(vtep.address()));
    if (link instanceof Link.Vxlan device) {
      forwarding(device, inputs);
    }
    neighbors(inputs);
  }

  /** Where the frames to each other end go: the node's own address. */
  private static void forwarding(Link.Vxlan device, Inputs inputs) {
    Map<MacAddress, IpAddress> wanted = new HashMap<>();
    for (var host : inputs.hosts()) {
      if (!host.name().equals(inputs.hostname())) {
        host.vtep()
            .ifPresent(
                vtep -> host.ipv4().ifPresent(to -> wanted.put(MacAddress.of(vtep.mac()), to)));
      }
    }
    for (var mac : List.copyOf(device.forwarding().keySet())) {
      if (!wanted.containsKey(mac)) {
        device.forget(mac);
      }
    }
    wanted.forEach(
        (mac, to) -> {
          if (!to.equals(device.forwarding().get(mac))) {
            device.forward(mac, to);
          }
        });
  }

  private boolean isRight(Link link, IpAddress local) {
    return link instanceof Link.Vxlan vxlan
        && vxlan.vni() == encapsulation.vxlanVni()
        && vxlan.port() == encapsulation.vxlanPort()
        && vxlan.local().equals(local);
  }

  /** A device that was made for something else can't be changed, only made again. */
  private Link newVxlan(MacAddress mac, int mtu, IpAddress local) {
    kernel.links().remove(Devices.VXLAN);
    return kernel
        .links()
        .addVxlan(
            Devices.VXLAN, mac, mtu, encapsulation.vxlanVni(), encapsulation.vxlanPort(), local);
  }

  private void ready(Link link, int mtu, Optional<Ipv4Address> address) {
    if (link.mtu() != mtu) {
      kernel.links().setMtu(link.name(), mtu);
    }
    kernel.links().up(link.name());
    for (var found : link.addresses()) {
      boolean wanted = address.filter(a -> a.equals(found.address())).isPresent();
      if (found.address() instanceof Ipv4Address && !wanted) {
        kernel.links().removeAddress(link.name(), found.address());
      }
    }
    address
        .filter(a -> !link.hasAddress(a))
        .ifPresent(
            a -> kernel.links().addAddress(link.name(), InterfaceAddress.of(a, 32, link.name())));
  }

  /** Tunnels don't resolve addresses: each other end is entered by hand. */
  private void neighbors(Inputs inputs) {
    Map<IpAddress, MacAddress> wanted = new HashMap<>();
    for (var host : inputs.hosts()) {
      if (!host.name().equals(inputs.hostname())) {
        host.vtep().ifPresent(v -> wanted.put(v.address(), MacAddress.of(v.mac())));
      }
    }
    for (var neighbor : kernel.neighbors().list()) {
      if (neighbor.device().equals(Devices.VXLAN) && !wanted.containsKey(neighbor.address())) {
        kernel.neighbors().remove(Devices.VXLAN, neighbor.address());
      }
    }
    wanted.forEach(
        (address, mac) -> {
          boolean there =
              kernel
                  .neighbors()
                  .find(Devices.VXLAN, address)
                  .filter(n -> mac.equals(n.mac()) && n.state() == Neighbor.State.PERMANENT)
                  .isPresent();
          if (!there) {
            kernel.neighbors().put(Devices.VXLAN, address, mac, Neighbor.State.PERMANENT);
          }
        });
  }

  /** The least that packets can be on any card. */
  private int hostMtu() {
    return kernel.links().list().stream()
        .filter(link -> PHYSICAL.matcher(link.name()).matches())
        .mapToInt(Link::mtu)
        .min()
        .orElse(MTU_UNKNOWN);
  }
}
