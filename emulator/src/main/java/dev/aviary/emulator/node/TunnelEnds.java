package dev.aviary.emulator.node;

import dev.aviary.emulator.resource.IpPoolResource;
import dev.aviary.emulator.resource.IpPoolResource.TunnelMode;
import dev.aviary.emulator.resource.NodeResource;
import dev.aviary.emulator.resource.Resources;
import dev.aviary.felix.calc.Host;
import dev.aviary.ipam.Ipam;
import dev.aviary.ipam.IpamError;
import dev.aviary.ipam.IpamException;
import dev.aviary.ipam.TunnelAddresses;
import dev.aviary.ipam.TunnelAddresses.Kind;
import dev.aviary.net.IpAddress;
import dev.aviary.net.IpFamily;
import dev.aviary.net.Ipv4Address;
import dev.aviary.net.Prefix;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * The ends of the nodes' tunnels, as {@code calico-node -allocate-tunnel-addrs} gets them: each
 * from the pools whose packets go through that kind of tunnel.
 *
 * @param ends by node
 */
public record TunnelEnds(Map<String, Ends> ends) {
  /** No node has a tunnel. */
  public static final TunnelEnds NONE = new TunnelEnds(Map.of());

  public TunnelEnds {
    ends = Map.copyOf(ends);
  }

  /** What one node's tunnel devices have. */
  public record Ends(Optional<Ipv4Address> ipip, Optional<Host.Vtep> vxlan) {
    static final Ends NONE = new Ends(Optional.empty(), Optional.empty());
  }

  Ends of(String node) {
    return ends.getOrDefault(node, Ends.NONE);
  }

  /** Assigns what {@code nodes} need; an address that a node has already stays. */
  public static TunnelEnds assign(Ipam ipam, Resources resources, List<String> nodes)
      throws IpamException {
    var ipip = pools(resources, IpPoolResource::ipipMode);
    var vxlan = pools(resources, IpPoolResource::vxlanMode);
    var ends = new LinkedHashMap<String, Ends>();
    for (var node : nodes) {
      ends.put(
          node,
          new Ends(
              address(ipam, Kind.IPIP, node, inResource(resources, node, Kind.IPIP), ipip),
              address(ipam, Kind.VXLAN, node, inResource(resources, node, Kind.VXLAN), vxlan)
                  .map(address -> new Host.Vtep(address, vtepMac(node)))));
    }
    return new TunnelEnds(ends);
  }

  private static List<Prefix> pools(
      Resources resources, Function<IpPoolResource, TunnelMode> mode) {
    return resources.of(IpPoolResource.class).stream()
        .filter(pool -> !pool.disabled() && mode.apply(pool) != TunnelMode.NEVER)
        .map(IpPoolResource::cidr)
        .filter(cidr -> cidr.family() == IpFamily.IPV4)
        .toList();
  }

  private static Optional<IpAddress> inResource(Resources resources, String node, Kind kind) {
    return resources
        .find(NodeResource.class, "", node)
        .flatMap(kind == Kind.IPIP ? NodeResource::ipipTunnel : NodeResource::vxlanTunnel);
  }

  private static Optional<Ipv4Address> address(
      Ipam ipam, Kind kind, String node, Optional<IpAddress> inResource, List<Prefix> pools)
      throws IpamException {
    var recorded = recorded(ipam, kind.handle(node));
    if (recorded.isEmpty() && inResource.isPresent() && !pools.isEmpty()) {
      // The manifests are of a node that ran: IPAM recorded then what its resource says.
      recorded = inResource;
      new TunnelAddresses(ipam).restore(kind, node, inResource.get());
    }
    return new TunnelAddresses(ipam)
        .ensure(kind, node, recorded, pools)
        .filter(Ipv4Address.class::isInstance)
        .map(Ipv4Address.class::cast);
  }

  /** What a real node keeps in its resource: here the handle says it. */
  private static Optional<IpAddress> recorded(Ipam ipam, String handle) throws IpamException {
    try {
      return ipam.ipsByHandle(handle).stream().findFirst();
    } catch (IpamException e) {
      if (e.error() instanceof IpamError.NotExist) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** Felix's link-layer address for vxlan.calico: "f" and the hash of the node's name. */
  private static String vtepMac(String node) {
    try {
      var hash = MessageDigest.getInstance("SHA-1").digest(node.getBytes(StandardCharsets.UTF_8));
      return "66:" + HexFormat.ofDelimiter(":").formatHex(hash, 0, 5);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-1", e);
    }
  }
}
