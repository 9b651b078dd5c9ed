package dev.aviary.felix.calc;

import dev.aviary.felix.calc.Action.SetMark;
import dev.aviary.felix.calc.Action.Verdict;
import dev.aviary.felix.calc.ActiveRule.Side;
import dev.aviary.net.IpFamily;
import dev.aviary.net.Prefix;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One rule of a policy in iptables' words. An iptables rule takes one net and one list of ports a
 * side; what has more is first decided in blocks of rules that leave their answer in the scratch
 * bits ({@link MatchBlocks}), and the rule itself then asks for the first of these.
 */
final class PolicyRuleRenderer {
  private final IpFamily family;
  private final MarkBits marks;
  private final String logPrefix;

  PolicyRuleRenderer(IpFamily family, MarkBits marks, String logPrefix) {
    this.family = family;
    this.marks = marks;
    this.logPrefix = logPrefix;
  }

  /** The rules for {@code rule}; none where it isn't for this family. */
  List<Rule> render(ActiveRule rule) {
    if (!rule.isFor(family)) {
      return List.of();
    }
    var source = ofFamily(rule.source());
    var destination = ofFamily(rule.destination());
    if (source.isEmpty() || destination.isEmpty()) {
      return List.of();
    }
    var blocks = new MatchBlocks(marks);
    var end1 = new End(source.get(), true);
    var end2 = new End(destination.get(), false);
    end1.portsInto(blocks, rule.protocol());
    end2.portsInto(blocks, rule.protocol());
    end1.netsInto(blocks);
    end2.netsInto(blocks);
    end1.notNetsInto(blocks);
    end2.notNetsInto(blocks);
    var rules = new ArrayList<>(blocks.rules());
    var match = match(rule, end1, end2);
    if (!rules.isEmpty()) {
      match = match.markSet(marks.scratch0());
    }
    act(rule.action(), match, rules);
    return annotated(rule, rules);
  }

  private void act(RuleAction action, Match match, List<Rule> rules) {
    switch (action) {
      case ALLOW -> decide(match, marks.accept(), rules);
      case PASS -> decide(match, marks.pass(), rules);
      case DENY -> rules.add(Rule.of(match, Verdict.DROP));
      case LOG -> rules.add(Rule.of(match, new Action.Log(logPrefix)));
    }
  }

  private static void decide(Match match, int bit, List<Rule> rules) {
    rules.add(Rule.of(match, new SetMark(bit)));
    rules.add(Rule.of(Match.ANY.markSet(bit), Verdict.RETURN));
  }

  private static List<Rule> annotated(ActiveRule rule, List<Rule> rules) {
    if (rule.annotations().isEmpty()) {
      return rules;
    }
    var comments =
        rule.annotations().entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()).toList();
    return rules.stream().map(r -> new Rule(comments, r.match(), r.action())).toList();
  }

  private Match match(ActiveRule rule, End source, End destination) {
    var match = Match.ANY;
    if (rule.protocol().isPresent()) {
      match = match.protocol(rule.protocol().get().text());
    }
    match = destination.positive(source.positive(match));
    if (rule.icmp().isPresent()) {
      var type = rule.icmp().get().toString();
      match = family == IpFamily.IPV4 ? match.icmp(type) : match.icmpV6(type);
    }
    if (rule.notProtocol().isPresent()) {
      match = match.notProtocol(rule.notProtocol().get().text());
    }
    match = destination.negative(source.negative(match));
    if (rule.notIcmp().isPresent()) {
      var type = rule.notIcmp().get().toString();
      match = family == IpFamily.IPV4 ? match.notIcmp(type) : match.notIcmpV6(type);
    }
    return match;
  }

  /** {@code side} with the nets of this family; empty where that leaves none of some. */
  private Optional<Side> ofFamily(Side side) {
    var nets = ofFamily(side.nets());
    var notNets = ofFamily(side.notNets());
    if (nets.isEmpty() != side.nets().isEmpty() || notNets.isEmpty() != side.notNets().isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Side(
            nets,
            notNets,
            side.ports(),
            side.notPorts(),
            side.sets(),
            side.notSets(),
            side.portSets(),
            side.notPortSets(),
            side.serviceSets()));
  }

  private List<Prefix> ofFamily(List<Prefix> nets) {
    return nets.stream().filter(net -> net.family() == family).toList();
  }

  /** What is left to match of one end while blocks take their share of it. */
  private final class End {
    private final Side side;
    private final boolean isSource;
    private final List<String> notPorts;
    private List<String> ports;
    private List<String> portSets;
    private List<Prefix> nets;
    private List<Prefix> notNets;

    End(Side side, boolean isSource) {
      this.side = side;
      this.isSource = isSource;
      ports = PortRange.split(side.ports());
      notPorts = PortRange.split(side.notPorts());
      portSets = names(side.portSets());
      nets = side.nets();
      notNets = side.notNets();
    }

    private List<String> names(List<String> ids) {
      return ids.stream().map(id -> CalicoNames.setName(family, id)).toList();
    }

    void portsInto(MatchBlocks blocks, Optional<Protocol> protocol) {
      if (ports.size() + portSets.size() <= 1) {
        return;
      }
      var any = protocol.map(p -> Match.ANY.protocol(p.text())).orElse(Match.ANY);
      var alternatives = new ArrayList<Match>();
      ports.forEach(p -> alternatives.add(ports(any, p)));
      portSets.forEach(s -> alternatives.add(portSet(Match.ANY, s)));
      blocks.positive(alternatives);
      ports = List.of();
      portSets = List.of();
    }

    void netsInto(MatchBlocks blocks) {
      if (nets.size() > 1) {
        blocks.positive(nets.stream().map(net -> net(Match.ANY, net)).toList());
        nets = List.of();
      }
    }

    void notNetsInto(MatchBlocks blocks) {
      // A rule has room for one net a side, be it negated or not.
      if (!notNets.isEmpty() && nets.size() + notNets.size() > 1) {
        blocks.negative(notNets.stream().map(net -> net(Match.ANY, net)).toList());
        notNets = List.of();
      }
    }

    private Match net(Match match, Prefix net) {
      return isSource ? match.source(net.toString()) : match.destination(net.toString());
    }

    private Match ports(Match match, String list) {
      return isSource ? match.sourcePorts(list) : match.destinationPorts(list);
    }

    private Match portSet(Match match, String set) {
      return isSource ? match.sourcePortSet(set) : match.destinationPortSet(set);
    }

    Match positive(Match match) {
      for (var net : nets) {
        match = net(match, net);
      }
      for (var set : names(side.sets())) {
        match = isSource ? match.sourceSet(set) : match.destinationSet(set);
      }
      for (var set : names(side.serviceSets())) {
        match = portSet(match, set);
      }
      for (var list : ports) {
        match = ports(match, list);
      }
      for (var set : portSets) {
        match = portSet(match, set);
      }
      return match;
    }

    Match negative(Match match) {
      for (var net : notNets) {
        match = isSource ? match.notSource(net.toString()) : match.notDestination(net.toString());
      }
      for (var set : names(side.notSets())) {
        match = isSource ? match.notSourceSet(set) : match.notDestinationSet(set);
      }
      for (var list : notPorts) {
        match = isSource ? match.notSourcePorts(list) : match.notDestinationPorts(list);
      }
      for (var set : names(side.notPortSets())) {
        match = isSource ? match.notSourcePortSet(set) : match.notDestinationPortSet(set);
      }
      return match;
    }
  }
}
