package dev.aviary.felix.calc;

import dev.aviary.net.IpFamily;
import dev.aviary.net.Prefix;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A rule of a policy or profile with its selectors turned into set ids: what a data plane needs to
 * know of it.
 */
public record ActiveRule(
    RuleAction action,
    Optional<IpFamily> family,
    Optional<Protocol> protocol,
    Optional<Protocol> notProtocol,
    Side source,
    Side destination,
    Optional<Icmp> icmp,
    Optional<Icmp> notIcmp,
    Map<String, String> annotations) {

  public ActiveRule {
    annotations = Collections.unmodifiableMap(new TreeMap<>(annotations));
  }

  /** A rule that every packet matches. */
  public static ActiveRule any(RuleAction action) {
    return new ActiveRule(
        action,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Side.ANY,
        Side.ANY,
        Optional.empty(),
        Optional.empty(),
        Map.of());
  }

  /** True unless the rule is for the other family only. */
  boolean isFor(IpFamily wanted) {
    if (family.isPresent()) {
      return family.get() == wanted;
    }
    // The names imply the family; the numbers 1 and 58 don't.
    return protocol
        .map(
            p ->
                switch (p.text()) {
                  case "icmp" -> wanted == IpFamily.IPV4;
                  case "icmpv6" -> wanted == IpFamily.IPV6;
                  default -> true;
                })
        .orElse(true);
  }

  /**
   * One end of the traffic. Sets are ids; {@code portSets} hold addresses with ports, and so do
   * {@code serviceSets}, which only a destination has.
   */
  public record Side(
      List<Prefix> nets,
      List<Prefix> notNets,
      List<PortRange> ports,
      List<PortRange> notPorts,
      List<String> sets,
      List<String> notSets,
      List<String> portSets,
      List<String> notPortSets,
      List<String> serviceSets) {
    /** Any address and port. */
    public static final Side ANY =
        new Side(
            List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), List.of(),
            List.of());

    public Side {
      nets = List.copyOf(nets);
      notNets = List.copyOf(notNets);
      ports = List.copyOf(ports);
      notPorts = List.copyOf(notPorts);
      sets = List.copyOf(sets);
      notSets = List.copyOf(notSets);
      portSets = List.copyOf(portSets);
      notPortSets = List.copyOf(notPortSets);
      serviceSets = List.copyOf(serviceSets);
    }
  }
}
