package dev.aviary.emulator.cluster;

import dev.aviary.net.IpFamily;
import java.util.List;

/** What {@code calicoctl node status} reports of one node. */
public record NodeStatus(String node, List<PeerRow> ipv4, List<PeerRow> ipv6) {
  public NodeStatus {
    ipv4 = List.copyOf(ipv4);
    ipv6 = List.copyOf(ipv6);
  }

  /**
   * One session.
   *
   * @param address as calicoctl reads it from the protocol's name
   * @param state BIRD's word for the protocol: up, start, down
   * @param since the time of day in UTC, or the date when that is long ago
   * @param info BGP's state and the last error
   */
  public record PeerRow(String address, String type, String state, String since, String info) {}

  /** The sessions of one family. */
  public List<PeerRow> peers(IpFamily family) {
    return family == IpFamily.IPV4 ? ipv4 : ipv6;
  }
}
