package dev.aviary.felix.calc;

import dev.aviary.felix.calc.ActiveRule.Side;
import dev.aviary.felix.calc.PolicyRule.Peer;
import dev.aviary.felix.calc.PolicyRule.RulePort;
import dev.aviary.felix.selector.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Turns the selectors, names and services of rules into sets, and collects these. */
final class RuleConversion {
  private final Map<String, RuleSet> sets;

  /** Sets that rules ask for are added to {@code sets}, by id. */
  RuleConversion(Map<String, RuleSet> sets) {
    this.sets = sets;
  }

  /** {@code namespace} is the policy's, or empty. */
  List<ActiveRule> convert(List<PolicyRule> rules, String namespace) {
    return rules.stream().map(rule -> convert(rule, namespace)).toList();
  }

  private ActiveRule convert(PolicyRule rule, String namespace) {
    return new ActiveRule(
        rule.action(),
        rule.family(),
        rule.protocol(),
        rule.notProtocol(),
        side(rule, rule.source(), namespace, true),
        side(rule, rule.destination(), namespace, false),
        rule.icmp(),
        rule.notIcmp(),
        rule.annotations());
  }

  private Side side(PolicyRule rule, Peer peer, String namespace, boolean source) {
    var positive = PeerSelectors.positive(peer, namespace);
    var negative = peer.notSelector();
    if (!positive.isEmpty() && !negative.isEmpty()) {
      positive = "(" + positive + ") && (!(" + negative + "))";
      negative = "";
    }
    var filter = Selector.of(positive);
    var protocol = namedPortProtocol(rule);
    var portSets = named(peer.ports(), filter, protocol);
    var ports = numbered(peer.ports());
    var chosen = new ArrayList<String>();
    // The sets of named ports are filtered by the selector already; numbers aren't.
    if (!positive.isEmpty() && (!ports.isEmpty() || portSets.isEmpty())) {
      chosen.add(ask(new RuleSet.Selected(filter)));
    }
    var serviceSets = new ArrayList<String>();
    peer.service()
        .ifPresent(
            name -> (source ? chosen : serviceSets).add(ask(new RuleSet.OfService(name, !source))));
    return new Side(
        peer.nets(),
        peer.notNets(),
        ports,
        numbered(peer.notPorts()),
        chosen,
        negative.isEmpty() ? List.of() : List.of(ask(new RuleSet.Selected(Selector.of(negative)))),
        portSets,
        named(peer.notPorts(), filter, protocol),
        serviceSets);
  }

  private String ask(RuleSet set) {
    var id = set.id();
    sets.putIfAbsent(id, set);
    return id;
  }

  private static Protocol namedPortProtocol(PolicyRule rule) {
    return rule.protocol().map(RuleConversion::byName).orElse(Protocol.TCP);
  }

  private static Protocol byName(Protocol protocol) {
    return switch (protocol.text()) {
      case "udp", "17" -> Protocol.UDP;
      case "sctp", "132" -> Protocol.SCTP;
      default -> Protocol.TCP;
    };
  }

  private List<String> named(List<RulePort> ports, Selector filter, Protocol protocol) {
    return ports.stream()
        .map(port -> port instanceof RulePort.Named(var name) ? Optional.of(name) : none())
        .flatMap(Optional::stream)
        .map(name -> ask(new RuleSet.Named(filter, protocol, name)))
        .toList();
  }

  private static Optional<String> none() {
    return Optional.empty();
  }

  private static List<PortRange> numbered(List<RulePort> ports) {
    var ranges = new ArrayList<PortRange>();
    for (var port : ports) {
      if (port instanceof RulePort.Numbered(var range)) {
        ranges.add(range);
      }
    }
    return ranges;
  }
}
