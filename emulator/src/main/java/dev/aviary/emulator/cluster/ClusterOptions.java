package dev.aviary.emulator.cluster;

import java.net.InetSocketAddress;
import java.util.Map;

/**
 * How a cluster runs.
 *
 * @param bgpPort where every node listens on its own loopback address; 0 for free ports
 * @param virtual on virtual time and without sockets
 * @param seed where every random choice comes from
 * @param outside nodes that are not emulated: whose speaker is a real one, and where it listens
 */
public record ClusterOptions(
    int bgpPort, boolean virtual, long seed, Map<String, InetSocketAddress> outside) {
  public static final int DEFAULT_BGP_PORT = 17179;

  public ClusterOptions {
    outside = Map.copyOf(outside);
  }

  /** Real sockets on free ports. */
  public static ClusterOptions onFreePorts() {
    return new ClusterOptions(0, false, 1, Map.of());
  }

  /** No sockets, virtual time. */
  public static ClusterOptions inVirtualTime() {
    return new ClusterOptions(0, true, 1, Map.of());
  }
}
