package dev.aviary.felix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.aviary.kernel.InterfaceAddress;
import dev.aviary.kernel.Kernel;
import dev.aviary.kernel.RestoreException;
import dev.aviary.kernel.packet.MacAddress;
import dev.aviary.kernel.route.KernelRoute;
import dev.aviary.kubeproxy.KubeProxy;
import dev.aviary.kubeproxy.KubeProxyConfig;
import dev.aviary.kubeproxy.KubeProxyVersion;
import dev.aviary.kubeproxy.KubeletChains;
import dev.aviary.kubeproxy.LocalTraffic;
import dev.aviary.kubeproxy.SeedServices;
import dev.aviary.net.IpFamily;
import dev.aviary.net.Ipv4Address;
import dev.aviary.net.Vectors;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Docker, kubelet, kube-proxy and Felix on one host leave what they left on a real one. */
class SeedNodeVectorsTest {
  private static final String TEXTS = "kernel-golden/seed/texts/";

  @TestFactory
  Stream<DynamicTest> bothNodesPrintTheTextsOfTheRealOnes() {
    return Stream.of(
        dynamicTest("master", () -> check("master", "192.168.43.152")),
        dynamicTest("node1", () -> check("node1", "192.168.43.153")));
  }

  private static void check(String node, String address) throws RestoreException {
    var kernel = kernel(node);
    kernel.links().addBridge("ens33", MacAddress.of("00:0c:29:aa:01:53"));
    kernel.links().up("ens33");
    kernel.links().addAddress("ens33", InterfaceAddress.of(Ipv4Address.of(address), 24, "ens33"));
    var inputs = SeedCluster.inputs(node);
    for (var pod : inputs.workloads()) {
      if (pod.id().host().equals(node)) {
        var inside = kernel(pod.interfaceName());
        kernel
            .links()
            .addVeth(
                pod.interfaceName(),
                MacAddress.of("ee:ee:ee:ee:ee:ee"),
                1500,
                inside,
                "eth0",
                MacAddress.of("0a:00:00:00:00:01"));
        kernel.links().up(pod.interfaceName());
      }
    }
    kernel.iptablesRestore(
        IpFamily.IPV4,
        "*nat\n-A POSTROUTING -s 172.17.0.0/16 ! -o docker0 -j MASQUERADE\nCOMMIT\n",
        true);
    var version = KubeProxyVersion.standard();
    new KubeletChains(version, IpFamily.IPV4, kernel).ensure();
    new KubeProxy(KubeProxyConfig.of(version, new LocalTraffic.Unknown()), kernel)
        .apply(SeedServices.inputs(node, address));
    new Felix(SeedCluster.config(), kernel).apply(inputs);
    assertThat(rules(kernel.iptablesSave(IpFamily.IPV4, null)))
        .containsExactlyInAnyOrderElementsOf(
            rules(Vectors.text(TEXTS + node + ".iptables-save.legacy.before.txt")));
    for (var table : List.of("raw", "mangle", "nat", "filter")) {
      assertThat(rules(kernel.iptablesSave(IpFamily.IPV4, table)))
          .as(table)
          .isEqualTo(rules(section(node, table)));
    }
    assertThat(workloadRoutes(kernel)).isEqualTo(workloadRoutes(node));
  }

  private static Kernel kernel(String name) {
    return new Kernel(
        name, InstantSource.fixed(Instant.EPOCH), RandomGenerator.of("L64X128MixRandom"));
  }

  private static String section(String node, String table) {
    var text = Vectors.text(TEXTS + node + ".iptables-save.legacy.before.txt");
    int start = text.indexOf("*" + table + "\n");
    return text.substring(start, text.indexOf("COMMIT\n", start) + "COMMIT\n".length());
  }

  /**
   * Without dates; and without the name of the one set that the real node's author made by hand, on
   * which the hashes of one chain depend.
   */
  private static List<String> rules(String saved) {
    return saved
        .lines()
        .filter(line -> !line.startsWith("#"))
        .map(
            line ->
                line.startsWith("-A cali-pi-_qE-3yu5YL5w5ty_Ksxj")
                    ? line.replaceAll("cali:[^\"]*|cali40s:[^ ]*", "…")
                    : line)
        .toList();
  }

  private static List<String> workloadRoutes(Kernel kernel) {
    return kernel.fib().routes(IpFamily.IPV4).stream()
        .map(KernelRoute::toString)
        .filter(route -> route.contains(" dev cali"))
        .toList();
  }

  private static List<String> workloadRoutes(String node) {
    return Vectors.text(TEXTS + node + ".ip-route.txt")
        .lines()
        .map(String::strip)
        .filter(route -> route.contains(" dev cali"))
        .toList();
  }
}
