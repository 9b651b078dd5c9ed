package dev.aviary.emulator.cluster;

import dev.aviary.emulator.node.BgpEnvironment;
import dev.aviary.emulator.node.CalicoVersion;
import java.net.InetSocketAddress;
import java.util.Map;

/**
 * How a cluster runs.
 *
 * @param bgpPort where every node listens on its own loopback address; 0 for free ports
 * @param virtual on virtual time and without sockets
 * @param seed where every random choice comes from
 * @param outside nodes that are not emulated: whose speaker is a real one, and where it listens
 * @param calico whose rules the control plane follows
 * @param environment of every calico-node
 */
public record ClusterOptions(
    int bgpPort,
    boolean virtual,
    long seed,
    Map<String, InetSocketAddress> outside,
    CalicoVersion calico,
    BgpEnvironment environment) {
  public static final int DEFAULT_BGP_PORT = 17179;

  public ClusterOptions {
    outside = Map.copyOf(outside);
  }

  /** With Calico v3.22 and nothing in its environment. */
  public ClusterOptions(
      int bgpPort, boolean virtual, long seed, Map<String, InetSocketAddress> outside) {
    this(bgpPort, virtual, seed, outside, CalicoVersion.V3_22, BgpEnvironment.NONE);
  }

  /** With the Calico called {@code version}: v3.22 or master. */
  public ClusterOptions withCalico(String version) throws ClusterException {
    var parsed =
        CalicoVersion.parse(version)
            .orElseThrow(
                () ->
                    ClusterException.input(
                        "--calico: must be v3.22 or master, is '" + version + "'"));
    return new ClusterOptions(bgpPort, virtual, seed, outside, parsed, environment);
  }

  /** With these variables in the environment of every calico-node. */
  public ClusterOptions withEnvironment(Map<String, String> variables) {
    return new ClusterOptions(
        bgpPort, virtual, seed, outside, calico, BgpEnvironment.of(variables));
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
