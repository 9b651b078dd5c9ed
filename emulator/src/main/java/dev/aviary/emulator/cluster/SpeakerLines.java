package dev.aviary.emulator.cluster;

import dev.aviary.emulator.node.CalicoNode;
import dev.aviary.emulator.node.PeeringPlan.PlannedPeer;
import dev.aviary.net.IpFamily;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

/** Where speakers listen: a line each, for people who want to peer with them. */
final class SpeakerLines {
  private SpeakerLines() {}

  static List<String> of(Collection<CalicoNode> nodes, StandIns standIns) {
    var lines = new ArrayList<String>();
    for (var node : nodes) {
      for (var plan : node.bgp(IpFamily.IPV4).flatMap(bgp -> bgp.plan()).stream().toList()) {
        lines.add(
            String.format(
                Locale.ROOT,
                "%s %s AS %d, BGP at %s:%d",
                plan.node(),
                plan.address(),
                plan.as(),
                standIns.loopbackOf(plan.address()).getHostAddress(),
                standIns.port()));
        plan.peers().stream()
            .filter(PlannedPeer::workload)
            .forEach(
                peer ->
                    lines.add(
                        String.format(
                            Locale.ROOT,
                            "  pod %s AS %d dials it from %s",
                            peer.address(),
                            peer.as(),
                            standIns.loopbackOf(peer.address()).getHostAddress())));
      }
    }
    return lines;
  }
}
