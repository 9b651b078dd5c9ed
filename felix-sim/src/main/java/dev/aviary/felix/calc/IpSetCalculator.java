package dev.aviary.felix.calc;

import dev.aviary.felix.selector.Selector;
import dev.aviary.net.IpAddress;
import dev.aviary.net.IpFamily;
import dev.aviary.net.Prefix;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/** The members of the sets that rules ask for, from every endpoint of the cluster. */
final class IpSetCalculator {
  private final List<Member> members = new ArrayList<>();
  private final List<ServiceEndpoints> services;

  /** Something with addresses that a selector can select. */
  private record Member(Map<String, String> labels, List<Prefix> nets, List<NamedPort> ports) {}

  IpSetCalculator(Inputs inputs, EffectiveLabels labels) {
    services = inputs.services();
    for (var workload : inputs.workloads()) {
      members.add(
          new Member(
              labels.of(workload.labels(), workload.profiles()),
              workload.nets(),
              workload.ports()));
    }
    for (var host : inputs.hostEndpoints()) {
      members.add(
          new Member(
              labels.of(host.labels(), host.profiles()),
              host.expectedIps().stream().map(IpAddress::toPrefix).toList(),
              host.ports()));
    }
    for (var set : inputs.networkSets()) {
      members.add(new Member(labels.of(set.labels(), set.profiles()), set.nets(), List.of()));
    }
  }

  /** Each of {@code wanted} in both families. */
  List<IpSet> of(Collection<RuleSet> wanted) {
    var sets = new ArrayList<IpSet>();
    for (var set : wanted) {
      var byFamily = new EnumMap<IpFamily, SortedSet<String>>(IpFamily.class);
      for (var family : IpFamily.values()) {
        byFamily.put(family, new TreeSet<>());
      }
      var type =
          switch (set) {
            case RuleSet.Selected(var selector) -> {
              selected(selector, byFamily);
              yield IpSet.Type.HASH_NET;
            }
            case RuleSet.Named named -> {
              named(named, byFamily);
              yield IpSet.Type.HASH_IP_PORT;
            }
            case RuleSet.OfService service -> {
              ofService(service, byFamily);
              yield service.withPorts() ? IpSet.Type.HASH_IP_PORT : IpSet.Type.HASH_NET;
            }
          };
      byFamily.forEach((family, texts) -> sets.add(IpSet.of(family, set.id(), type, texts)));
    }
    return sets;
  }

  private void selected(Selector selector, Map<IpFamily, SortedSet<String>> byFamily) {
    for (var member : members) {
      if (selector.matches(member.labels())) {
        member.nets().forEach(net -> add(byFamily, net.family(), netTexts(net)));
      }
    }
  }

  private void named(RuleSet.Named wanted, Map<IpFamily, SortedSet<String>> byFamily) {
    for (var member : members) {
      if (!wanted.selector().matches(member.labels())) {
        continue;
      }
      for (var port : member.ports()) {
        if (port.name().equals(wanted.port()) && port.protocol().equals(wanted.protocol())) {
          for (var net : member.nets()) {
            add(
                byFamily,
                net.family(),
                List.of(net.address() + "," + port.protocol() + ":" + port.port()));
          }
        }
      }
    }
  }

  private void ofService(RuleSet.OfService wanted, Map<IpFamily, SortedSet<String>> byFamily) {
    for (var service : services) {
      if (!service.namespace().equals(wanted.service().namespace())
          || !service.name().equals(wanted.service().name())) {
        continue;
      }
      for (var endpoint : service.endpoints()) {
        var address = endpoint.address();
        var text =
            wanted.withPorts()
                ? address + "," + endpoint.protocol() + ":" + endpoint.port()
                : address.toString();
        add(byFamily, address.family(), List.of(text));
      }
    }
  }

  private static void add(
      Map<IpFamily, SortedSet<String>> byFamily, IpFamily family, List<String> texts) {
    byFamily.computeIfAbsent(family, _ -> new TreeSet<>()).addAll(texts);
  }

  /** hash:net has no length 0, so everything is two halves; a single address has no length. */
  static List<String> netTexts(Prefix net) {
    if (net.length() == 0) {
      return List.of(net.subnet(1, 0).toString(), net.subnet(1, 1).toString());
    }
    return List.of(net.isHost() ? net.address().toString() : net.toString());
  }
}
