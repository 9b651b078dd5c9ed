package dev.aviary.emulator.cluster;

import dev.aviary.emulator.node.CalicoNode;
import dev.aviary.net.IpFamily;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

/** Where speakers listen: a line each, for people who want to peer with them. */
final class SpeakerLines {
  private SpeakerLines() {}

  static List<String> of(Collection<CalicoNode> nodes, StandIns standIns) {
    return nodes.stream()
        .flatMap(node -> node.bgp(IpFamily.IPV4).stream())
        .flatMap(bgp -> bgp.plan().stream())
        .map(
            plan ->
                String.format(
                    Locale.ROOT,
                    "%s %s AS %d, BGP at %s:%d",
                    plan.node(),
                    plan.address(),
                    plan.as(),
                    standIns.loopbackOf(plan.address()).getHostAddress(),
                    standIns.port()))
        .toList();
  }
}
