package dev.aviary.felix.calc;

import dev.aviary.felix.calc.Action.Dnat;
import dev.aviary.felix.calc.Action.Jump;
import dev.aviary.felix.calc.Action.Masquerade;
import dev.aviary.felix.calc.Action.Snat;
import dev.aviary.felix.calc.Action.Verdict;
import dev.aviary.net.IpFamily;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/** The nat table: floating addresses, traffic out of pools, and the host's own through tunnels. */
final class NatTable {
  static final String IPIP_DEVICE = "tunl0";
  static final String VXLAN_DEVICE = "vxlan.calico";
  static final String WIREGUARD_DEVICE = "wireguard.cali";

  private final Rendering rendering;
  private final NatSettings nat;

  NatTable(Rendering rendering) {
    this.rendering = rendering;
    this.nat = rendering.config().nat();
  }

  TableState render() {
    return TableState.of(
        IptablesTable.NAT,
        List.of(
            Chain.of("PREROUTING", Rule.of(new Jump("cali-PREROUTING"))),
            Chain.of("OUTPUT", Rule.of(new Jump("cali-OUTPUT"))),
            Chain.of("POSTROUTING", Rule.of(new Jump("cali-POSTROUTING")))),
        List.of(),
        List.of(
            Chain.of("cali-PREROUTING", Rule.of(new Jump("cali-fip-dnat"))),
            Chain.of("cali-OUTPUT", Rule.of(new Jump("cali-fip-dnat"))),
            postrouting(),
            floatingDnat(),
            floatingSnat(),
            Chain.of("cali-nat-outgoing", outgoing())));
  }

  private Chain postrouting() {
    var rules = new ArrayList<Rule>();
    rules.add(Rule.of(new Jump("cali-fip-snat")));
    rules.add(Rule.of(new Jump("cali-nat-outgoing")));
    for (var device : tunnels()) {
      // What the host sends into a tunnel under another address of its own gets the tunnel's.
      rules.add(
          Rule.of(
              Match.ANY.outInterface(device).sourceNotOnOutInterface().sourceLocal(),
              masquerade("")));
    }
    return Chain.of("cali-POSTROUTING", rules);
  }

  private List<String> tunnels() {
    var devices = new ArrayList<String>();
    if (rendering.family() == IpFamily.IPV6) {
      return devices;
    }
    var host = rendering.ownHost();
    var encapsulation = rendering.config().encapsulation();
    if (encapsulation.ipip() && host.flatMap(Host::ipipTunnel).isPresent()) {
      devices.add(IPIP_DEVICE);
    }
    if (encapsulation.vxlan() && host.flatMap(Host::vtep).isPresent()) {
      devices.add(VXLAN_DEVICE);
    }
    if (rendering.config().wireguard() && host.flatMap(Host::wireguard).isPresent()) {
      devices.add(WIREGUARD_DEVICE);
    }
    return devices;
  }

  private Masquerade masquerade(String ports) {
    return new Masquerade(ports, nat.masqueradeRandomFully());
  }

  private List<Rule> outgoing() {
    boolean any =
        rendering.intent().pools().stream()
            .anyMatch(pool -> pool.cidr().family() == rendering.family() && pool.natOutgoing());
    if (!any) {
      return List.of();
    }
    var match =
        Match.ANY
            .sourceSet(rendering.set(IpSetNames.MASQUERADED_POOLS))
            .notDestinationSet(rendering.set(IpSetNames.ALL_POOLS));
    if (nat.portRange().isEmpty()) {
      return List.of(outgoing(match, ""));
    }
    var rules = new ArrayList<Rule>();
    for (var protocol : List.of(Protocol.TCP, Protocol.UDP)) {
      var ofProtocol = match.protocol(protocol.text());
      rules.add(outgoing(ofProtocol, nat.portRange()));
      rules.add(Rule.of(ofProtocol, Verdict.RETURN));
    }
    rules.add(outgoing(match, ""));
    return rules;
  }

  private Rule outgoing(Match match, String ports) {
    var out = nat.outInterface().isEmpty() ? match : match.outInterface(nat.outInterface());
    var address = nat.address().filter(a -> a.family() == rendering.family());
    if (address.isEmpty()) {
      return Rule.of(out, masquerade(ports));
    }
    var source = address.get() + (ports.isEmpty() ? "" : ":" + ports);
    return Rule.of(out, new Snat(source, nat.snatRandomFully()));
  }

  private Chain floatingDnat() {
    var rules = new ArrayList<Rule>();
    smallest(FloatingIp::external, FloatingIp::internal)
        .forEach(
            (external, internal) ->
                rules.add(Rule.of(Match.ANY.destination(external), new Dnat(internal))));
    return Chain.of("cali-fip-dnat", rules);
  }

  /** A workload that reaches itself by its floating address must see that address answer. */
  private Chain floatingSnat() {
    var rules = new ArrayList<Rule>();
    smallest(FloatingIp::internal, FloatingIp::external)
        .forEach(
            (internal, external) ->
                rules.add(
                    Rule.of(
                        Match.ANY.destination(internal).source(internal),
                        new Snat(external, nat.snatRandomFully()))));
    return Chain.of("cali-fip-snat", rules);
  }

  private Map<String, String> smallest(
      Function<FloatingIp, Object> from, Function<FloatingIp, Object> to) {
    var map = new TreeMap<String, String>();
    for (var workload : rendering.intent().workloads()) {
      for (var floating : workload.floatingIps()) {
        if (floating.external().family() == rendering.family()) {
          map.merge(
              from.apply(floating).toString(),
              to.apply(floating).toString(),
              (a, b) -> a.compareTo(b) <= 0 ? a : b);
        }
      }
    }
    return map;
  }
}
