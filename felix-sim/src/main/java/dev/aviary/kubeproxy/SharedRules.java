package dev.aviary.kubeproxy;

import static dev.aviary.kubeproxy.RuleWords.DESTINATION_LOCAL;
import static dev.aviary.kubeproxy.RuleWords.NODE_PORTS;
import static dev.aviary.kubeproxy.RuleWords.SERVICES;
import static dev.aviary.kubeproxy.RuleWords.comment;

import dev.aviary.kubeproxy.PortRules.Line;
import dev.aviary.net.IpAddress;
import dev.aviary.net.IpFamily;
import java.util.ArrayList;
import java.util.List;

/** The rules that are there whatever the services are. */
final class SharedRules {
  static final String POSTROUTING = "KUBE-POSTROUTING";
  static final String MARK_MASQ = "KUBE-MARK-MASQ";
  static final String FIREWALL = "KUBE-FIREWALL";
  static final String FORWARD = "KUBE-FORWARD";
  private static final String LAST =
      comment("kubernetes service nodeports; NOTE: this must be the last rule in this chain");
  private static final String LOCALNET =
      comment("block incoming localnet connections")
          + " -d 127.0.0.0/8 ! -s 127.0.0.0/8"
          + " -m conntrack ! --ctstate RELATED,ESTABLISHED,DNAT -j DROP";

  private final KubeProxyConfig config;
  private final KubeProxyVersion version;
  private final List<IpAddress> nodePortAddresses;

  /** {@code addresses} are the host's. */
  SharedRules(KubeProxyConfig config, List<IpAddress> addresses) {
    this.config = config;
    this.version = config.version();
    nodePortAddresses =
        addresses.stream()
            .filter(a -> a.family() == config.family())
            .filter(a -> config.nodePortAddresses().stream().anyMatch(net -> net.contains(a)))
            .filter(a -> !isExcluded(a))
            .toList();
  }

  private boolean isExcluded(IpAddress address) {
    return version.atLeast(26)
        && address.isLoopback()
        && (config.family() == IpFamily.IPV6 || !config.localhostNodePorts());
  }

  /** False if node ports are served nowhere. */
  boolean hasNodeAddress() {
    return config.nodePortsEverywhere() || !nodePortAddresses.isEmpty();
  }

  List<String> filterChains() {
    var chains = new ArrayList<String>();
    chains.add(SERVICES);
    chains.add(RuleWords.EXTERNAL_SERVICES);
    chains.add(FORWARD);
    if (version.atLeast(21)) {
      chains.add(NODE_PORTS);
    }
    if (version.atLeast(25)) {
      chains.add(RuleWords.PROXY_FIREWALL);
    }
    if (protectsLocalnet()) {
      chains.add(FIREWALL);
    }
    return chains;
  }

  static List<String> natChains() {
    return List.of(SERVICES, NODE_PORTS, POSTROUTING, MARK_MASQ);
  }

  /** From 1.27 on this was no longer kubelet's business alone. */
  boolean protectsLocalnet() {
    return version.atLeast(27)
        && config.family() == IpFamily.IPV4
        && config.localhostNodePorts()
        && (config.nodePortsEverywhere()
            || config.nodePortAddresses().stream().anyMatch(n -> n.address().isLoopback()));
  }

  List<Line> filterStart() {
    return protectsLocalnet() ? List.of(new Line(FIREWALL, LOCALNET)) : List.of();
  }

  List<Line> filterEnd() {
    var rules = new ArrayList<Line>();
    if (!(version.atLeast(29) && config.conntrackLiberal())) {
      rules.add(new Line(FORWARD, "-m conntrack --ctstate INVALID -j DROP"));
    }
    var mark = config.mark();
    rules.add(
        new Line(
            FORWARD,
            comment("kubernetes forwarding rules")
                + " -m mark --mark "
                + mark
                + "/"
                + mark
                + " -j ACCEPT"));
    if (version.atLeast(23)) {
      rules.add(established("kubernetes forwarding conntrack rule"));
    } else {
      rules.add(established("kubernetes forwarding conntrack pod source rule"));
      rules.add(established("kubernetes forwarding conntrack pod destination rule"));
    }
    return rules;
  }

  private static Line established(String comment) {
    return new Line(
        FORWARD, comment(comment) + " -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT");
  }

  List<Line> natStart() {
    var mark = config.mark();
    var masquerade = "-j MASQUERADE" + (config.randomFully() ? " --random-fully" : "");
    var snat = comment("kubernetes service traffic requiring SNAT");
    if (!version.isLate18()) {
      return List.of(
          new Line(POSTROUTING, snat + " -m mark --mark " + mark + "/" + mark + " " + masquerade),
          new Line(MARK_MASQ, "-j MARK --set-xmark " + mark + "/" + mark));
    }
    return List.of(
        new Line(POSTROUTING, "-m mark ! --mark " + mark + "/" + mark + " -j RETURN"),
        new Line(POSTROUTING, "-j MARK --xor-mark " + mark),
        new Line(POSTROUTING, snat + " " + masquerade),
        new Line(MARK_MASQ, "-j MARK --or-mark " + mark));
  }

  /** The way to the node ports: last in KUBE-SERVICES. */
  List<Line> natEnd() {
    if (config.nodePortsEverywhere()) {
      var rule = new StringBuilder(LAST).append(' ').append(DESTINATION_LOCAL);
      if (version.atLeast(26) && config.family() == IpFamily.IPV6) {
        rule.append(" ! -d ::1/128");
      } else if (version.atLeast(26) && !config.localhostNodePorts()) {
        rule.append(" ! -d 127.0.0.0/8");
      }
      return List.of(new Line(SERVICES, rule.append(" -j ").append(NODE_PORTS).toString()));
    }
    return nodePortAddresses.stream()
        .map(address -> new Line(SERVICES, LAST + " -d " + address + " -j " + NODE_PORTS))
        .toList();
  }
}
