package dev.aviary.felix;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aviary.felix.calc.Inputs;
import dev.aviary.kernel.InterfaceAddress;
import dev.aviary.kernel.Kernel;
import dev.aviary.kernel.RestoreException;
import dev.aviary.kernel.packet.MacAddress;
import dev.aviary.kernel.route.KernelRoute;
import dev.aviary.net.IpFamily;
import dev.aviary.net.Ipv4Address;
import dev.aviary.net.Prefix;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FelixTest {
  private static final MacAddress POD_SIDE = MacAddress.of("0a:00:00:00:00:01");
  private static final MacAddress HOST_SIDE = MacAddress.of("ee:ee:ee:ee:ee:ee");

  private Instant now = Instant.EPOCH;
  private final InstantSource clock = () -> now;
  private final Kernel kernel = kernel("node1");
  private final Inputs inputs = SeedCluster.inputs("node1");
  private Felix felix = new Felix(SeedCluster.config(), kernel);

  private Kernel kernel(String name) {
    return new Kernel(name, clock, RandomGenerator.of("L64X128MixRandom"));
  }

  @BeforeEach
  void aHostWithItsPods() {
    kernel.links().addBridge("ens33", MacAddress.of("00:0c:29:aa:01:53"));
    kernel.links().up("ens33");
    kernel
        .links()
        .addAddress("ens33", InterfaceAddress.of(Ipv4Address.of("192.168.43.153"), 24, "ens33"));
    for (var pod : inputs.workloads()) {
      if (pod.id().host().equals("node1")) {
        addPod(pod.interfaceName());
      }
    }
    felix.apply(inputs);
  }

  private void addPod(String interfaceName) {
    var pod = kernel(interfaceName);
    kernel.links().addVeth(interfaceName, HOST_SIDE, 1500, pod, "eth0", POD_SIDE);
    kernel.links().up(interfaceName);
    pod.links().up("eth0");
  }

  private String saved() {
    return withoutDates(kernel.iptablesSave(IpFamily.IPV4, null));
  }

  private static String withoutDates(String saved) {
    return saved.lines().filter(l -> !l.startsWith("#")).toList().toString();
  }

  private List<String> routes() {
    return kernel.fib().routes(IpFamily.IPV4).stream().map(KernelRoute::toString).toList();
  }

  @Test
  void podsGetRoutesAndSettings() {
    assertThat(routes())
        .contains(
            "10.244.166.159 dev cali779e50eea23 scope link",
            "10.244.166.160 dev cali1475b0c091e scope link",
            "10.244.166.161 dev cali2e0c70b9dd5 scope link",
            "10.244.166.162 dev calib7b68ec463b scope link");
    assertThat(kernel.sysctls().number("net.ipv4.ip_forward")).isEqualTo(1);
    assertThat(kernel.sysctls().number("net.ipv4.conf.cali779e50eea23.proxy_arp")).isEqualTo(1);
    assertThat(kernel.sysctls().number("net.ipv4.conf.cali779e50eea23.route_localnet"))
        .isEqualTo(1);
  }

  @Test
  void poolsAndHostHaveSets() {
    assertThat(kernel.ipsetSave().lines())
        .contains(
            "add cali40all-ipam-pools 10.244.0.0/16",
            "add cali40masq-ipam-pools 10.244.0.0/16",
            "add cali40this-host 192.168.43.153",
            "add cali40this-host 127.0.0.1");
  }

  @Test
  void applyingAgainChangesNothing() {
    var before = saved();
    var sets = kernel.ipsetSave();
    long version = kernel.netfilter(IpFamily.IPV4).version();
    long fib = kernel.fib().version();
    felix.apply(inputs);
    assertThat(saved()).isEqualTo(before);
    assertThat(kernel.ipsetSave()).isEqualTo(sets);
    assertThat(kernel.netfilter(IpFamily.IPV4).version()).isEqualTo(version);
    assertThat(kernel.fib().version()).isEqualTo(fib);
  }

  @Test
  void aNewFelixTakesOver() {
    var before = saved();
    long version = kernel.netfilter(IpFamily.IPV4).version();
    felix = new Felix(SeedCluster.config(), kernel);
    felix.apply(inputs);
    assertThat(saved()).isEqualTo(before);
    assertThat(kernel.netfilter(IpFamily.IPV4).version()).isEqualTo(version);
  }

  @Test
  void whatSomebodyBreaksIsPutRight() throws RestoreException {
    var before = saved();
    kernel.iptablesRestore(
        IpFamily.IPV4,
        """
        *filter
        -D FORWARD 1
        -F cali-INPUT
        -D cali-OUTPUT 2
        -A cali-OUTPUT -j DROP
        -A INPUT -m comment --comment "cali:6gwbT8clXdHdC1b1" -j cali-FORWARD
        COMMIT
        *nat
        -F
        COMMIT
        """,
        true);
    assertThat(saved()).isNotEqualTo(before);
    felix.apply(inputs);
    assertThat(saved()).isEqualTo(before);
  }

  @Test
  void hooksComeFirstAgainAfterOthersPushedIn() throws RestoreException {
    kernel.iptablesRestore(
        IpFamily.IPV4, "*filter\n:DOCKER - [0:0]\n-I FORWARD -j DOCKER\nCOMMIT\n", true);
    felix.apply(inputs);
    var forward =
        kernel
            .iptablesSave(IpFamily.IPV4, "filter")
            .lines()
            .filter(l -> l.startsWith("-A FORWARD"))
            .toList();
    assertThat(forward.get(0)).endsWith("-j cali-FORWARD");
    assertThat(forward.get(1)).isEqualTo("-A FORWARD -j DOCKER");
    assertThat(forward).hasSize(4);
  }

  @Test
  void routesComeBackAndStrangeOnesGo() {
    var before = routes();
    var own =
        kernel.fib().routes(IpFamily.IPV4).stream()
            .filter(r -> "cali779e50eea23".equals(r.device()))
            .findFirst()
            .orElseThrow();
    kernel.fib().delete(own);
    kernel.fib().add(KernelRoute.on(Prefix.of("10.9.9.9/32"), "cali779e50eea23"));
    felix.apply(inputs);
    assertThat(routes()).isEqualTo(before);
  }

  @Test
  void routesOfAnInterfaceThatIsNewAreLeftForAWhile() {
    addPod("cali00000000001");
    var early = KernelRoute.on(Prefix.of("10.244.166.170/32"), "cali00000000001");
    kernel.fib().add(early);
    felix.apply(inputs);
    assertThat(kernel.fib().routes(IpFamily.IPV4)).contains(early);
    now = now.plus(Duration.ofSeconds(10));
    felix.apply(inputs);
    assertThat(kernel.fib().routes(IpFamily.IPV4)).doesNotContain(early);
  }

  @Test
  void aPodThatGoesLeavesNothing() {
    var without =
        new Inputs(
            inputs.hostname(),
            inputs.hosts(),
            inputs.pools(),
            inputs.blocks(),
            inputs.workloads().stream()
                .filter(w -> !w.interfaceName().equals("calib7b68ec463b"))
                .toList(),
            inputs.hostEndpoints(),
            inputs.profiles(),
            inputs.policies(),
            inputs.networkSets(),
            inputs.services(),
            inputs.serviceCidrs());
    kernel.links().remove("calib7b68ec463b");
    felix.apply(without);
    assertThat(saved()).doesNotContain("calib7b68ec463b").doesNotContain("default.blocks");
    assertThat(routes()).noneMatch(r -> r.contains("calib7b68ec463b"));
  }

  @Test
  void leftoversOfAnEarlierTimeGo() throws RestoreException {
    var before = saved();
    kernel.ipsetRestore("create cali40s:old hash:net family inet\nadd cali40s:old 10.0.0.1\n");
    kernel.ipsetRestore("create mine hash:ip family inet\n");
    kernel.iptablesRestore(
        IpFamily.IPV4,
        """
        *filter
        :cali-tw-cali999 - [0:0]
        :cali-pi-old - [0:0]
        -A cali-tw-cali999 -j cali-pi-old
        -A cali-pi-old -m set --match-set cali40s:old src -j ACCEPT
        COMMIT
        """,
        true);
    felix.apply(inputs);
    assertThat(saved()).isEqualTo(before);
    assertThat(kernel.ipsetSave()).doesNotContain("cali40s:old").contains("create mine");
  }
}
