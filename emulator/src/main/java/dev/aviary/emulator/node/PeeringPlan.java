package dev.aviary.emulator.node;

import dev.aviary.emulator.resource.BgpPeerResource.NextHopMode;
import dev.aviary.net.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Whom a node's speaker talks to: what confd would write into its bird.cfg, as a value.
 *
 * @param listenPort the port that the configuration asks for; 179 where it asks for none
 * @param slots everyone who was looked at, also those that there is no session with: the mesh, then
 *     global peers, then the node's own
 */
public record PeeringPlan(
    String node, IpAddress address, long as, int listenPort, Mesh mesh, List<Slot> slots) {
  public PeeringPlan {
    slots = List.copyOf(slots);
  }

  /** Whether the node is part of the node-to-node mesh. */
  public enum Mesh {
    ON,
    OFF,
    /** It is a route reflector, which never meshes. */
    REFLECTOR
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

  /** Someone who was looked at as a peer; {@code key} is where confd's data model has it. */
  public sealed interface Slot {
    PeerType type();

    String key();

    /** There is a session with it. */
    record Session(PeerType type, String key, PlannedPeer peer) implements Slot {}

    /** The node itself. */
    record Ourselves(PeerType type, String key) implements Slot {}

    /** A route reflector, which the mesh leaves out. */
    record Reflector(String key, Optional<IpAddress> address, String node, String clusterId)
        implements Slot {
      @Override
      public PeerType type() {
        return PeerType.MESH;
      }
    }

    /** A node of the mesh without an address of the family. */
    record Unaddressed(String key) implements Slot {
      @Override
      public PeerType type() {
        return PeerType.MESH;
      }
    }
  }

  /** What is set up for a session with a neighbor. */
  public record Options(
      boolean bindNodeIp,
      Optional<Integer> restartSeconds,
      Optional<Integer> keepaliveSeconds,
      Optional<String> password,
      Optional<Integer> ttlSecurity,
      Optional<IpAddress> reachableBy,
      Optional<Long> localAs,
      int allowedLocalAs,
      boolean keepOriginalNextHop,
      Optional<NextHopMode> nextHopMode,
      List<String> filters) {
    public Options {
      filters = List.copyOf(filters);
    }
  }

  /**
   * One neighbor.
   *
   * @param port where it listens, if anything says so
   * @param as 0 where the resource forgot it
   * @param passive the neighbor dials us
   * @param reflectorClient we reflect routes to it, in the cluster {@code clusterId}
   * @param internal its AS is ours
   * @param workload it is a pod on this node
   */
  public record PlannedPeer(
      PeerType type,
      IpAddress address,
      Optional<Integer> port,
      long as,
      boolean passive,
      boolean reflectorClient,
      String clusterId,
      boolean internal,
      boolean workload,
      Options options) {

    /** The name of its protocol in BIRD: Mesh_192_168_43_153. */
    public String protocolName() {
      var id = address.toString().replace('.', '_').replace(':', '_');
      var prefix = workload ? "Local_Workload_" : type.prefix;
      return prefix + id + (type == PeerType.MESH ? "" : port.map(p -> "_port_" + p).orElse(""));
    }

    /** Where to dial it. */
    public int dialPort() {
      return port.orElse(DEFAULT_PORT);
    }

    /** True if routes leave with the next hop that they have. */
    public boolean keepNextHop() {
      return options
          .nextHopMode()
          .map(mode -> mode == NextHopMode.KEEP)
          .orElse(options.keepOriginalNextHop() && !internal);
    }

    /** True if routes leave with ourselves as the next hop. */
    public boolean selfNextHop() {
      return options.nextHopMode().filter(mode -> mode == NextHopMode.SELF).isPresent();
    }
  }

  /** BGP's port. */
  public static final int DEFAULT_PORT = 179;

  /** The sessions, in the order of the slots. */
  public List<PlannedPeer> peers() {
    var found = new ArrayList<PlannedPeer>();
    for (var slot : slots) {
      if (slot instanceof Slot.Session(_, _, var peer)) {
        found.add(peer);
      }
    }
    return found;
  }

  /** The slots of one kind. */
  public List<Slot> slots(PeerType type) {
    return slots.stream().filter(slot -> slot.type() == type).toList();
  }
}
