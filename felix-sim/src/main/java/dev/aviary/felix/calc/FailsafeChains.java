package dev.aviary.felix.calc;

import dev.aviary.felix.calc.Action.Verdict;
import dev.aviary.net.IpFamily;
import java.util.ArrayList;
import java.util.List;

/** What stays reachable whatever the policies of host endpoints say. */
final class FailsafeChains {
  static final String INBOUND = "cali-failsafe-in";
  static final String OUTBOUND = "cali-failsafe-out";

  private FailsafeChains() {}

  /** Both chains; {@code stateless} adds the answers to what the other one allows. */
  static List<Chain> of(FelixConfig config, IpFamily family, boolean stateless) {
    var inbound = new ArrayList<Rule>();
    var outbound = new ArrayList<Rule>();
    for (var port : config.failsafeInbound()) {
      inbound.add(rule(port, family, true, true));
    }
    for (var port : config.failsafeOutbound()) {
      outbound.add(rule(port, family, false, true));
    }
    if (stateless) {
      for (var port : config.failsafeOutbound()) {
        inbound.add(rule(port, family, true, false));
      }
      for (var port : config.failsafeInbound()) {
        outbound.add(rule(port, family, false, false));
      }
    }
    return List.of(Chain.of(INBOUND, inbound), Chain.of(OUTBOUND, outbound));
  }

  private static Rule rule(FailsafePort port, IpFamily family, boolean inbound, boolean request) {
    var match = Match.ANY.protocol(port.protocol().text());
    var number = Integer.toString(port.port());
    match = request ? match.destinationPorts(number) : match.sourcePorts(number);
    // A net of the other family is left out, and the port stays open to all.
    var net = port.net().filter(n -> n.family() == family);
    if (net.isPresent()) {
      var text = net.get().toString();
      match = inbound ? match.source(text) : match.destination(text);
    }
    return Rule.of(match, Verdict.ACCEPT);
  }
}
