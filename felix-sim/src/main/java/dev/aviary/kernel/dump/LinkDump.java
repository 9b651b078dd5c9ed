package dev.aviary.kernel.dump;

import dev.aviary.kernel.InterfaceAddress;
import dev.aviary.kernel.packet.MacAddress;
import dev.aviary.net.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A link as {@code ip addr} and {@code ip -d link} tell of it.
 *
 * @param type what stands behind "link/": ether, loopback, ipip
 */
record LinkDump(
    int index,
    String name,
    boolean up,
    int mtu,
    String type,
    MacAddress mac,
    List<InterfaceAddress> addresses,
    Optional<Vxlan> vxlan) {
  static final LinkDump NONE =
      new LinkDump(0, "", false, 0, "", MacAddress.ZERO, List.of(), Optional.empty());

  LinkDump {
    addresses = List.copyOf(addresses);
  }

  /** The network of a VXLAN device. */
  record Vxlan(int vni, int port, Optional<IpAddress> local) {
    static final Vxlan CALICO = new Vxlan(4096, 4789, Optional.empty());
  }

  LinkDump with(InterfaceAddress address) {
    var more = new ArrayList<>(addresses);
    if (!more.contains(address)) {
      more.add(address);
    }
    return new LinkDump(index, name, up, mtu, type, mac, more, vxlan);
  }

  LinkDump with(String type, MacAddress mac) {
    return new LinkDump(index, name, up, mtu, type, mac, addresses, vxlan);
  }

  LinkDump with(Vxlan vxlan) {
    return new LinkDump(index, name, up, mtu, type, mac, addresses, Optional.of(vxlan));
  }

  boolean isLoopback() {
    return name.equals("lo");
  }

  boolean isIpIp() {
    return name.startsWith("tunl") || type.equals("ipip");
  }

  boolean isVxlan() {
    return vxlan.isPresent() || name.startsWith("vxlan");
  }

  /** The host's end of a workload's cable. */
  boolean isWorkload() {
    return name.startsWith("cali") || name.startsWith("veth");
  }

  /** A bridge of containers, a dummy: what is sent there stays there. */
  boolean isIsland() {
    return name.matches("(docker|br-|cni|kube-ipvs|nodelocaldns|dummy|virbr).*");
  }
}
