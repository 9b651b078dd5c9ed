package dev.aviary.kubeproxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aviary.kernel.Kernel;
import dev.aviary.kernel.RestoreException;
import dev.aviary.net.IpFamily;
import dev.aviary.net.Prefix;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class KubeProxyTest {
  private static final NodeInput NODE = new NodeInput("n1", List.of("192.168.0.1"), Map.of());
  private final Kernel kernel = kernel();
  private final KubeProxy kubeProxy = new KubeProxy(config(), kernel);

  static Kernel kernel() {
    return new Kernel(
        "n1", InstantSource.fixed(Instant.EPOCH), RandomGenerator.of("L64X128MixRandom"));
  }

  static KubeProxyConfig config() {
    return KubeProxyConfig.of(
        KubeProxyVersion.standard(), new LocalTraffic.ClusterCidr(Prefix.of("10.244.0.0/16")));
  }

  private static Service service(String name) {
    return Service.clusterIp(
        "ns", name, "10.96.0.1" + name.length(), List.of(new Service.Port("", "TCP", 80, 0)));
  }

  private static EndpointSlice slice(String service, String... addresses) {
    return new EndpointSlice(
        "ns",
        service,
        service + "-1",
        IpFamily.IPV4,
        List.of(addresses).stream().map(a -> EndpointSlice.Endpoint.ready(a, "n2")).toList(),
        List.of(new EndpointSlice.Port("", "TCP", 8080)));
  }

  private static ServiceInputs inputs(List<Service> services, EndpointSlice... slices) {
    return new ServiceInputs(NODE, services, List.of(slices));
  }

  private List<String> rules() {
    return rules(kernel);
  }

  static List<String> rules(Kernel kernel) {
    return kernel
        .iptablesSave(IpFamily.IPV4, null)
        .lines()
        .filter(l -> !l.startsWith("#"))
        .toList();
  }

  private List<String> rulesOf(String chain) {
    return rules().stream().filter(l -> l.startsWith("-A " + chain + " ")).toList();
  }

  @Test
  void equalInputsChangeNothing() {
    var inputs = inputs(List.of(service("a")), slice("a", "10.244.1.1"));
    kubeProxy.apply(inputs);
    long version = kernel.netfilter(IpFamily.IPV4).version();
    kubeProxy.apply(inputs(List.of(service("a")), slice("a", "10.244.1.1")));
    assertThat(kernel.netfilter(IpFamily.IPV4).version()).isEqualTo(version);
  }

  @Test
  void chainsOfAServiceThatIsGoneAreDeleted() {
    kubeProxy.apply(
        inputs(
            List.of(service("a"), service("bb")),
            slice("a", "10.244.1.1"),
            slice("bb", "10.244.1.2")));
    assertThat(rules()).filteredOn(l -> l.startsWith(":KUBE-SVC-")).hasSize(2);
    kubeProxy.apply(inputs(List.of(service("bb")), slice("bb", "10.244.1.2")));
    assertThat(rules()).filteredOn(l -> l.startsWith(":KUBE-SVC-")).hasSize(1);
    assertThat(rules()).filteredOn(l -> l.startsWith(":KUBE-SEP-")).hasSize(1);
    assertThat(rules()).noneMatch(l -> l.contains("ns/a"));
  }

  @Test
  void aServiceWithoutEndpointsIsRefused() {
    kubeProxy.apply(inputs(List.of(service("a")), slice("a", "10.244.1.1")));
    kubeProxy.apply(inputs(List.of(service("a"))));
    assertThat(rulesOf("KUBE-SERVICES"))
        .anyMatch(l -> l.contains("ns/a has no endpoints") && l.contains("-j REJECT"))
        .noneMatch(l -> l.contains("ns/a cluster IP"));
  }

  @Test
  void aNewKubeProxyCleansUpAfterAnOldOne() {
    kubeProxy.apply(inputs(List.of(service("a")), slice("a", "10.244.1.1")));
    new KubeProxy(config(), kernel)
        .apply(inputs(List.of(service("bb")), slice("bb", "10.244.1.2")));
    assertThat(rules()).noneMatch(l -> l.contains("ns/a"));
    assertThat(rules()).filteredOn(l -> l.startsWith(":KUBE-SVC-")).hasSize(1);
    assertThat(rulesOf("PREROUTING")).hasSize(1);
  }

  @Test
  void withTheCanaryGoneEverythingIsWrittenAgain() throws RestoreException {
    kubeProxy.apply(inputs(List.of(service("a")), slice("a", "10.244.1.1")));
    var before = rules();
    for (var table : List.of("mangle", "nat", "filter")) {
      kernel.iptablesRestore(IpFamily.IPV4, "*" + table + "\nCOMMIT\n", false);
    }
    assertThat(rules()).isNotEqualTo(before);
    kubeProxy.resync();
    assertThat(rules()).isEqualTo(before);
  }

  @Test
  void whileTheCanaryIsThereItIsBelieved() throws RestoreException {
    kubeProxy.apply(inputs(List.of(service("a")), slice("a", "10.244.1.1")));
    kernel.iptablesRestore(IpFamily.IPV4, "*nat\n-F KUBE-SERVICES\nCOMMIT\n", true);
    kubeProxy.resync();
    assertThat(rulesOf("KUBE-SERVICES")).isEmpty();
  }

  @Test
  void manyEndpointsMeanFewComments() {
    var addresses = new String[1001];
    for (int i = 0; i < addresses.length; i++) {
      addresses[i] = "10.244." + (i / 250) + "." + (i % 250 + 1);
    }
    kubeProxy.apply(inputs(List.of(service("a")), slice("a", addresses)));
    assertThat(rules()).filteredOn(l -> l.startsWith("-A KUBE-SEP-")).hasSize(2002);
    assertThat(rules())
        .filteredOn(l -> l.startsWith("-A KUBE-SEP-"))
        .noneMatch(l -> l.contains("--comment"));
    addresses[1000] = addresses[0];
    kubeProxy.apply(inputs(List.of(service("a")), slice("a", addresses)));
    assertThat(rules())
        .filteredOn(l -> l.startsWith("-A KUBE-SEP-"))
        .allMatch(l -> l.contains("--comment"));
  }

  @Test
  void localhostReachesNodePorts() {
    kubeProxy.apply(inputs(List.of()));
    assertThat(kernel.sysctls().number("net.ipv4.conf.all.route_localnet")).isEqualTo(1);
    assertThat(kernel.sysctls().number("net.netfilter.nf_conntrack_tcp_timeout_established"))
        .isEqualTo(86400);
  }

  @Test
  void theSixthVersionHasItsOwnTablesAndFlows() {
    var six = new KubeProxy(config().withFamily(IpFamily.IPV6, new LocalTraffic.Unknown()), kernel);
    var service =
        Service.clusterIp("ns", "dns", "fd00::10", List.of(new Service.Port("", "UDP", 53, 30053)));
    var inputs = inputs(List.of(service));
    six.apply(inputs);
    kubeProxy.apply(inputs);
    assertThat(kernel.iptablesSave(IpFamily.IPV6, "filter")).contains("-d fd00::10/128 -p udp");
    assertThat(rules()).noneMatch(l -> l.contains("ns/dns"));
    var cleanup =
        new ConntrackCleanup(config().withFamily(IpFamily.IPV6, new LocalTraffic.Unknown()));
    var port =
        new ServicePort(
            service,
            service.ports().getFirst(),
            "fd00::10",
            "ns/dns",
            List.of(new Endpoint("fd00:1::1", 53, false, true, true, false, List.of())),
            List.of(),
            List.of(),
            List.of());
    assertThat(cleanup.between(Map.of(), ConntrackCleanup.byKey(List.of(port))))
        .extracting(ConntrackCleanup.Flows::command)
        .containsExactly(
            "conntrack -D --orig-dst fd00::10 -p udp -f ipv6",
            "conntrack -D -p udp --dport 30053 -f ipv6");
  }

  @Test
  void unknownVersionsAreRefused() {
    assertThat(KubeProxyVersion.of("v1.28")).isEqualTo(KubeProxyVersion.of("1.28"));
    for (var text : List.of("1.17", "1.30", "2.21", "1", "1.x", "1.21.1.1", "")) {
      assertThatThrownBy(() -> KubeProxyVersion.of(text))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
