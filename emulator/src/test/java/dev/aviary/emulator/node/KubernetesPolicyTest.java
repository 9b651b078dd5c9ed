package dev.aviary.emulator.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aviary.emulator.resource.NetworkPolicyResource;
import dev.aviary.emulator.resource.ResourceLoader;
import dev.aviary.emulator.resource.ResourceLoader.Document;
import dev.aviary.felix.calc.Policy;
import dev.aviary.felix.calc.PolicyRule;
import dev.aviary.felix.calc.PolicyRule.RulePort;
import dev.aviary.felix.calc.PortRange;
import dev.aviary.net.Prefix;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What Felix is told of a Kubernetes NetworkPolicy: what Calico's own conversion makes of it. */
class KubernetesPolicyTest {
  private static final String PODS = "projectcalico.org/orchestrator == 'k8s'";

  private static Loaded load(String spec) {
    var text =
        "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\n"
            + "metadata: {name: p, namespace: ns}\nspec:\n  podSelector: {matchLabels: {app: web}}\n"
            + spec.indent(2);
    var parsed = ResourceLoader.parse(List.of(new Document("p.yaml", text)));
    return new Loaded(
        parsed.isValid()
            ? parsed.get().resources().of(NetworkPolicyResource.class).stream()
                .map(PolicyConversion::policy)
                .toList()
            : List.of(),
        parsed.isValid() ? List.of() : parsed.getError().map(Object::toString).asJava());
  }

  private record Loaded(List<Policy> policies, List<String> problems) {}

  private static Policy policy(String spec) {
    var loaded = load(spec);
    assertThat(loaded.problems()).isEmpty();
    return loaded.policies().getFirst();
  }

  private static PolicyRule first(String spec) {
    return policy(spec).ingress().getFirst();
  }

  @Test
  void namesAndOrdersIt() {
    var policy = policy("");
    assertThat(policy.name()).isEqualTo("ns/knp.default.p");
    assertThat(policy.order()).hasValue(1000);
    assertThat(policy.selector()).isEqualTo(PODS + " && app == 'web'");
    assertThat(policy.governsIngress()).isTrue();
    assertThat(policy.governsEgress()).isFalse();
    assertThat(policy.applyOnForward()).isTrue();
  }

  @Test
  void typesAreThoseOfTheRulesWhereNoneAreGiven() {
    assertThat(policy("egress: []").governsEgress()).isFalse();
    assertThat(policy("egress: [{}]").governsEgress()).isTrue();
    var policy = policy("policyTypes: [Egress]");
    assertThat(policy.governsIngress()).isFalse();
    assertThat(policy.governsEgress()).isTrue();
  }

  @Test
  void selectorsHaveSortedLabelsAndThenTheExpressions() {
    assertThat(
            first(
                    """
                    ingress:
                      - from:
                          - podSelector:
                              matchLabels: {b: '2', a: '1'}
                              matchExpressions:
                                - {key: z, operator: In, values: [q, x]}
                                - {key: w, operator: NotIn, values: [v]}
                                - {key: u, operator: Exists}
                                - {key: t, operator: DoesNotExist}
                    """)
                .source()
                .selector())
        .isEqualTo(
            PODS
                + " && a == '1' && b == '2'"
                + " && z in { 'q', 'x' } && w not in { 'v' } && has(u) && ! has(t)");
  }

  @Test
  void aNamespaceIsItsPods() {
    var all = first("ingress: [{from: [{namespaceSelector: {}}]}]").source();
    assertThat(all.selector()).isEqualTo(PODS);
    assertThat(all.namespaceSelector()).contains("all()");
    var some = first("ingress: [{from: [{namespaceSelector: {matchLabels: {a: b}}}]}]").source();
    assertThat(some.selector()).isEqualTo(PODS);
    assertThat(some.namespaceSelector()).contains("a == 'b'");
    assertThat(first("ingress: [{from: [{podSelector: {}}]}]").source().namespaceSelector())
        .isEmpty();
  }

  @Test
  void aBlockHasNetsAndExceptions() {
    var source =
        first("ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16]}}]}]").source();
    assertThat(source.nets()).containsExactly(Prefix.of("10.0.0.0/8"));
    assertThat(source.notNets()).containsExactly(Prefix.of("10.1.0.0/16"));
    assertThat(source.selector()).isEmpty();
  }

  @Test
  void aPeerIsABlockOrPods() {
    assertThat(
            load("ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8}, podSelector: {}}]}]").problems())
        .containsExactly(
            "p.yaml:6: spec.ingress[0].from[0].ipBlock: may not be specified when podSelector or"
                + " namespaceSelector is");
    assertThat(load("ingress: [{from: [{}]}]").problems())
        .containsExactly(
            "p.yaml:6: spec.ingress[0].from[0].ipBlock: or podSelector or namespaceSelector is"
                + " required");
  }

  @Test
  void thereIsARuleForEachProtocolAndPeer() {
    var rules =
        policy(
                """
                ingress:
                  - from: [{podSelector: {}}, {podSelector: {matchLabels: {a: b}}}]
                    ports: [{port: 53, protocol: UDP}, {port: 53}, {port: 80}]
                """)
            .ingress();
    assertThat(rules.stream().map(r -> r.protocol().orElseThrow().text()))
        .containsExactly("tcp", "tcp", "udp", "udp");
  }

  @Test
  void noPortsMeanNoProtocol() {
    var rule = first("ingress: [{}]");
    assertThat(rule.protocol()).isEmpty();
    assertThat(rule.source()).isEqualTo(PolicyRule.Peer.ANY);
  }

  @Test
  void aPortWithoutNumberIsAllOfItsProtocol() {
    assertThat(first("ingress: [{ports: [{port: 80}, {protocol: TCP}]}]").destination().ports())
        .isEmpty();
  }

  @Test
  void portsThatTouchBecomeRanges() {
    assertThat(
            first(
                    """
                    ingress:
                      - ports: [{port: 82}, {port: http}, {port: 80}, {port: 443}, {port: 81}, {port: 80}]
                    """)
                .destination()
                .ports())
        .containsExactly(
            new RulePort.Named("http"),
            new RulePort.Numbered(new PortRange(80, 82)),
            RulePort.of(443));
  }

  @Test
  void egressLooksAtTheOtherEnd() {
    var rule =
        policy("egress: [{to: [{podSelector: {matchLabels: {app: db}}}], ports: [{port: 80}]}]")
            .egress()
            .getFirst();
    assertThat(rule.destination().selector()).contains("app == 'db'");
    assertThat(rule.destination().ports()).containsExactly(RulePort.of(80));
    assertThat(rule.source()).isEqualTo(PolicyRule.Peer.ANY);
  }
}
