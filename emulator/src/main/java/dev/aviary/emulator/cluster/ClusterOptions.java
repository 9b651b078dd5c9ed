package dev.aviary.emulator.cluster;

import dev.aviary.emulator.node.BgpEnvironment;
import dev.aviary.emulator.node.CalicoVersion;
import dev.aviary.ipam.etcd.EtcdClient;
import dev.aviary.ipam.etcd.EtcdTls;
import dev.aviary.kubeproxy.KubeProxyVersion;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * How a cluster runs.
 *
 * @param bgpPort where every node listens on its own loopback address; 0 for free ports
 * @param virtual on virtual time and without sockets
 * @param seed where every random choice comes from
 * @param outside nodes that are not emulated: whose speaker is a real one, and where it listens
 * @param calico whose rules the control plane follows
 * @param kubernetes the release whose kubelet and kube-proxy the nodes have
 * @param environment of every calico-node
 * @param datastore where an etcd is that several processes share; empty for none
 * @param nodes those that this process runs; empty for all
 */
public record ClusterOptions(
    int bgpPort,
    boolean virtual,
    long seed,
    Map<String, InetSocketAddress> outside,
    CalicoVersion calico,
    KubeProxyVersion kubernetes,
    BgpEnvironment environment,
    List<URI> datastore,
    Set<String> nodes) {
  public static final int DEFAULT_BGP_PORT = 17179;

  public ClusterOptions {
    outside = Map.copyOf(outside);
    datastore = List.copyOf(datastore);
    nodes = Set.copyOf(nodes);
  }

  /** With Calico v3.22 and nothing in its environment. */
  public ClusterOptions(
      int bgpPort, boolean virtual, long seed, Map<String, InetSocketAddress> outside) {
    this(
        bgpPort,
        virtual,
        seed,
        outside,
        CalicoVersion.V3_22,
        KubeProxyVersion.standard(),
        BgpEnvironment.NONE,
        List.of(),
        Set.of());
  }

  /** With the Calico called {@code version}: v3.22 or master. */
  public ClusterOptions withCalico(String version) throws ClusterException {
    var parsed =
        CalicoVersion.parse(version)
            .orElseThrow(
                () ->
                    ClusterException.input(
                        "--calico: must be v3.22 or master, is '" + version + "'"));
    return new ClusterOptions(
        bgpPort, virtual, seed, outside, parsed, kubernetes, environment, datastore, nodes);
  }

  /** With the kubelet and kube-proxy of {@code version}: 1.21, v1.26, 1.18.2. */
  public ClusterOptions withKubernetes(String version) throws ClusterException {
    try {
      return new ClusterOptions(
          bgpPort,
          virtual,
          seed,
          outside,
          calico,
          KubeProxyVersion.of(version),
          environment,
          datastore,
          nodes);
    } catch (IllegalArgumentException e) {
      throw ClusterException.input("--kubernetes: " + e.getMessage());
    }
  }

  /** With these variables in the environment of every calico-node. */
  public ClusterOptions withEnvironment(Map<String, String> variables) {
    return new ClusterOptions(
        bgpPort,
        virtual,
        seed,
        outside,
        calico,
        kubernetes,
        BgpEnvironment.of(variables),
        datastore,
        nodes);
  }

  /**
   * With an etcd that is shared, and only some of the nodes in this process.
   *
   * @param etcd "etcd://HOST:PORT[,HOST:PORT…]"; empty for none
   */
  public ClusterOptions sharing(String etcd, Set<String> ownNodes) throws ClusterException {
    var endpoints =
        etcd.isEmpty()
            ? List.<URI>of()
            : EtcdClient.parse(etcd)
                .orElseThrow(
                    () ->
                        ClusterException.input(
                            "--datastore: must be etcd://HOST:PORT or etcds://HOST:PORT, is '"
                                + etcd
                                + "'"));
    if (!ownNodes.isEmpty() && endpoints.isEmpty()) {
      throw ClusterException.input("--nodes: the others need a --datastore to be shared with");
    }
    if (!endpoints.isEmpty() && virtual) {
      throw ClusterException.input("--datastore: other processes do not live in virtual time");
    }
    if (!ownNodes.isEmpty() && bgpPort == 0) {
      throw ClusterException.input("--nodes: the others must know the port: give a --bgp-port");
    }
    return new ClusterOptions(
        bgpPort, virtual, seed, outside, calico, kubernetes, environment, endpoints, ownNodes);
  }

  /** The files that ETCD_CA_CERT_FILE, ETCD_CERT_FILE and ETCD_KEY_FILE name, as for calicoctl. */
  Optional<EtcdTls> tls() {
    return EtcdTls.of(System.getenv());
  }

  /** True if this process is to run {@code node}. */
  boolean runs(String node) {
    return !outside.containsKey(node) && (nodes.isEmpty() || nodes.contains(node));
  }

  /** True if another process is to run {@code node}. */
  boolean isElsewhere(String node) {
    return !outside.containsKey(node) && !runs(node);
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
