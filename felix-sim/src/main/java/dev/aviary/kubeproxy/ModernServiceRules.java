package dev.aviary.kubeproxy;

import static dev.aviary.kubeproxy.RuleWords.DROP_LATER;
import static dev.aviary.kubeproxy.RuleWords.EXTERNAL_SERVICES;
import static dev.aviary.kubeproxy.RuleWords.MASQUERADE;
import static dev.aviary.kubeproxy.RuleWords.NODE_PORTS;
import static dev.aviary.kubeproxy.RuleWords.PROXY_FIREWALL;
import static dev.aviary.kubeproxy.RuleWords.SERVICES;
import static dev.aviary.kubeproxy.RuleWords.SOURCE_LOCAL;
import static dev.aviary.kubeproxy.RuleWords.comment;
import static dev.aviary.kubeproxy.RuleWords.jump;
import static dev.aviary.kubeproxy.RuleWords.plainComment;
import static dev.aviary.kubeproxy.RuleWords.protocol;
import static dev.aviary.kubeproxy.RuleWords.to;

import java.util.List;
import java.util.function.Function;

/**
 * 1.24 and later: KUBE-SVC over all endpoints, KUBE-SVL over local ones, KUBE-EXT before either for
 * what comes from outside. 1.24 still drops by mark; later ones drop in the filter table.
 */
final class ModernServiceRules extends ServiceRules {
  private final String cluster = chain("SVC");
  private final String localOnly = chain("SVL");
  private final String external = chain("EXT");
  private final String firewall = chain("FW");
  private final String internalTarget;
  private final String externalTarget;
  private final boolean hasInternal;
  private final boolean hasExternal;

  ModernServiceRules(ServicePort port, Setting setting) {
    super(port, setting);
    boolean internalLocal = EndpointChoice.isInternalLocal(port, setting.config());
    boolean noLocal = choice.local().isEmpty() && version.atLeast(25);
    internalTarget = internalLocal ? localOnly : cluster;
    externalTarget = port.externalLocal() ? localOnly : cluster;
    hasInternal = choice.usable() && !(internalLocal && noLocal);
    hasExternal = choice.usable() && !(port.externalLocal() && noLocal);
  }

  @Override
  void write() {
    if (!version.atLeast(25)) {
      endpointChains(choice.reachable());
      declareTargets();
      externalChain();
      masqueradeInternal();
    }
    clusterIp();
    port.externalIps().forEach(this::externalIp);
    loadBalancer();
    nodePort();
    healthCheck();
    if (version.atLeast(25)) {
      declareTargets();
      masqueradeInternal();
      externalChain();
      firewallChain();
    }
    Function<Endpoint, String> arrow = e -> ifSmall(comment(name + " -> " + e.text()));
    targets(cluster, choice.cluster(), arrow);
    targets(localOnly, choice.local(), arrow);
    if (version.atLeast(25)) {
      endpointChains(choice.reachable());
    } else if (choice.usesLocal() && choice.usable() && choice.local().isEmpty()) {
      rules.nat(localOnly, comment(name + " has no local endpoints"), DROP_LATER);
    }
  }

  private void declareTargets() {
    // Since 1.25 a chain is only there if it has endpoints to choose from.
    boolean evenEmpty = !version.atLeast(25) && choice.usable();
    if (!choice.cluster().isEmpty() || (evenEmpty && choice.usesCluster())) {
      rules.declare(cluster);
    }
    if (!choice.local().isEmpty() || (evenEmpty && choice.usesLocal())) {
      rules.declare(localOnly);
    }
  }

  private void targets(String chain, List<Endpoint> endpoints, Function<Endpoint, String> comment) {
    if (!endpoints.isEmpty()) {
      affinity(chain, endpoints, comment);
      balance(chain, endpoints, comment);
    }
  }

  /** What becomes of traffic that no endpoint can take. */
  private void deny(String chain, String before, String destination) {
    rules.filter(
        chain,
        comment(name + (choice.usable() ? " has no local endpoints" : " has no endpoints")),
        before,
        protocol(port),
        destination,
        choice.usable() ? "-j DROP" : "-j REJECT");
  }

  private String match(String what, String destination) {
    return comment(name + " " + what) + " " + protocol(port) + " " + destination;
  }

  private String clusterMatch() {
    return match("cluster IP", to(port.clusterIp(), port.port().port(), version));
  }

  private void clusterIp() {
    if (hasInternal) {
      rules.nat(SERVICES, clusterMatch(), jump(internalTarget));
    } else {
      deny(SERVICES, "", to(port.clusterIp(), port.port().port(), version));
    }
  }

  private void masqueradeInternal() {
    if (!hasInternal) {
      return;
    }
    if (setting.config().masqueradeAll()) {
      rules.nat(internalTarget, clusterMatch(), MASQUERADE);
    } else if (!notLocal().isEmpty()) {
      rules.nat(internalTarget, clusterMatch(), notLocal(), MASQUERADE);
    }
  }

  private void externalIp(String ip) {
    var destination = to(ip, port.port().port(), version);
    if (choice.usable()) {
      rules.nat(SERVICES, match("external IP", destination), jump(external));
    }
    if (!hasExternal) {
      deny(EXTERNAL_SERVICES, "", destination);
    }
  }

  private void loadBalancer() {
    boolean ranges = !port.sourceRanges().isEmpty();
    for (var ip : port.loadBalancerIps()) {
      var destination = to(ip, port.port().port(), version);
      if (!choice.usable()) {
        continue;
      }
      rules.nat(
          SERVICES, match("loadbalancer IP", destination), jump(ranges ? firewall : external));
      if (ranges && version.atLeast(25)) {
        rules.filter(
            PROXY_FIREWALL,
            comment(name + " traffic not accepted by " + firewall),
            protocol(port),
            destination,
            "-j DROP");
      } else if (ranges) {
        firewallChain();
      }
    }
    if (!hasExternal) {
      for (var ip : port.loadBalancerIps()) {
        deny(EXTERNAL_SERVICES, "", to(ip, port.port().port(), version));
      }
    }
  }

  private void nodePort() {
    if (port.nodePort() == 0 || (!version.atLeast(27) && !setting.hasNodeAddress())) {
      return;
    }
    var destination = "--dport " + port.nodePort();
    if (choice.usable()) {
      rules.nat(NODE_PORTS, plainComment(name), protocol(port), destination, jump(external));
    }
    if (!hasExternal) {
      deny(EXTERNAL_SERVICES, RuleWords.DESTINATION_LOCAL, destination);
    }
  }

  private void externalChain() {
    if (!choice.usable() || !port.isExternal()) {
      return;
    }
    rules.declare(external);
    var destinations = name + " external destinations";
    if (port.externalLocal()) {
      if (!local().isEmpty()) {
        rules.nat(external, comment("pod traffic for " + destinations), local(), jump(cluster));
      }
      rules.nat(
          external,
          comment("masquerade LOCAL traffic for " + destinations),
          SOURCE_LOCAL,
          MASQUERADE);
      rules.nat(
          external,
          comment("route LOCAL traffic for " + destinations),
          SOURCE_LOCAL,
          jump(cluster));
    } else {
      rules.nat(external, comment("masquerade traffic for " + destinations), MASQUERADE);
    }
    if (hasExternal) {
      rules.nat(external, jump(externalTarget));
    }
  }

  private void firewallChain() {
    if (!choice.usable() || port.loadBalancerIps().isEmpty() || port.sourceRanges().isEmpty()) {
      return;
    }
    rules.declare(firewall);
    var comment = comment(name + " loadbalancer IP");
    for (var range : port.sourceRanges()) {
      rules.nat(firewall, comment, "-s " + range, jump(external));
    }
    if (nodeIsInSourceRanges()) {
      for (var ip : port.loadBalancerIps()) {
        rules.nat(firewall, comment, "-s " + ip, jump(external));
      }
    }
    if (!version.atLeast(25)) {
      rules.nat(firewall, comment, DROP_LATER);
    } else if (version.atLeast(27)) {
      rules.nat(
          firewall,
          comment("other traffic to " + name + " will be dropped by KUBE-PROXY-FIREWALL"));
    }
  }
}
