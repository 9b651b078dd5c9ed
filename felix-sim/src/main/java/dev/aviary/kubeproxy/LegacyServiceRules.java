package dev.aviary.kubeproxy;

import static dev.aviary.kubeproxy.RuleWords.DROP_LATER;
import static dev.aviary.kubeproxy.RuleWords.EXTERNAL_SERVICES;
import static dev.aviary.kubeproxy.RuleWords.MASQUERADE;
import static dev.aviary.kubeproxy.RuleWords.NODE_PORTS;
import static dev.aviary.kubeproxy.RuleWords.SERVICES;
import static dev.aviary.kubeproxy.RuleWords.SOURCE_LOCAL;
import static dev.aviary.kubeproxy.RuleWords.address;
import static dev.aviary.kubeproxy.RuleWords.comment;
import static dev.aviary.kubeproxy.RuleWords.jump;
import static dev.aviary.kubeproxy.RuleWords.plainComment;
import static dev.aviary.kubeproxy.RuleWords.protocol;
import static dev.aviary.kubeproxy.RuleWords.to;

/** 1.18 to 1.23: one chain a service port, and KUBE-XLB where only local endpoints may answer. */
final class LegacyServiceRules extends ServiceRules {
  private final String service = chain("SVC");
  private final String externalLocal = chain("XLB");

  LegacyServiceRules(ServicePort port, Setting setting) {
    super(port, setting);
  }

  @Override
  void write() {
    if (version.atLeast(23)) {
      endpointChains(choice.reachable());
    }
    if (choice.usable()) {
      rules.declare(service);
    }
    if (port.externalLocal()) {
      rules.declare(externalLocal);
    }
    clusterIp();
    port.externalIps().forEach(this::externalIp);
    port.loadBalancerIps().forEach(this::loadBalancerIp);
    nodePort();
    healthCheck();
    if (choice.usable()) {
      balancing();
      if (port.externalLocal()) {
        localOnly();
      }
    }
  }

  /** Since 1.22 a service's masquerade rules are in its own chain. */
  private String masqueradeChain(String before) {
    return version.atLeast(22) ? service : before;
  }

  private void clusterIp() {
    var destination = to(port.clusterIp(), port.port().port(), version);
    if (!choice.usable()) {
      reject(SERVICES, "", destination);
      return;
    }
    var match = match("cluster IP", destination);
    if (setting.config().masqueradeAll()) {
      rules.nat(masqueradeChain(SERVICES), match, MASQUERADE);
    } else if (!notLocal().isEmpty()) {
      rules.nat(masqueradeChain(SERVICES), match, notLocal(), MASQUERADE);
    }
    rules.nat(SERVICES, match, jump(service));
  }

  private String match(String what, String destination) {
    return comment(name + " " + what) + " " + protocol(port) + " " + destination;
  }

  private void reject(String chain, String before, String destination) {
    rules.filter(
        chain,
        comment(name + " has no endpoints"),
        before,
        protocol(port),
        destination,
        "-j REJECT");
  }

  private void externalIp(String ip) {
    var destination = to(ip, port.port().port(), version);
    if (!choice.usable()) {
      reject(EXTERNAL_SERVICES, "", destination);
      return;
    }
    var match = match("external IP", destination);
    if (!port.externalLocal()) {
      rules.nat(
          masqueradeChain(SERVICES), match, version.atLeast(21) ? notLocal() : "", MASQUERADE);
    }
    var target = jump(port.externalLocal() ? externalLocal : service);
    if (version.atLeast(21)) {
      rules.nat(SERVICES, match, target);
    } else {
      // Neither from a bridge nor from this host, or else to an address of this host.
      rules.nat(
          SERVICES, match, "-m physdev ! --physdev-is-in -m addrtype ! --src-type LOCAL", target);
      rules.nat(SERVICES, match, RuleWords.DESTINATION_LOCAL, target);
    }
  }

  private void loadBalancerIp(String ip) {
    var destination = to(ip, port.port().port(), version);
    if (!choice.usable()) {
      reject(EXTERNAL_SERVICES, "", destination);
      return;
    }
    var firewall = chain("FW");
    rules.declare(firewall);
    rules.nat(SERVICES, match("loadbalancer IP", destination), jump(firewall));
    var comment = comment(name + " loadbalancer IP");
    if (!port.externalLocal()) {
      rules.nat(firewall, comment, MASQUERADE);
    }
    var target = jump(port.externalLocal() ? externalLocal : service);
    if (port.sourceRanges().isEmpty()) {
      rules.nat(firewall, comment, target);
    } else {
      for (var range : port.sourceRanges()) {
        rules.nat(firewall, comment, "-s " + range, target);
      }
      if (nodeIsInSourceRanges()) {
        rules.nat(firewall, comment, "-s " + address(ip, version), target);
      }
    }
    rules.nat(firewall, comment, DROP_LATER);
  }

  private void nodePort() {
    if (port.nodePort() == 0 || !setting.hasNodeAddress()) {
      return;
    }
    var destination = "--dport " + port.nodePort();
    if (!choice.usable()) {
      reject(EXTERNAL_SERVICES, RuleWords.DESTINATION_LOCAL, destination);
      return;
    }
    var match = plainComment(name) + " " + protocol(port) + " " + destination;
    if (port.externalLocal()) {
      var loopback = RuleWords.loopback(setting.config().family());
      rules.nat(NODE_PORTS, match, "-s " + loopback, MASQUERADE);
      rules.nat(NODE_PORTS, match, jump(externalLocal));
    } else {
      rules.nat(masqueradeChain(NODE_PORTS), match, MASQUERADE);
      rules.nat(NODE_PORTS, match, jump(service));
    }
  }

  private void balancing() {
    var comment = ifSmall(plainComment(name));
    var ready = choice.cluster();
    if (version.atLeast(23)) {
      affinity(service, ready, _ -> comment);
      balance(service, ready, _ -> comment);
    } else if (version.atLeast(22)) {
      affinity(service, choice.all(), _ -> comment);
      balance(service, ready, _ -> comment);
      endpointChains(choice.all());
    } else {
      affinity(service, ready, _ -> comment);
      for (int i = 0; i < ready.size(); i++) {
        balance(service, ready, i, comment);
        endpointChain(ready.get(i));
      }
    }
  }

  private void localOnly() {
    if (!local().isEmpty()) {
      rules.nat(
          externalLocal,
          comment("Redirect pods trying to reach external loadbalancer VIP to clusterIP"),
          local(),
          jump(service));
    }
    rules.nat(
        externalLocal,
        comment("masquerade LOCAL traffic for " + name + " LB IP"),
        SOURCE_LOCAL,
        MASQUERADE);
    rules.nat(
        externalLocal,
        comment("route LOCAL traffic for " + name + " LB IP to service chain"),
        SOURCE_LOCAL,
        jump(service));
    var local = choice.local();
    if (local.isEmpty()) {
      rules.nat(externalLocal, comment(name + " has no local endpoints"), DROP_LATER);
    } else if (version.atLeast(23)) {
      var comment = ifSmall(plainComment(name));
      affinity(externalLocal, local, _ -> comment);
      balance(externalLocal, local, _ -> comment);
    } else {
      affinity(externalLocal, local, _ -> plainComment(name));
      for (int i = 0; i < local.size(); i++) {
        balance(externalLocal, local, i, comment("Balancing rule " + i + " for " + name));
      }
    }
  }
}
