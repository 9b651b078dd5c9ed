package dev.aviary.emulator.node;

import dev.aviary.emulator.resource.BgpConfigurationResource;
import dev.aviary.emulator.resource.IpPoolResource;
import dev.aviary.emulator.resource.IpPoolResource.TunnelMode;
import dev.aviary.emulator.resource.Resources;

/** Which pools' remote routes BIRD programs into the kernel; Felix does what is left. */
public record ClusterRoutes(boolean ipip, boolean unencapsulated) {

  /** What becomes of routes into a pool, in the filter calico_kernel_programming. */
  public enum Rule {
    REJECT_VXLAN,
    /** Felix programs them. */
    REJECT,
    /** Through the tunnel. */
    TUNNEL,
    /** Through the tunnel, if the next hop is in another network. */
    TUNNEL_ACROSS_SUBNETS,
    PLAIN
  }

  static ClusterRoutes of(Resources resources, CalicoVersion version) {
    var told =
        NodeFacts.defaults(resources).flatMap(BgpConfigurationResource::programClusterRoutes);
    var otherwise =
        switch (version) {
          case V3_22 -> new ClusterRoutes(true, true);
          case MASTER -> new ClusterRoutes(false, true);
        };
    return switch (told.orElse("")) {
      case "Enabled" -> new ClusterRoutes(true, true);
      case "Disabled" -> new ClusterRoutes(false, false);
      case "EnabledIPIPOnly" -> new ClusterRoutes(true, false);
      case "EnabledNoEncapOnly" -> new ClusterRoutes(false, true);
      default -> otherwise;
    };
  }

  /** The rule for routes into {@code pool}. */
  public Rule rule(IpPoolResource pool) {
    if (pool.vxlanMode() != TunnelMode.NEVER) {
      return Rule.REJECT_VXLAN;
    }
    return switch (pool.ipipMode()) {
      case NEVER -> unencapsulated ? Rule.PLAIN : Rule.REJECT;
      case ALWAYS -> ipip ? Rule.TUNNEL : Rule.REJECT;
      case CROSS_SUBNET -> ipip ? Rule.TUNNEL_ACROSS_SUBNETS : Rule.REJECT;
    };
  }
}
