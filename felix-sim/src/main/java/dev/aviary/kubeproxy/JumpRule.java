package dev.aviary.kubeproxy;

import static dev.aviary.kubeproxy.RuleWords.EXTERNAL_SERVICES;
import static dev.aviary.kubeproxy.RuleWords.NODE_PORTS;
import static dev.aviary.kubeproxy.RuleWords.PROXY_FIREWALL;
import static dev.aviary.kubeproxy.RuleWords.SERVICES;
import static dev.aviary.kubeproxy.RuleWords.comment;

import java.util.ArrayList;
import java.util.List;

/** A rule that leads from a built-in chain into one of kube-proxy's or kubelet's. */
record JumpRule(String table, String from, String match, String target) {
  private static final String NEW = "-m conntrack --ctstate NEW ";
  private static final String PORTALS = comment("kubernetes service portals");
  private static final String EXTERNAL = comment("kubernetes externally-visible service portals");
  private static final String LOAD_BALANCER = comment("kubernetes load balancer firewall");

  /** What follows {@code -A chain}; iptables-save prints it in the same words. */
  String rule() {
    return (match.isEmpty() ? "" : match + " ") + "-j " + target;
  }

  /** kube-proxy's, in the order in which it sees to them: each goes in front of the ones before. */
  static List<JumpRule> of(KubeProxyConfig config, boolean protectsLocalnet) {
    var version = config.version();
    var rules = new ArrayList<JumpRule>();
    rules.add(new JumpRule("filter", "INPUT", NEW + EXTERNAL, EXTERNAL_SERVICES));
    if (version.isLate18()) {
      rules.add(new JumpRule("filter", "FORWARD", NEW + EXTERNAL, EXTERNAL_SERVICES));
    } else {
      rules.add(new JumpRule("filter", "INPUT", NEW + PORTALS, SERVICES));
    }
    if (version.atLeast(21)) {
      rules.add(
          new JumpRule(
              "filter", "INPUT", comment("kubernetes health check service ports"), NODE_PORTS));
    }
    rules.add(new JumpRule("filter", "FORWARD", NEW + PORTALS, SERVICES));
    rules.add(new JumpRule("filter", "OUTPUT", NEW + PORTALS, SERVICES));
    rules.add(
        new JumpRule(
            "filter", "FORWARD", comment("kubernetes forwarding rules"), SharedRules.FORWARD));
    if (version.atLeast(25)) {
      for (var from : List.of("INPUT", "OUTPUT", "FORWARD")) {
        rules.add(new JumpRule("filter", from, NEW + LOAD_BALANCER, PROXY_FIREWALL));
      }
    }
    rules.add(new JumpRule("nat", "OUTPUT", PORTALS, SERVICES));
    rules.add(new JumpRule("nat", "PREROUTING", PORTALS, SERVICES));
    rules.add(
        new JumpRule(
            "nat",
            "POSTROUTING",
            comment("kubernetes postrouting rules"),
            SharedRules.POSTROUTING));
    if (protectsLocalnet) {
      rules.add(new JumpRule("filter", "INPUT", "", SharedRules.FIREWALL));
      rules.add(new JumpRule("filter", "OUTPUT", "", SharedRules.FIREWALL));
    }
    return rules;
  }
}
