package dev.aviary.ipam.etcd;

import dev.aviary.ipam.AssignRequest;
import dev.aviary.ipam.IpPool;
import dev.aviary.ipam.Ipam;
import dev.aviary.ipam.IpamException;
import dev.aviary.ipam.IpamVariant;
import dev.aviary.ipam.OneNode;
import dev.aviary.net.Prefix;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A process that takes addresses and gives them back until it is killed. It writes down what was
 * acknowledged, and before a release what it is about to ask for.
 */
final class CrashWorker {
  static final Set<String> HOSTS = Set.of("h0", "h1", "h2");
  static final List<IpPool> POOLS =
      List.of(new IpPool("p", Prefix.of("10.0.0.0/25"), 29, false, "", IpPool.DEFAULT_USES));

  private CrashWorker() {}

  /**
   * Runs until it is killed.
   *
   * @param args where etcd is, the worker's name, its host, the file to write
   */
  public static void main(String[] args) throws Exception {
    var patience = EtcdServer.patience(Duration.ofSeconds(20));
    try (var client = new EtcdClient(List.of(URI.create(args[0])), patience);
        var out =
            new PrintStream(
                Files.newOutputStream(
                    Path.of(args[3]), StandardOpenOption.CREATE, StandardOpenOption.APPEND),
                true,
                StandardCharsets.UTF_8)) {
      var store = new EtcdIpamStore(client, patience, IpamVariant.V3_22);
      var ipam = new Ipam(store, new OneNode(HOSTS, POOLS), () -> 1_000_000_000L);
      work(ipam, args[1], args[2], out);
    }
  }

  private static void work(Ipam ipam, String name, String host, PrintStream out)
      throws IpamException {
    var held = new ArrayDeque<String>();
    for (int i = 0; ; i++) {
      if (held.size() >= 10) {
        var handle = held.removeFirst();
        out.println("releasing " + handle);
        ipam.releaseByHandle(handle);
        out.println("released " + handle);
        continue;
      }
      var handle = name + "-" + i;
      var answer = ipam.autoAssign(AssignRequest.workload(host, handle, Map.of("node", host)));
      var v4 = answer.v4();
      if (answer.error() == null && v4 != null && !v4.assigned().isEmpty()) {
        out.println("assigned " + handle + " " + v4.assigned().getFirst().address());
        held.add(handle);
      }
    }
  }
}
