package dev.aviary.emulator.confd;

import dev.aviary.emulator.node.CommunityRule;
import dev.aviary.emulator.node.NodeBgp;
import dev.aviary.emulator.node.PeeringPlan.PeerType;
import dev.aviary.emulator.node.PeeringPlan.PlannedPeer;
import dev.aviary.emulator.node.PeeringPlan.Slot;
import dev.aviary.emulator.resource.BgpCommunity;
import dev.aviary.net.IpFamily;
import java.util.ArrayList;
import java.util.List;

/** What both versions of the templates say in the same words. */
final class CommonText {
  static final String SOURCE_COMMENT = "  # The local address we use for the TCP connection";

  static final String KERNEL_EXPORT =
      """
        export filter calico_kernel_programming; # Default is export none
        graceful restart;  # Turn on graceful restart to reduce potential flaps in
                           # routes when reloading BIRD configuration.  With a full
                           # automatic mesh, there is no way to prevent BGP from
                           # flapping since multiple nodes update their BGP
                           # configuration at the same time, GR is not guaranteed to
                           # work correctly in this scenario.
        merge paths on;    # Allow export multipath routes (ECMP)
      """;

  static final String KERNEL_IMPORT =
      """
        learn;             # Learn all alien routes from the kernel
        persist;           # Don't remove routes on bird shutdown
        scan time 2;       # Scan kernel routing table every 2 seconds
        import all;
      """;

  private static final String INTERFACES_COMMENT =
      """
       # Exclude cali* and kube-ipvs* but
                                                # include everything else.  In
                                                # IPVS-mode, kube-proxy creates a
                                                # kube-ipvs0 interface. We exclude
                                                # kube-ipvs0 because this interface
                                                # gets an address for every in use
                                                # cluster IP. We use static routes
                                                # for when we legitimately want to
                                                # export cluster IPs.
      """;

  private CommonText() {}

  static String number(IpFamily family) {
    return family == IpFamily.IPV4 ? "4" : "6";
  }

  static String debug(NodeBgp.LogLevel level) {
    return switch (level) {
      case NONE -> "";
      case STATES -> "  debug { states };\n";
      case ALL -> "  debug all;\n";
    };
  }

  static String device(NodeBgp bgp) {
    return """
        # Watch interface up/down events.
        protocol device {
        %s  scan time 2;    # Scan interfaces every 2 seconds
        }
        """
        .formatted(debug(bgp.logLevel()));
  }

  /** The statement that says where addresses are learned from, with its comment. */
  static String interfaces(NodeBgp bgp) {
    var patterns = new ArrayList<String>();
    bgp.ignoredInterfaces().forEach(name -> patterns.add("-\"" + name + "\""));
    patterns.addAll(List.of("-\"cali*\"", "-\"kube-ipvs*\"", "\"*\""));
    return "  interface "
        + String.join(", ", patterns)
        + ";"
        + (bgp.ignoredInterfaces().isEmpty() ? INTERFACES_COMMENT : "\n");
  }

  static String communities(List<CommunityRule> rules) {
    var out = new StringBuilder("function apply_communities ()\n{\n");
    for (var rule : rules) {
      out.append("      if ( net ~ ").append(rule.cidr()).append(" ) then {\n");
      for (var community : rule.communities()) {
        out.append("          ").append(add(community)).append('\n');
      }
      out.append("      }\n");
    }
    return out.append("}\n").toString();
  }

  static String add(BgpCommunity community) {
    return (community.large() ? "bgp_large_community" : "bgp_community")
        + ".add("
        + community.birdText()
        + ");";
  }

  /** The addresses that are reached by static routes, of the peers of one type. */
  static List<String> reachableBy(NodeBgp bgp, PeerType type) {
    var found = new ArrayList<String>();
    for (var slot : bgp.plan().map(plan -> plan.slots(type)).orElse(List.of())) {
      if (slot instanceof Slot.Session(_, _, PlannedPeer peer)) {
        peer.options()
            .reachableBy()
            .ifPresent(
                gateway ->
                    found.add("   route " + peer.address().toPrefix() + " via " + gateway + ";"));
      }
    }
    return found;
  }
}
