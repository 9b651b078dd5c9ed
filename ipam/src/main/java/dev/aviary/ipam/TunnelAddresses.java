package dev.aviary.ipam;

import dev.aviary.net.IpAddress;
import dev.aviary.net.IpFamily;
import dev.aviary.net.Prefix;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The addresses of nodes' tunnel devices, as calico-node allocates them when it starts. */
public final class TunnelAddresses {

  /** A tunnel device. */
  public enum Kind {
    VXLAN("vxlan-tunnel-addr-", "vxlanTunnelAddress", IpFamily.IPV4),
    VXLAN_V6("vxlan-v6-tunnel-addr-", "vxlanV6TunnelAddress", IpFamily.IPV6),
    WIREGUARD("wireguard-tunnel-addr-", "wireguardTunnelAddress", IpFamily.IPV4),
    WIREGUARD_V6("wireguard-v6-tunnel-addr-", "wireguardV6TunnelAddress", IpFamily.IPV6),
    IPIP("ipip-tunnel-addr-", "ipipTunnelAddress", IpFamily.IPV4);

    private final String handlePrefix;
    private final String type;
    private final IpFamily family;

    Kind(String handlePrefix, String type, IpFamily family) {
      this.handlePrefix = handlePrefix;
      this.type = type;
      this.family = family;
    }

    /** The handle that its address of {@code node} is recorded for. */
    public String handle(String node) {
      return handlePrefix + node;
    }

    /** The attribute "type" of its addresses. */
    public String type() {
      return type;
    }

    static boolean isTunnel(String type) {
      for (var kind : values()) {
        if (kind.type.equals(type)) {
          return true;
        }
      }
      return false;
    }
  }

  private final Ipam ipam;

  public TunnelAddresses(Ipam ipam) {
    this.ipam = ipam;
  }

  /**
   * The address that the device of {@code node} is to have.
   *
   * @param recorded what the node's resource says; empty if nothing
   * @param pools the enabled pools that select the node and use such tunnels
   * @return empty if there are no pools: then what it had is released
   */
  public Optional<IpAddress> ensure(
      Kind kind, String node, Optional<IpAddress> recorded, List<Prefix> pools)
      throws IpamException {
    if (pools.isEmpty()) {
      release(kind, node);
      return Optional.empty();
    }
    if (recorded.isEmpty()) {
      return Optional.of(fresh(kind, node, pools, true));
    }
    var address = recorded.get();
    var owner = owner(address);
    boolean inPool = pools.stream().anyMatch(pool -> pool.contains(address));
    if (owner.isEmpty()) {
      return Optional.of(fresh(kind, node, pools, true));
    }
    var attributes = owner.get();
    if (attributes.handle() == null && attributes.secondary().isEmpty()) {
      // From before addresses were recorded with a handle: the same one, recorded anew.
      ipam.releaseIps(List.of(address));
      ipam.assignIp(address, node, kind.handle(node), attributes(kind, node), null);
      return recorded;
    }
    boolean ours =
        node.equals(attributes.secondary().get("node"))
            && kind.type.equals(attributes.secondary().get("type"));
    if (ours && inPool) {
      return recorded;
    }
    // What somebody else has is left to them.
    return Optional.of(fresh(kind, node, pools, ours));
  }

  /**
   * Records {@code address} for the device of {@code node} as if it had been assigned before,
   * unless somebody has it or no pool contains it; {@link #ensure} deals with what comes of that.
   */
  public void restore(Kind kind, String node, IpAddress address) throws IpamException {
    try {
      ipam.assignIp(address, node, kind.handle(node), attributes(kind, node), null);
    } catch (IpamException e) {
      if (e.error() instanceof IpamError.Unavailable) {
        throw e;
      }
    }
  }

  private Optional<Block.Attributes> owner(IpAddress address) throws IpamException {
    try {
      return Optional.of(ipam.assignmentAttributes(address));
    } catch (IpamException e) {
      if (e.error() instanceof IpamError.NotExist) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private static Map<String, String> attributes(Kind kind, String node) {
    return Map.of("node", node, "type", kind.type);
  }

  private void release(Kind kind, String node) throws IpamException {
    try {
      ipam.releaseByHandle(kind.handle(node));
    } catch (IpamException e) {
      if (!(e.error() instanceof IpamError.NotExist)) {
        throw e;
      }
    }
  }

  private IpAddress fresh(Kind kind, String node, List<Prefix> pools, boolean releaseFirst)
      throws IpamException {
    if (releaseFirst) {
      release(kind, node);
    }
    boolean v4 = kind.family == IpFamily.IPV4;
    var answer =
        ipam.autoAssign(
            new AssignRequest(
                node,
                v4 ? 1 : 0,
                v4 ? 0 : 1,
                kind.handle(node),
                attributes(kind, node),
                v4 ? pools : List.of(),
                v4 ? List.of() : pools,
                0,
                null,
                null,
                IntendedUse.TUNNEL,
                false));
    if (answer.error() != null) {
      throw new IpamException(answer.error());
    }
    var addresses = v4 ? answer.v4() : answer.v6();
    if (addresses == null || addresses.assigned().isEmpty()) {
      throw new IpamException(
          new IpamError.Other(
              "no tunnel address for node %s: %s"
                  .formatted(node, addresses == null ? "" : addresses.shortage())));
    }
    return addresses.assigned().getFirst().address();
  }
}
