package dev.aviary.felix.calc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aviary.felix.calc.KubernetesPolicy.LabelSelector;
import dev.aviary.felix.calc.KubernetesPolicy.Operator;
import dev.aviary.felix.calc.KubernetesPolicy.PolicyPeer;
import dev.aviary.felix.calc.KubernetesPolicy.PolicyPort;
import dev.aviary.felix.calc.KubernetesPolicy.Requirement;
import dev.aviary.felix.calc.KubernetesPolicy.Rule;
import dev.aviary.felix.calc.PolicyRule.RulePort;
import dev.aviary.net.Prefix;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class KubernetesPolicyConversionTest {
  private static final LabelSelector WEB = new LabelSelector(Map.of("app", "web"), List.of());

  private static Policy ingress(Rule... rules) {
    return KubernetesPolicyConversion.convert(
        new KubernetesPolicy("ns", "p", WEB, true, false, List.of(rules), List.of()));
  }

  private static PolicyPort port(Protocol protocol, RulePort port) {
    return new PolicyPort(protocol, Optional.of(port));
  }

  private static PolicyPeer pods(LabelSelector pods) {
    return new PolicyPeer.Pods(Optional.of(pods), Optional.empty());
  }

  @Test
  void namesAndOrdersIt() {
    var policy = ingress();
    assertThat(policy.name()).isEqualTo("ns/knp.default.p");
    assertThat(policy.order()).hasValue(1000);
    assertThat(policy.governsIngress()).isTrue();
    assertThat(policy.governsEgress()).isFalse();
    assertThat(policy.applyOnForward()).isTrue();
  }

  @Test
  void selectorsHaveSortedLabelsAndThenTheExpressions() {
    var selector =
        new LabelSelector(
            Map.of("b", "2", "a", "1"),
            List.of(
                new Requirement("z", Operator.IN, List.of("y", "x")),
                new Requirement("w", Operator.NOT_IN, List.of("v")),
                new Requirement("u", Operator.EXISTS, List.of()),
                new Requirement("t", Operator.DOES_NOT_EXIST, List.of())));
    var policy = ingress(new Rule(List.of(pods(selector)), List.of()));
    assertThat(policy.ingress().getFirst().source().selector())
        .isEqualTo(
            "projectcalico.org/orchestrator == 'k8s' && a == '1' && b == '2'"
                + " && z in { 'y', 'x' } && w not in { 'v' } && has(u) && ! has(t)");
  }

  @Test
  void anEmptyNamespaceSelectorSelectsAll() {
    var peer = new PolicyPeer.Pods(Optional.empty(), Optional.of(LabelSelector.ALL));
    var source = ingress(new Rule(List.of(peer), List.of())).ingress().getFirst().source();
    assertThat(source.selector()).isEqualTo("projectcalico.org/orchestrator == 'k8s'");
    assertThat(source.namespaceSelector()).contains("all()");
  }

  @Test
  void aBlockHasNetsAndExceptions() {
    var block = new PolicyPeer.IpBlock(Prefix.of("10.0.0.0/8"), List.of(Prefix.of("10.1.0.0/16")));
    var source = ingress(new Rule(List.of(block), List.of())).ingress().getFirst().source();
    assertThat(source.nets()).containsExactly(Prefix.of("10.0.0.0/8"));
    assertThat(source.notNets()).containsExactly(Prefix.of("10.1.0.0/16"));
    assertThat(source.selector()).isEmpty();
  }

  @Test
  void thereIsARuleForEachProtocolAndPeer() {
    var rule =
        new Rule(
            List.of(pods(WEB), pods(LabelSelector.ALL)),
            List.of(
                port(Protocol.UDP, RulePort.of(53)),
                port(Protocol.TCP, RulePort.of(53)),
                port(Protocol.TCP, RulePort.of(80))));
    assertThat(ingress(rule).ingress().stream().map(r -> r.protocol().orElseThrow().text()))
        .containsExactly("tcp", "tcp", "udp", "udp");
  }

  @Test
  void noPortsMeanNoProtocol() {
    var rule = ingress(new Rule(List.of(), List.of())).ingress().getFirst();
    assertThat(rule.protocol()).isEmpty();
    assertThat(rule.source()).isEqualTo(PolicyRule.Peer.ANY);
  }

  @Test
  void aPortWithoutNumberIsAllOfItsProtocol() {
    var rule =
        new Rule(
            List.of(),
            List.of(
                port(Protocol.TCP, RulePort.of(80)),
                new PolicyPort(Protocol.TCP, Optional.empty())));
    assertThat(ingress(rule).ingress().getFirst().destination().ports()).isEmpty();
  }

  @Test
  void portsThatTouchBecomeRanges() {
    var ports =
        Stream.of(82, 80, 443, 81, 80)
            .map(p -> port(Protocol.TCP, RulePort.of(p)))
            .collect(Collectors.toCollection(ArrayList::new));
    ports.add(1, port(Protocol.TCP, new RulePort.Named("http")));
    assertThat(ingress(new Rule(List.of(), ports)).ingress().getFirst().destination().ports())
        .containsExactly(
            new RulePort.Named("http"),
            new RulePort.Numbered(new PortRange(80, 82)),
            RulePort.of(443));
  }

  @Test
  void egressLooksAtTheOtherEnd() {
    var policy =
        KubernetesPolicyConversion.convert(
            new KubernetesPolicy(
                "ns",
                "p",
                WEB,
                false,
                true,
                List.of(),
                List.of(
                    new Rule(List.of(pods(WEB)), List.of(port(Protocol.TCP, RulePort.of(80)))))));
    var rule = policy.egress().getFirst();
    assertThat(rule.destination().selector()).contains("app == 'web'");
    assertThat(rule.destination().ports()).containsExactly(RulePort.of(80));
    assertThat(rule.source()).isEqualTo(PolicyRule.Peer.ANY);
  }
}
