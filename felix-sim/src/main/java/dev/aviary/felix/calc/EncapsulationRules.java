package dev.aviary.felix.calc;

import dev.aviary.felix.calc.Action.Verdict;
import dev.aviary.net.IpFamily;
import java.util.ArrayList;
import java.util.List;

/** Who may send tunnelled packets to this host, and where it may send its own. IPv4 only. */
final class EncapsulationRules {
  private static final String IPIP = "4";
  private static final String UDP = "17";

  private final Rendering rendering;
  private final Encapsulation encapsulation;

  EncapsulationRules(Rendering rendering) {
    this.rendering = rendering;
    this.encapsulation = rendering.config().encapsulation();
  }

  /** The head of cali-INPUT. */
  List<Rule> input() {
    var rules = new ArrayList<Rule>();
    if (isOn(encapsulation.ipip())) {
      rules.add(
          Rule.of(
              "Allow IPIP packets from Calico hosts",
              Match.ANY
                  .protocol(IPIP)
                  .sourceSet(rendering.set(IpSetNames.ALL_HOSTS))
                  .destinationLocal(),
              rendering.config().filterAllowAction()));
      rules.add(
          Rule.of(
              "Drop IPIP packets from non-Calico hosts", Match.ANY.protocol(IPIP), Verdict.DROP));
    }
    if (isOn(encapsulation.vxlan())) {
      rules.add(
          Rule.of(
              "Allow VXLAN packets from whitelisted hosts",
              vxlan().sourceSet(rendering.set(IpSetNames.ALL_VXLAN)).destinationLocal(),
              rendering.config().filterAllowAction()));
      rules.add(
          Rule.of(
              "Drop VXLAN packets from non-whitelisted hosts",
              vxlan().destinationLocal(),
              Verdict.DROP));
    }
    return rules;
  }

  /** In cali-OUTPUT, before host endpoints' policy. */
  List<Rule> output() {
    var rules = new ArrayList<Rule>();
    if (isOn(encapsulation.ipip())) {
      rules.add(
          Rule.of(
              "Allow IPIP packets to other Calico hosts",
              Match.ANY
                  .protocol(IPIP)
                  .destinationSet(rendering.set(IpSetNames.ALL_HOSTS))
                  .sourceLocal(),
              rendering.config().filterAllowAction()));
    }
    if (isOn(encapsulation.vxlan())) {
      rules.add(
          Rule.of(
              "Allow VXLAN packets to other whitelisted hosts",
              vxlan().sourceLocal().destinationSet(rendering.set(IpSetNames.ALL_VXLAN)),
              rendering.config().filterAllowAction()));
    }
    return rules;
  }

  private boolean isOn(boolean tunnel) {
    return tunnel && rendering.family() == IpFamily.IPV4;
  }

  private Match vxlan() {
    return Match.ANY.protocol(UDP).destinationPorts(Integer.toString(encapsulation.vxlanPort()));
  }
}
