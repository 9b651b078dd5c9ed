package dev.aviary.emulator.cli;

import dev.aviary.emulator.cluster.ClusterException;
import dev.aviary.emulator.cluster.ClusterOptions;
import dev.aviary.net.IpAddress;
import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** What every verb that starts a cluster can be told. */
final class ClusterOptionsMixin {
  @Option(
      names = "--bgp-port",
      paramLabel = "PORT",
      description =
          "Where every node listens for BGP on its own loopback address, 1 to 65535; 0 takes free"
              + " ports; 17179 by default.")
  private int bgpPort = ClusterOptions.DEFAULT_BGP_PORT;

  @Option(
      names = "--virtual",
      description = "No sockets, virtual time: BGP travels inside the process.")
  private boolean virtual;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Where every random choice comes from; 1 by default.")
  private long seed = 1;

  @Option(
      names = "--outside",
      paramLabel = "NODE=IP:PORT",
      description =
          "This node is not emulated: a real BGP speaker takes its place and listens there; may be"
              + " given several times.")
  private Map<String, String> outside = Map.of();

  @Option(
      names = "--calico",
      paramLabel = "VERSION",
      description = "Whose rules the control plane follows: v3.22 (the default) or master.")
  private String calico = "v3.22";

  @Option(
      names = "--kubernetes",
      paramLabel = "VERSION",
      description = "Whose kubelet and kube-proxy the nodes have: 1.18 to 1.29; 1.21 by default.")
  private Optional<String> kubernetes = Optional.empty();

  @Option(names = "--strict", description = "A kind that nobody looks at is an error.")
  private boolean strict;

  @Option(
      names = "--datastore",
      paramLabel = "etcd://HOST:PORT",
      description =
          "Blocks, affinities, pods, pools and nodes are settled in this etcd, which other processes"
              + " may share. etcds:// for TLS, with the files that ETCD_CA_CERT_FILE,"
              + " ETCD_CERT_FILE and ETCD_KEY_FILE name.")
  private String datastore = "";

  @Option(
      names = "--nodes",
      paramLabel = "NODE",
      split = ",",
      description = "With --datastore: only these nodes run here, the others in other processes.")
  private List<String> nodes = List.of();

  boolean strict() {
    return strict;
  }

  ClusterOptions options() throws ClusterException {
    var real = new LinkedHashMap<String, InetSocketAddress>();
    for (var entry : outside.entrySet()) {
      int colon = entry.getValue().lastIndexOf(':');
      var address = IpAddress.parse(colon < 0 ? "" : entry.getValue().substring(0, colon));
      if (address.isEmpty() || !entry.getValue().substring(colon + 1).matches("[0-9]{1,5}")) {
        throw ClusterException.input(
            "--outside: must be NODE=IP:PORT, is '%s=%s'"
                .formatted(entry.getKey(), entry.getValue()));
      }
      real.put(
          entry.getKey(),
          new InetSocketAddress(
              address.get().toString(), Integer.parseInt(entry.getValue().substring(colon + 1))));
    }
    var options =
        new ClusterOptions(bgpPort, virtual, seed, real)
            .withCalico(calico)
            .sharing(datastore, new LinkedHashSet<>(nodes));
    return kubernetes.isPresent() ? options.withKubernetes(kubernetes.get()) : options;
  }
}
