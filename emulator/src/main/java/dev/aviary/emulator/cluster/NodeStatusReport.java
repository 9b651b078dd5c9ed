package dev.aviary.emulator.cluster;

import dev.aviary.bgp.NeighborView;
import dev.aviary.bgp.SpeakerView;
import dev.aviary.emulator.cluster.NodeStatus.PeerRow;
import dev.aviary.emulator.node.CalicoNode;
import dev.aviary.net.IpFamily;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A node's sessions as calicoctl makes them out in BIRD's reply to "show protocols". */
final class NodeStatusReport {
  /** BIRD 1.6 prints the date of what is longer ago. */
  private static final Duration TIME_OF_DAY = Duration.ofHours(20);

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("yyyy-MM-dd", Locale.ROOT).withZone(ZoneOffset.UTC);

  private NodeStatusReport() {}

  static NodeStatus of(CalicoNode node) {
    return new NodeStatus(node.name(), rows(node, IpFamily.IPV4), rows(node, IpFamily.IPV6));
  }

  private static List<PeerRow> rows(CalicoNode node, IpFamily family) {
    var rows = new ArrayList<PeerRow>();
    var peers = node.peersByName(family);
    var running = node.speakerView(family);
    if (running.isEmpty()) {
      return rows;
    }
    SpeakerView view = running.get();
    for (var neighbor : view.neighbors()) {
      var peer = peers.get(neighbor.name());
      if (peer != null) {
        // calicoctl reads the address from the protocol's name, with a port where there is one.
        var text =
            neighbor
                .name()
                .substring(neighbor.name().indexOf('_') + 1)
                .replace('_', family == IpFamily.IPV4 ? '.' : ':');
        rows.add(
            new PeerRow(
                text,
                peer.type().text(),
                neighbor.protocolState(),
                since(view, neighbor),
                info(neighbor)));
      }
    }
    return rows;
  }

  private static String since(SpeakerView view, NeighborView neighbor) {
    boolean longAgo = Duration.between(neighbor.since(), view.at()).compareTo(TIME_OF_DAY) > 0;
    return (longAgo ? DATE : TIME).format(neighbor.since());
  }

  private static String info(NeighborView neighbor) {
    return neighbor.lastError().isEmpty()
        ? neighbor.sessionState()
        : neighbor.sessionState() + " " + neighbor.lastError();
  }
}
