package dev.aviary.emulator.node;

import dev.aviary.net.IpAddress;
import java.util.List;

/**
 * Whom a node's speaker talks to: what confd would write into its bird.cfg, as a value.
 *
 * @param listenPort the port that the configuration asks for; 179 where it asks for none
 */
public record PeeringPlan(
    String node, IpAddress address, long as, int listenPort, List<PlannedPeer> peers) {
  public PeeringPlan {
    peers = List.copyOf(peers);
  }

  /** Why there is a session, which decides its name in BIRD. */
  public enum PeerType {
    MESH("Mesh_", "node-to-node mesh"),
    GLOBAL("Global_", "global"),
    NODE("Node_", "node specific");

    private final String prefix;
    private final String text;

    PeerType(String prefix, String text) {
      this.prefix = prefix;
      this.text = text;
    }

    /** As {@code calicoctl node status} calls it. */
    public String text() {
      return text;
    }
  }

  /**
   * One neighbor.
   *
   * @param port where it listens, 179 where nothing says otherwise
   * @param passive the neighbor dials us
   * @param reflectorClient we reflect routes to it, in the cluster {@code clusterId}
   */
  public record PlannedPeer(
      PeerType type,
      IpAddress address,
      int port,
      long as,
      boolean passive,
      boolean reflectorClient,
      String clusterId,
      boolean keepNextHop) {

    /** The name of its protocol in BIRD: Mesh_192_168_43_153. */
    public String protocolName() {
      var id = address.toString().replace('.', '_').replace(':', '_');
      boolean named = type != PeerType.MESH && port != DEFAULT_PORT;
      return type.prefix + id + (named ? "_port_" + port : "");
    }
  }

  /** BGP's port. */
  public static final int DEFAULT_PORT = 179;
}
