package dev.aviary.emulator.calicoctl;

import dev.aviary.ipam.Ipam;
import dev.aviary.ipam.IpamException;
import dev.aviary.ipam.IpamStore;
import dev.aviary.ipam.IpamVariant;
import dev.aviary.ipam.PoolSpec;
import dev.aviary.net.IpAddress;
import java.time.Instant;
import java.util.List;

/** What the commands about addresses look at and change. */
public interface IpamSite {

  /** A node's tunnel addresses, in the order in which calicoctl lists them. */
  record NodeAddresses(String name, List<IpAddress> tunnels) {
    public NodeAddresses {
      tunnels = List.copyOf(tunnels);
    }
  }

  /** A workload endpoint. */
  record WorkloadAddresses(String namespace, String name, List<IpAddress> addresses) {
    public WorkloadAddresses {
      addresses = List.copyOf(addresses);
    }
  }

  /** Whose behaviour and whose texts are followed. */
  IpamVariant variant();

  Ipam ipam();

  IpamStore store();

  Instant now();

  /** All nodes, in the order of their names. */
  List<NodeAddresses> nodes();

  /** All workload endpoints, in the order of their keys. */
  List<WorkloadAddresses> workloads();

  ClusterInformation information();

  /** Allows or forbids changes of the datastore while it is being migrated. */
  void setReady(boolean ready) throws IpamException;

  /** All pools, in the order of their names. */
  List<PoolSpec> poolSpecs();

  /** Changes the pool of that name. */
  void update(PoolSpec pool) throws IpamException;

  /**
   * Puts parts in a pool's place, without the checks that a new pool passes, and without touching
   * affinities.
   */
  void replace(String name, List<PoolSpec> parts) throws IpamException;
}
