package dev.aviary.kubeproxy;

import static dev.aviary.kubeproxy.RuleWords.NODE_PORTS;
import static dev.aviary.kubeproxy.RuleWords.comment;
import static dev.aviary.kubeproxy.RuleWords.jump;
import static dev.aviary.kubeproxy.RuleWords.plainComment;
import static dev.aviary.kubeproxy.RuleWords.probability;
import static dev.aviary.kubeproxy.RuleWords.protocol;

import dev.aviary.net.IpAddress;
import dev.aviary.net.Prefix;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The rules of one service port: what both generations of kube-proxy do alike. */
abstract sealed class ServiceRules permits LegacyServiceRules, ModernServiceRules {
  /** All that does not depend on the port. */
  record Setting(
      KubeProxyConfig config, NodeInput node, boolean hasNodeAddress, boolean largeCluster) {}

  final Setting setting;
  final KubeProxyVersion version;
  final ServicePort port;
  final EndpointChoice choice;
  final PortRules.Builder rules = new PortRules.Builder();
  final String name;

  ServiceRules(ServicePort port, Setting setting) {
    this.port = port;
    this.setting = setting;
    this.version = setting.config().version();
    this.choice = EndpointChoice.of(port, setting.config(), setting.node());
    this.name = port.name();
  }

  /** The rules of {@code port} as the configured version writes them. */
  static PortRules of(ServicePort port, Setting setting) {
    var writer =
        setting.config().version().atLeast(24)
            ? new ModernServiceRules(port, setting)
            : new LegacyServiceRules(port, setting);
    writer.write();
    return writer.rules.build();
  }

  abstract void write();

  final String chain(String kind) {
    return "KUBE-" + kind + "-" + port.hash();
  }

  final String local() {
    return setting.config().localTraffic().local();
  }

  final String notLocal() {
    return setting.config().localTraffic().notLocal();
  }

  /** In large clusters the rules that are many have no comments. */
  final String ifSmall(String comment) {
    return setting.largeCluster() ? "" : comment;
  }

  final void healthCheck() {
    if (version.atLeast(21) && port.healthCheckNodePort() != 0) {
      rules.filter(
          NODE_PORTS,
          comment(name + " health check node port"),
          "-m tcp -p tcp --dport " + port.healthCheckNodePort(),
          "-j ACCEPT");
    }
  }

  /** The chain of each of {@code endpoints}. */
  final void endpointChains(List<Endpoint> endpoints) {
    for (var endpoint : endpoints) {
      endpointChain(endpoint);
    }
  }

  final void endpointChain(Endpoint endpoint) {
    var chain = port.endpointChain(endpoint);
    var comment = ifSmall(plainComment(name));
    rules.declare(chain);
    rules.nat(
        chain, comment, "-s " + RuleWords.address(endpoint.ip(), version), RuleWords.MASQUERADE);
    rules.nat(
        chain,
        comment,
        port.affinity().isPresent() ? "-m recent --name " + chain + " --set" : "",
        protocol(port),
        "-j DNAT --to-destination " + endpoint.text());
  }

  /** Sends back those who were at one of {@code endpoints} lately. */
  final void affinity(String chain, List<Endpoint> endpoints, Function<Endpoint, String> comment) {
    if (port.affinity().isEmpty()) {
      return;
    }
    long seconds = port.affinity().get().toSeconds();
    for (var endpoint : endpoints) {
      var target = port.endpointChain(endpoint);
      rules.nat(
          chain,
          comment.apply(endpoint),
          "-m recent --name " + target + " --rcheck --seconds " + seconds + " --reap",
          jump(target));
    }
  }

  /** Spreads connections evenly over {@code endpoints}. */
  final void balance(String chain, List<Endpoint> endpoints, Function<Endpoint, String> comment) {
    int count = endpoints.size();
    for (int i = 0; i < count; i++) {
      balance(chain, endpoints, i, comment.apply(endpoints.get(i)));
    }
  }

  final void balance(String chain, List<Endpoint> endpoints, int i, String comment) {
    int left = endpoints.size() - i;
    rules.nat(
        chain,
        comment,
        left == 1 ? "" : "-m statistic --mode random --probability " + probability(left),
        jump(port.endpointChain(endpoints.get(i))));
  }

  /** True if this node itself is among those who may use the load balancer. */
  final boolean nodeIsInSourceRanges() {
    return setting.node().addresses().stream()
        .map(IpAddress::parse)
        .flatMap(Optional::stream)
        .filter(address -> address.family() == setting.config().family())
        .findFirst()
        .filter(
            address ->
                port.sourceRanges().stream()
                    .map(Prefix::parse)
                    .flatMap(Optional::stream)
                    .anyMatch(range -> range.contains(address)))
        .isPresent();
  }
}
