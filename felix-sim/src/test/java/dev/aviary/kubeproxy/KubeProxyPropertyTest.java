package dev.aviary.kubeproxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aviary.net.IpFamily;
import dev.aviary.net.Prefix;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** However a cluster came to be what it is, the rules are those of one that began so. */
class KubeProxyPropertyTest {
  private static final NodeInput NODE = new NodeInput("n1", List.of("192.168.0.1"), Map.of());

  /** What is random about one service; its place in the list is its name. */
  record Choice(
      boolean exists, int kind, int ready, int notReady, boolean external, boolean internal) {}

  @Provide
  Arbitrary<List<List<Choice>>> histories() {
    var flag = Arbitraries.of(true, false);
    return Combinators.combine(
            flag,
            Arbitraries.integers().between(0, 3),
            Arbitraries.integers().between(0, 3),
            Arbitraries.integers().between(0, 1),
            flag,
            flag)
        .as(Choice::new)
        .list()
        .ofSize(4)
        .list()
        .ofMinSize(2)
        .ofMaxSize(4);
  }

  @Provide
  Arbitrary<String> versions() {
    return Arbitraries.of("1.20", "1.21", "1.22", "1.23", "1.24", "1.26", "1.28");
  }

  private static ServiceInputs inputs(List<Choice> choices) {
    var services = new ArrayList<Service>();
    var slices = new ArrayList<EndpointSlice>();
    for (int i = 0; i < choices.size(); i++) {
      var choice = choices.get(i);
      if (choice.exists()) {
        services.add(service(i, choice));
        slices.add(slice(i, choice));
      }
    }
    return new ServiceInputs(NODE, services, slices);
  }

  private static Service service(int index, Choice choice) {
    boolean balanced = choice.kind() >= 2;
    var type =
        switch (choice.kind()) {
          case 0 -> Service.Type.CLUSTER_IP;
          case 1 -> Service.Type.NODE_PORT;
          default -> Service.Type.LOAD_BALANCER;
        };
    return new Service(
        "ns",
        "s" + index,
        type,
        List.of("10.96.0." + (index + 1)),
        choice.kind() == 3 ? List.of("192.0.2." + (index + 1)) : List.of(),
        balanced ? List.of(new Service.Ingress("203.0.113." + (index + 1), true)) : List.of(),
        choice.kind() == 3 ? List.of("198.51.100.0/24") : List.of(),
        List.of(
            new Service.Port("p", "TCP", 80, choice.kind() == 0 ? 0 : 30000 + index),
            new Service.Port("q", "UDP", 53, 0)),
        choice.external(),
        choice.internal(),
        balanced ? 32000 + index : 0,
        choice.ready() == 3 ? Optional.of(Duration.ofHours(3)) : Optional.empty(),
        Map.of(),
        Map.of());
  }

  private static EndpointSlice slice(int index, Choice choice) {
    var endpoints = new ArrayList<EndpointSlice.Endpoint>();
    IntStream.range(0, choice.ready())
        .forEach(
            i ->
                endpoints.add(
                    EndpointSlice.Endpoint.ready("10.244." + i + "." + (index + 1), "n" + i)));
    IntStream.range(0, choice.notReady())
        .forEach(
            i ->
                endpoints.add(
                    new EndpointSlice.Endpoint(
                        "10.244.9." + (index + 1),
                        "n1",
                        Optional.of(false),
                        Optional.of(true),
                        Optional.of(true),
                        List.of())));
    return new EndpointSlice(
        "ns",
        "s" + index,
        "s" + index + "-x",
        IpFamily.IPV4,
        endpoints,
        List.of(
            new EndpointSlice.Port("p", "TCP", 8080), new EndpointSlice.Port("q", "UDP", 5353)));
  }

  @Property(tries = 60)
  void historyLeavesNoTrace(
      @ForAll("histories") List<List<Choice>> history, @ForAll("versions") String version) {
    var config =
        KubeProxyConfig.of(
            KubeProxyVersion.of(version), new LocalTraffic.ClusterCidr(Prefix.of("10.244.0.0/16")));
    var lived = KubeProxyTest.kernel();
    var kubeProxy = new KubeProxy(config, lived);
    history.forEach(choices -> kubeProxy.apply(inputs(choices)));
    var fresh = KubeProxyTest.kernel();
    new KubeProxy(config, fresh).apply(inputs(history.getLast()));
    assertThat(KubeProxyTest.rules(lived)).isEqualTo(KubeProxyTest.rules(fresh));
  }
}
