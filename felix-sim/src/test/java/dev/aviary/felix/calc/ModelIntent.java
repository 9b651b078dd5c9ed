package dev.aviary.felix.calc;

import dev.aviary.felix.calc.ActiveRule.Side;
import dev.aviary.net.IpAddress;
import dev.aviary.net.IpFamily;
import dev.aviary.net.Ipv4Address;
import dev.aviary.net.Prefix;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The abstract cluster of a {@code kernel-golden} scenario, as one node's intent. */
final class ModelIntent {
  private ModelIntent() {}

  static FelixConfig config(JsonNode model) {
    var cluster = model.get("cluster");
    return FelixConfig.of(
        Map.of(
            "defaultEndpointToHostAction", cluster.get("endpoint_to_host").asString(),
            "serviceLoopPrevention", cluster.get("loop").asString()));
  }

  static Intent intent(JsonNode model, String node) {
    var cluster = model.get("cluster");
    var pools = new ArrayList<Pool>();
    cluster
        .get("pools")
        .forEach(
            p ->
                pools.add(
                    Pool.of(Prefix.of(p.get("cidr").asString()), p.get("masquerade").asBoolean())));
    var workloads = new ArrayList<ActiveWorkload>();
    for (var pod : model.get("pods")) {
      if (pod.get("node").asString().equals(node)) {
        workloads.add(
            new ActiveWorkload(
                pod.get("host_if").asString(),
                pod.get("admin_up").asBoolean(),
                List.of(IpAddress.of(pod.get("ip").asString()).toPrefix()),
                List.of(),
                names(pod, "ingress", "egress"),
                texts(pod, "profiles")));
      }
    }
    var hosts = new ArrayList<ActiveHostEndpoint>();
    model
        .get("nodes")
        .get(node)
        .get("heps")
        .properties()
        .forEach(
            hep ->
                hosts.add(
                    new ActiveHostEndpoint(
                        hep.getKey(),
                        names(hep.getValue(), "ingress", "egress"),
                        names(hep.getValue(), "fwd_ingress", "fwd_egress"),
                        names(hep.getValue(), "prednat", "none"),
                        names(hep.getValue(), "untracked_in", "untracked_out"),
                        texts(hep.getValue(), "profiles"))));
    return new Intent(
        node,
        List.of(Host.of(node, Ipv4Address.of(model.get("nodes").get(node).get("ip").asString()))),
        pools,
        List.of(),
        workloads,
        hosts,
        policies(cluster.get("policies")),
        policies(cluster.get("profiles")),
        sets(cluster.get("ipsets")),
        texts(cluster, "block_cidrs").stream().map(Prefix::of).toList());
  }

  private static List<IpSet> sets(JsonNode sets) {
    var result = new ArrayList<IpSet>();
    sets.properties()
        .forEach(
            set -> {
              var type =
                  set.getValue().get(0).asString().equals("hash:net")
                      ? IpSet.Type.HASH_NET
                      : IpSet.Type.HASH_IP_PORT;
              var members =
                  StreamSupport.stream(set.getValue().get(1).spliterator(), false)
                      .map(JsonNode::asString)
                      .toList();
              result.add(IpSet.of(IpFamily.IPV4, set.getKey(), type, members));
            });
    return result;
  }

  private static List<ActivePolicy> policies(JsonNode policies) {
    var result = new ArrayList<ActivePolicy>();
    policies
        .properties()
        .forEach(
            policy ->
                result.add(
                    new ActivePolicy(
                        policy.getKey(),
                        rules(policy.getValue().get("ingress")),
                        rules(policy.getValue().get("egress")))));
    return result;
  }

  private static List<ActiveRule> rules(@Nullable JsonNode rules) {
    var result = new ArrayList<ActiveRule>();
    if (rules != null) {
      rules.forEach(rule -> result.add(rule(rule)));
    }
    return result;
  }

  private static ActiveRule rule(JsonNode rule) {
    return new ActiveRule(
        RuleAction.valueOf(rule.get("action").asString().toUpperCase(Locale.ROOT)),
        Optional.empty(),
        protocol(rule, "protocol"),
        protocol(rule, "not_protocol"),
        side(rule, "src"),
        side(rule, "dst"),
        icmp(rule, "icmp"),
        icmp(rule, "not_icmp"),
        Map.of());
  }

  private static Optional<Protocol> protocol(JsonNode rule, String key) {
    return Optional.ofNullable(rule.get(key)).map(p -> new Protocol(p.asString()));
  }

  private static Optional<Icmp> icmp(JsonNode rule, String key) {
    return Optional.ofNullable(rule.get(key + "_type"))
        .map(
            type ->
                rule.has(key + "_code")
                    ? Icmp.of(type.asInt(), rule.get(key + "_code").asInt())
                    : Icmp.of(type.asInt()));
  }

  private static Side side(JsonNode rule, String end) {
    return new Side(
        nets(rule, end + "_nets"),
        nets(rule, "not_" + end + "_nets"),
        ports(rule, end + "_ports"),
        ports(rule, "not_" + end + "_ports"),
        texts(rule, end + "_sets"),
        texts(rule, "not_" + end + "_sets"),
        texts(rule, end + "_port_sets"),
        texts(rule, "not_" + end + "_port_sets"),
        List.of());
  }

  private static List<Prefix> nets(JsonNode rule, String key) {
    return texts(rule, key).stream().map(Prefix::of).toList();
  }

  private static List<PortRange> ports(JsonNode rule, String key) {
    return texts(rule, key).stream()
        .map(text -> text.split(":", -1))
        .map(
            ends ->
                new PortRange(Integer.parseInt(ends[0]), Integer.parseInt(ends[ends.length - 1])))
        .toList();
  }

  private static PolicyNames names(JsonNode endpoint, String ingress, String egress) {
    return new PolicyNames(texts(endpoint, ingress), texts(endpoint, egress));
  }

  private static List<String> texts(JsonNode node, String key) {
    var texts = new ArrayList<String>();
    if (node.has(key)) {
      node.get(key).forEach(text -> texts.add(text.asString()));
    }
    return texts;
  }
}
