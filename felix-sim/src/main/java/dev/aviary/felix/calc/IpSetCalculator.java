package dev.aviary.felix.calc;

import dev.aviary.net.IpAddress;
import dev.aviary.net.IpFamily;
import dev.aviary.net.Prefix;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * The members of the sets that rules ask for, from every endpoint of the cluster. A set is counted
 * again only if something that it selects came, went or changed since the last time.
 */
final class IpSetCalculator {
  private List<Profile> profiles = List.of();
  private List<ServiceEndpoints> services = List.of();

  /** By what names the input: an equal input is a member as before. */
  private Map<Object, Member> members = new HashMap<>();

  private Map<RuleSet, Counted> known = Map.of();

  /** Something with addresses that a selector can select. */
  private record Member(
      Object input, Map<String, String> labels, List<Prefix> nets, List<NamedPort> ports) {
    boolean isOf(Object other) {
      return input == other || input.equals(other);
    }
  }

  /** The name of what has no identifier of its own kind. */
  private record Named(Class<?> kind, String name) {}

  /** What came and went since the last time. */
  private record Changes(List<Member> came, List<Member> gone) {}

  /** A set's members, each with how many endpoints put it there. */
  private static final class Counted {
    private final Map<IpFamily, TreeMap<String, Integer>> texts = new EnumMap<>(IpFamily.class);
    private List<IpSet> sets = List.of();

    Counted() {
      for (var family : IpFamily.values()) {
        texts.put(family, new TreeMap<>());
      }
    }

    void count(IpFamily family, String text, int change) {
      texts
          .computeIfAbsent(family, _ -> new TreeMap<>())
          .merge(text, change, (a, b) -> a + b == 0 ? null : a + b);
      sets = List.of();
    }

    /** The sets of both families; the same objects while nothing changes. */
    List<IpSet> sets(RuleSet set, IpSet.Type type) {
      if (sets.isEmpty()) {
        var made = new ArrayList<IpSet>();
        texts.forEach((family, t) -> made.add(IpSet.of(family, set.id(), type, t.keySet())));
        sets = made;
      }
      return sets;
    }
  }

  /** Each of {@code wanted} in both families. */
  List<IpSet> calculate(Inputs inputs, EffectiveLabels labels, Collection<RuleSet> wanted) {
    if (!profiles.equals(inputs.profiles())) {
      // Labels are inherited from them: nothing is as it was.
      profiles = inputs.profiles();
      members = new HashMap<>();
      known = Map.of();
    }
    var changes = update(inputs, labels);
    boolean sameServices = services.equals(inputs.services());
    services = inputs.services();
    var sets = new HashMap<RuleSet, Counted>();
    var all = new ArrayList<IpSet>();
    for (var set : wanted) {
      var counted = known.get(set);
      if (counted == null || (set instanceof RuleSet.OfService && !sameServices)) {
        counted = new Counted();
        count(set, new Changes(List.copyOf(members.values()), List.of()), counted);
        if (set instanceof RuleSet.OfService service) {
          ofService(service, counted);
        }
      } else {
        count(set, changes, counted);
      }
      sets.put(set, counted);
      all.addAll(counted.sets(set, type(set)));
    }
    known = sets;
    return all;
  }

  private static IpSet.Type type(RuleSet set) {
    return switch (set) {
      case RuleSet.Selected _ -> IpSet.Type.HASH_NET;
      case RuleSet.Named _ -> IpSet.Type.HASH_IP_PORT;
      case RuleSet.OfService service ->
          service.withPorts() ? IpSet.Type.HASH_IP_PORT : IpSet.Type.HASH_NET;
    };
  }

  private static void count(RuleSet set, Changes changes, Counted counted) {
    changes.came().forEach(member -> count(set, member, 1, counted));
    changes.gone().forEach(member -> count(set, member, -1, counted));
  }

  private static void count(RuleSet set, Member member, int change, Counted counted) {
    switch (set) {
      case RuleSet.Selected(var selector) -> {
        if (selector.matches(member.labels())) {
          for (var net : member.nets()) {
            netTexts(net).forEach(text -> counted.count(net.family(), text, change));
          }
        }
      }
      case RuleSet.Named named -> {
        if (named.selector().matches(member.labels())) {
          named(named, member, change, counted);
        }
      }
      case RuleSet.OfService _ -> {} // from the services, not from endpoints
    }
  }

  /** Takes over the endpoints of {@code inputs}; answers those that came or went. */
  private Changes update(Inputs inputs, EffectiveLabels labels) {
    var before = members;
    members = new HashMap<>(before.size() * 2);
    var came = new ArrayList<Member>();
    for (var w : inputs.workloads()) {
      keep(
          before,
          came,
          w.id(),
          w,
          () -> new Member(w, labels.of(w.labels(), w.profiles()), w.nets(), w.ports()));
    }
    for (var h : inputs.hostEndpoints()) {
      keep(
          before,
          came,
          new Named(HostEndpoint.class, h.host() + "/" + h.name()),
          h,
          () ->
              new Member(
                  h,
                  labels.of(h.labels(), h.profiles()),
                  h.expectedIps().stream().map(IpAddress::toPrefix).toList(),
                  h.ports()));
    }
    for (var n : inputs.networkSets()) {
      keep(
          before,
          came,
          new Named(NetworkSet.class, n.name()),
          n,
          () -> new Member(n, labels.of(n.labels(), n.profiles()), n.nets(), List.of()));
    }
    return new Changes(came, List.copyOf(before.values()));
  }

  private void keep(
      Map<Object, Member> before,
      List<Member> came,
      Object key,
      Object input,
      Supplier<Member> made) {
    var old = before.get(key);
    if (old != null && old.isOf(input)) {
      before.remove(key);
      members.put(key, old);
      return;
    }
    var member = made.get();
    came.add(member);
    members.put(key, member);
  }

  private static void named(RuleSet.Named wanted, Member member, int change, Counted counted) {
    for (var port : member.ports()) {
      if (port.name().equals(wanted.port()) && port.protocol().equals(wanted.protocol())) {
        for (var net : member.nets()) {
          var text = net.address() + "," + port.protocol() + ":" + port.port();
          counted.count(net.family(), text, change);
        }
      }
    }
  }

  private void ofService(RuleSet.OfService wanted, Counted counted) {
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
        counted.count(address.family(), text, 1);
      }
    }
  }

  /** hash:net has no length 0, so everything is two halves; a single address has no length. */
  static List<String> netTexts(Prefix net) {
    if (net.length() == 0) {
      return List.of(net.subnet(1, 0).toString(), net.subnet(1, 1).toString());
    }
    return List.of(net.isHost() ? net.address().toString() : net.toString());
  }
}
