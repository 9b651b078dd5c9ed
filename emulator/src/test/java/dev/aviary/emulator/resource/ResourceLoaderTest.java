package dev.aviary.emulator.resource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import dev.aviary.emulator.resource.ResourceLoader.Document;
import dev.aviary.net.IpAddress;
import dev.aviary.net.IpFamily;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ResourceLoaderTest {
  private static List<String> problems(String text) {
    return ResourceLoader.parse(List.of(new Document("c.yaml", text)))
        .fold(problems -> problems.map(Problem::toString).asJava(), _ -> List.of());
  }

  private static Resources resources(String text) {
    var parsed = ResourceLoader.parse(List.of(new Document("c.yaml", text)));
    assertThat(parsed.isValid()).as("%s", parsed).isTrue();
    return parsed.get().resources();
  }

  static String demo() throws IOException {
    try (var in =
        ResourceLoaderTest.class.getResourceAsStream("/dev/aviary/emulator/demo/cluster.yaml")) {
      return new String(
          java.util.Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void theDemoClusterIsReadWhole() throws IOException {
    var resources = resources(demo());
    assertThat(resources.of(NodeResource.class))
        .extracting(n -> n.metadata().name())
        .containsExactly("master", "node1");
    assertThat(resources.of(IpPoolResource.class).getFirst().cidr()).hasToString("10.244.0.0/16");
    var pod = resources.find(PodResource.class, "test", "pod1").orElseThrow();
    assertThat(pod.addresses()).containsExactly(IpAddress.of("10.244.219.75"));
    var service = resources.find(ServiceResource.class, "test", "pod2-service").orElseThrow();
    assertThat(service.ports().getFirst().nodePort()).isEqualTo(30000);
    assertThat(resources.of(TopologyResource.class).getFirst().hosts()).hasSize(3);
  }

  static Stream<Arguments> mistakes() {
    return Stream.of(
        argumentSet(
            "unknown field",
            pool("cidr: 10.0.0.0/16\n  natOutgong: true"),
            "c.yaml:6: spec.natOutgong: unknown field"),
        argumentSet(
            "block size out of range",
            pool("cidr: 10.0.0.0/16\n  blockSize: 19"),
            "c.yaml:6: spec.blockSize: must be 20 to 32, is '19'"),
        argumentSet(
            "pool smaller than a block",
            pool("cidr: 10.0.0.0/27"),
            "c.yaml:5: spec.cidr: IP pool size is too small for use with Calico IPAM:"
                + " 10.0.0.0/27 has no /26"),
        argumentSet(
            "host bits",
            pool("cidr: 10.0.0.1/16"),
            "c.yaml:5: spec.cidr: IP pool CIDR is not strictly masked: '10.0.0.1/16'"),
        argumentSet(
            "overlap",
            pool("cidr: 10.0.0.0/16") + "---\n" + pool("cidr: 10.0.128.0/17").replace("p}", "q}"),
            "c.yaml:11: spec.cidr: IPPool(q) CIDR 10.0.128.0/17 overlaps with IPPool(p) CIDR"
                + " 10.0.0.0/16"),
        argumentSet(
            "unknown node",
            pod("nodeName: nowhere", "10.0.0.1"),
            "c.yaml:6: spec.nodeName: there is no node 'nowhere'"),
        argumentSet(
            "address outside every pool",
            pod("hostNetwork: false", "10.9.0.1"),
            "c.yaml:4: metadata.annotations.cni.projectcalico.org/ipAddrs: 10.9.0.1 is in no"
                + " IPPool"),
        argumentSet("not YAML", "a: [", "c.yaml:1: not YAML"),
        argumentSet("no kind", "apiVersion: v1\n", "c.yaml:1: kind: is required"),
        argumentSet("a scalar", "hello\n", "c.yaml:1: a resource must be a mapping"),
        argumentSet(
            "a key twice",
            "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: a\n  name: b\n",
            "c.yaml:5: "));
  }

  private static String pool(String spec) {
    return """
        apiVersion: projectcalico.org/v3
        kind: IPPool
        metadata: {name: p}
        spec:
          %s
        """
        .formatted(spec);
  }

  private static String pod(String spec, String address) {
    return """
        apiVersion: v1
        kind: Pod
        metadata:
          {name: a, annotations: {cni.projectcalico.org/ipAddrs: '["%s"]'}}
        spec:
          %s
        ---
        apiVersion: projectcalico.org/v3
        kind: IPPool
        metadata: {name: p}
        spec: {cidr: 10.0.0.0/16}
        """
        .formatted(address, spec);
  }

  @ParameterizedTest
  @MethodSource("mistakes")
  void aMistakeIsNamedWithFileLineAndField(String text, String expected) {
    assertThat(problems(text)).hasSize(1);
    assertThat(problems(text).getFirst()).startsWith(expected).doesNotContain("\n");
  }

  @Test
  void allMistakesAreToldAtOnce() {
    assertThat(problems(pool("cidr: x\n  blockSize: 99\n  foo: 1"))).hasSize(3);
  }

  @Test
  void aKindThatIsNotLookedAtIsAWarning() {
    var loaded =
        ResourceLoader.parse(
                List.of(
                    new Document(
                        "d.yaml", "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: d}\n")))
            .get();
    assertThat(loaded.warnings())
        .containsExactly("d.yaml:1: kind Deployment of apps/v1 is not looked at");
  }

  @Test
  void aListIsReadAsItsItems() {
    var list =
        "kind: List\napiVersion: v1\nitems:\n- {apiVersion: v1, kind: Namespace, metadata: {name: a}}\n";
    assertThat(resources(list).of(NamespaceResource.class)).hasSize(1);
  }

  private static String service(String fields) {
    return "{apiVersion: v1, kind: Service, metadata: {name: s}, spec: {ports: [{port: 80}], "
        + fields
        + "}}";
  }

  @Test
  void aServicesFamiliesAreThoseOfItsAddresses() {
    assertThat(
            resources(service("clusterIPs: ['fd00::1', 10.96.0.1]"))
                .of(ServiceResource.class)
                .getFirst()
                .families())
        .containsExactly(IpFamily.IPV6, IpFamily.IPV4);
    assertThat(
            resources(service("clusterIP: None, ipFamilies: [IPv6]"))
                .of(ServiceResource.class)
                .getFirst()
                .families())
        .containsExactly(IpFamily.IPV6);
  }

  @Test
  void aServicesFamiliesAndAddressesMustAgree() {
    assertThat(problems(service("clusterIP: 10.96.0.1, ipFamilies: [IPv6]")))
        .containsExactly(
            "c.yaml:1: spec.clusterIP: '10.96.0.1' is not IPv6, which ipFamilies has in its place");
    assertThat(problems(service("clusterIPs: [10.96.0.1, 10.96.0.2]")))
        .containsExactly("c.yaml:1: spec.clusterIPs: may hold one address of each family");
    assertThat(problems(service("clusterIPs: [10.96.0.1, 'fd00::1'], ipFamilyPolicy: SingleStack")))
        .containsExactly(
            "c.yaml:1: spec.ipFamilyPolicy: must be RequireDualStack or PreferDualStack when"
                + " multiple cluster IPs are specified");
    assertThat(problems(service("clusterIP: 10.96.0.2, clusterIPs: [10.96.0.1]")))
        .containsExactly("c.yaml:1: spec.clusterIPs: first value must match `clusterIP`");
    assertThat(problems(service("clusterIP: 10.96.0.2, ipFamilies: [IPv5]")))
        .containsExactly("c.yaml:1: spec.ipFamilies: 'IPv5' is neither IPv4 nor IPv6");
  }

  @Test
  void aSliceIsOfOneFamily() {
    var slice =
        """
        apiVersion: discovery.k8s.io/v1
        kind: EndpointSlice
        metadata: {name: s-1, labels: {kubernetes.io/service-name: s}}
        addressType: IPv6
        """;
    assertThat(resources(slice).of(EndpointsResource.class).getFirst().families())
        .containsExactly(IpFamily.IPV6);
    assertThat(problems(slice + "endpoints: [{addresses: [10.0.0.1]}]"))
        .containsExactly("c.yaml:4: addressType: is IPv6, and there are other addresses");
  }

  @Test
  void aKubernetesPolicyIsConvertedAsCalicoDoes() {
    var policy =
        resources(
                """
                apiVersion: networking.k8s.io/v1
                kind: NetworkPolicy
                metadata: {name: web, namespace: prod}
                spec:
                  podSelector: {matchLabels: {b: '2', a: '1'}}
                  policyTypes: [Ingress]
                  ingress:
                    - from:
                        - podSelector: {matchExpressions: [{key: x, operator: In, values: [p, q]}]}
                          namespaceSelector: {}
                        - ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16]}
                      ports: [{port: 82}, {port: 81}, {protocol: UDP, port: dns}]
                """)
            .of(NetworkPolicyResource.class)
            .getFirst();
    assertThat(policy.selector())
        .isEqualTo("projectcalico.org/orchestrator == 'k8s' && a == '1' && b == '2'");
    assertThat(policy.egressApplies()).isFalse();
    assertThat(policy.ingress()).hasSize(4);
    var first = policy.ingress().getFirst();
    assertThat(first.protocol()).contains("TCP");
    assertThat(first.destination().ports()).containsExactly("81:82");
    assertThat(first.source().selector())
        .isEqualTo("projectcalico.org/orchestrator == 'k8s' && x in { 'p', 'q' }");
    assertThat(first.source().namespaceSelector()).isEqualTo("all()");
    assertThat(policy.ingress().getLast().source().notNets()).hasSize(1);
  }

  @Property(tries = 300)
  void brokenInputIsAProblemAndNothingElse(@ForAll long seed) throws IOException {
    var text = new StringBuilder(demo());
    var random = new Random(seed);
    for (int i = 0; i < 1 + random.nextInt(8); i++) {
      int at = random.nextInt(text.length());
      switch (random.nextInt(3)) {
        case 0 -> text.deleteCharAt(at);
        case 1 -> text.insert(at, (char) (32 + random.nextInt(95)));
        case 2 -> text.setCharAt(at, "{}[]:,\n'\"&*!".charAt(random.nextInt(12)));
        default -> throw new AssertionError();
      }
    }
    ResourceLoader.parse(List.of(new Document("c.yaml", text.toString())));
  }
}
