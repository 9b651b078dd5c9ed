package dev.aviary.felix.calc;

import dev.aviary.felix.selector.Selector;
import dev.aviary.net.IpAddress;
import dev.aviary.net.IpFamily;
import dev.aviary.net.Prefix;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The members of the sets that rules ask for, from every endpoint of the cluster. A set is counted
 * again only if something that it selects came, went or changed since the last time.
 */
final class IpSetCalculator {
  private List<Profile> profiles = List.of();
  private List<ServiceEndpoints> services = List.of();

  /** By the object that they stand for: an input that is the same object is the same. */
  private IdentityHashMap<Object, Member> members = new IdentityHashMap<>();

  private Map<RuleSet, List<IpSet>> known = Map.of();

  /** Something with addresses that a selector can select. */
  private record Member(Map<String, String> labels, List<Prefix> nets, List<NamedPort> ports) {}

  /** Each of {@code wanted} in both families. */
  List<IpSet> calculate(Inputs inputs, EffectiveLabels labels, Collection<RuleSet> wanted) {
    if (!profiles.equals(inputs.profiles())) {
      // Labels are inherited from them: nothing is as it was.
      profiles = inputs.profiles();
      members = new IdentityHashMap<>();
      known = Map.of();
    }
    var changed = update(inputs, labels);
    boolean sameServices = services.equals(inputs.services());
    services = inputs.services();
    var sets = new HashMap<RuleSet, List<IpSet>>();
    var all = new ArrayList<IpSet>();
    for (var set : wanted) {
      var before = known.get(set);
      boolean same =
          before != null
              && switch (set) {
                case RuleSet.Selected(var selector) -> selectsNone(selector, changed);
                case RuleSet.Named named -> selectsNone(named.selector(), changed);
                case RuleSet.OfService _ -> sameServices;
              };
      var both = same ? before : of(set);
      sets.put(set, both);
      all.addAll(both);
    }
    known = sets;
    return all;
  }

  private static boolean selectsNone(Selector selector, List<Member> members) {
    return members.stream().noneMatch(m -> selector.matches(m.labels()));
  }

  /** Takes over the endpoints of {@code inputs}; answers those that came or went. */
  private List<Member> update(Inputs inputs, EffectiveLabels labels) {
    var before = members;
    members = new IdentityHashMap<>(before.size() * 2);
    var changed = new ArrayList<Member>();
    for (var workload : inputs.workloads()) {
      var member = before.remove(workload);
      if (member == null) {
        member =
            new Member(
                labels.of(workload.labels(), workload.profiles()),
                workload.nets(),
                workload.ports());
        changed.add(member);
      }
      members.put(workload, member);
    }
    for (var host : inputs.hostEndpoints()) {
      var member = before.remove(host);
      if (member == null) {
        member =
            new Member(
                labels.of(host.labels(), host.profiles()),
                host.expectedIps().stream().map(IpAddress::toPrefix).toList(),
                host.ports());
        changed.add(member);
      }
      members.put(host, member);
    }
    for (var set : inputs.networkSets()) {
      var member = before.remove(set);
      if (member == null) {
        member = new Member(labels.of(set.labels(), set.profiles()), set.nets(), List.of());
        changed.add(member);
      }
      members.put(set, member);
    }
    changed.addAll(before.values());
    return changed;
  }

  private List<IpSet> of(RuleSet set) {
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
    var sets = new ArrayList<IpSet>();
    byFamily.forEach((family, texts) -> sets.add(IpSet.of(family, set.id(), type, texts)));
    return sets;
  }

  private void selected(Selector selector, Map<IpFamily, SortedSet<String>> byFamily) {
    for (var member : members.values()) {
      if (selector.matches(member.labels())) {
        member.nets().forEach(net -> add(byFamily, net.family(), netTexts(net)));
      }
    }
  }

  private void named(RuleSet.Named wanted, Map<IpFamily, SortedSet<String>> byFamily) {
    for (var member : members.values()) {
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
