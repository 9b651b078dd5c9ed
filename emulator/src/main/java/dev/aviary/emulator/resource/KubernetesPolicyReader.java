package dev.aviary.emulator.resource;

import dev.aviary.emulator.resource.NetworkPolicyResource.Action;
import dev.aviary.emulator.resource.NetworkPolicyResource.Entity;
import dev.aviary.emulator.resource.NetworkPolicyResource.Origin;
import dev.aviary.emulator.resource.NetworkPolicyResource.Rule;
import dev.aviary.net.Prefix;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/** Reads Kubernetes' NetworkPolicy and converts it as Calico does: selectors become texts. */
final class KubernetesPolicyReader {
  private static final double ORDER = 1000.0;
  private static final String WORKLOADS = "projectcalico.org/orchestrator == 'k8s'";

  private KubernetesPolicyReader() {}

  static NetworkPolicyResource read(Fields fields, Resource.Source source) {
    var metadata = Metadata.read(fields, true);
    var spec = fields.object("spec");
    if (!spec.has("podSelector")) {
      spec.problem("podSelector", "is required");
    }
    var types = spec.texts("policyTypes");
    var ingress = rules(spec, "ingress", "from", true);
    var egress = rules(spec, "egress", "to", false);
    var read =
        new NetworkPolicyResource(
            metadata,
            source,
            Origin.KUBERNETES,
            Optional.of(ORDER),
            selector(spec.object("podSelector"), WORKLOADS),
            "",
            "",
            types.isEmpty() || types.contains("Ingress"),
            types.isEmpty() ? !egress.isEmpty() : types.contains("Egress"),
            ingress,
            egress,
            false,
            false,
            true);
    spec.done();
    fields.accept("status");
    return read;
  }

  /** {@code start} and one term per label and expression, joined with "&&". */
  private static String selector(Fields selector, String start) {
    var terms = new ArrayList<String>();
    if (!start.isEmpty()) {
      terms.add(start);
    }
    new TreeMap<>(selector.map("matchLabels"))
        .forEach((key, value) -> terms.add(key + " == '" + value + "'"));
    for (var expression : selector.objects("matchExpressions")) {
      var key = expression.required("key");
      var values =
          expression.texts("values").stream()
              .map(value -> "'" + value + "'")
              .collect(java.util.stream.Collectors.joining(", ", "{ ", " }"));
      switch (expression.required("operator")) {
        case "In" -> terms.add(key + " in " + values);
        case "NotIn" -> terms.add(key + " not in " + values);
        case "Exists" -> terms.add("has(" + key + ")");
        case "DoesNotExist" -> terms.add("! has(" + key + ")");
        default -> expression.problem("operator", "must be one of In, NotIn, Exists, DoesNotExist");
      }
      expression.done();
    }
    selector.done();
    return terms.isEmpty() ? "all()" : String.join(" && ", terms);
  }

  private static List<Rule> rules(Fields spec, String name, String peersName, boolean ingress) {
    var found = new ArrayList<Rule>();
    for (var rule : spec.objects(name)) {
      var peers = new ArrayList<Entity>();
      for (var peer : rule.objects(peersName)) {
        peers.add(peer(peer));
      }
      if (peers.isEmpty()) {
        peers.add(Entity.ANY);
      }
      var byProtocol = ports(rule);
      if (byProtocol.isEmpty()) {
        peers.forEach(peer -> found.add(rule(ingress, peer, Optional.empty(), List.of())));
      }
      byProtocol.forEach(
          (protocol, ports) ->
              peers.forEach(peer -> found.add(rule(ingress, peer, Optional.of(protocol), ports))));
      rule.done();
    }
    return found;
  }

  private static Rule rule(
      boolean ingress, Entity peer, Optional<String> protocol, List<String> ports) {
    var source = ingress ? peer : Entity.ANY;
    var destination = ingress ? Entity.ANY : peer;
    return new Rule(
        Action.ALLOW,
        Optional.empty(),
        protocol,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        source,
        new Entity(
            destination.nets(),
            destination.notNets(),
            destination.selector(),
            destination.notSelector(),
            destination.namespaceSelector(),
            ports,
            List.of(),
            List.of(),
            "",
            Optional.empty()));
  }

  private static Entity peer(Fields peer) {
    var block = peer.object("ipBlock");
    var nets = new ArrayList<Prefix>();
    block.parsed("cidr", Prefix::parse, "a prefix").ifPresent(nets::add);
    var notNets = new ArrayList<Prefix>();
    for (var text : block.texts("except")) {
      Prefix.parse(text)
          .ifPresentOrElse(
              notNets::add, () -> block.problem("except", "'" + text + "' is no prefix"));
    }
    block.done();
    boolean selects = peer.has("podSelector") || peer.has("namespaceSelector");
    if (selects == peer.has("ipBlock")) {
      peer.problem(
          "ipBlock",
          selects
              ? "may not be specified when podSelector or namespaceSelector is"
              : "or podSelector or namespaceSelector is required");
    }
    // Whole namespaces are their pods: a host with an address in them is not meant.
    var pods = selects ? selector(peer.object("podSelector"), WORKLOADS) : "";
    var namespaces =
        peer.has("namespaceSelector") ? selector(peer.object("namespaceSelector"), "") : "";
    peer.done();
    return new Entity(
        nets, notNets, pods, "", namespaces, List.of(), List.of(), List.of(), "", Optional.empty());
  }

  /** Per protocol its ports; an empty list is every port of the protocol. */
  private static Map<String, List<String>> ports(Fields rule) {
    var byProtocol = new TreeMap<String, List<String>>();
    var everyPort = new TreeSet<String>();
    for (var port : rule.objects("ports")) {
      var protocol = Protocol.read(port, "protocol").name();
      var ports = byProtocol.computeIfAbsent(protocol, _ -> new ArrayList<>());
      var text = port.text("port");
      var end = port.number("endPort", 1, 65535);
      if (text.isEmpty()) {
        everyPort.add(protocol);
      } else {
        ports.add(end.map(last -> text.get() + ":" + last).orElse(text.get()));
      }
      port.done();
    }
    everyPort.forEach(protocol -> byProtocol.put(protocol, List.of()));
    byProtocol.replaceAll((_, ports) -> minimised(ports));
    return byProtocol;
  }

  /**
   * Names first, then numbers in order with neighbors joined; fewer than two numbers stay as they
   * are.
   */
  private static List<String> minimised(List<String> ports) {
    var names = ports.stream().filter(p -> !Character.isDigit(p.charAt(0))).toList();
    if (ports.size() - names.size() < 2) {
      return List.copyOf(ports);
    }
    var ranges = new ArrayList<int[]>();
    ports.stream()
        .filter(p -> Character.isDigit(p.charAt(0)))
        .map(KubernetesPolicyReader::range)
        .sorted((a, b) -> Integer.compare(a[0], b[0]))
        .forEach(
            range -> {
              var last = ranges.isEmpty() ? null : ranges.getLast();
              if (last != null && range[0] <= last[1] + 1) {
                last[1] = Math.max(last[1], range[1]);
              } else {
                ranges.add(range);
              }
            });
    var minimised = new ArrayList<>(names);
    ranges.forEach(r -> minimised.add(r[0] == r[1] ? "" + r[0] : r[0] + ":" + r[1]));
    return List.copyOf(minimised);
  }

  private static int[] range(String text) {
    int colon = text.indexOf(':');
    int first = Integer.parseInt(colon < 0 ? text : text.substring(0, colon));
    return new int[] {first, colon < 0 ? first : Integer.parseInt(text.substring(colon + 1))};
  }
}
