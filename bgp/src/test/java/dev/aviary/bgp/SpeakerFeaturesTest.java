package dev.aviary.bgp;

import static dev.aviary.bgp.PeerScript.AS;
import static dev.aviary.bgp.PeerScript.P;
import static dev.aviary.bgp.PeerScript.R2;
import static dev.aviary.bgp.PeerScript.R3;
import static dev.aviary.bgp.PeerScript.R4;
import static dev.aviary.bgp.PeerScript.addPath;
import static dev.aviary.bgp.PeerScript.announce;
import static dev.aviary.bgp.PeerScript.hop;
import static dev.aviary.bgp.PeerScript.lab;
import static dev.aviary.bgp.PeerScript.lastAttributes;
import static dev.aviary.bgp.PeerScript.localPref;
import static dev.aviary.bgp.PeerScript.path;
import static dev.aviary.bgp.PeerScript.set;
import static dev.aviary.bgp.PeerScript.told;
import static dev.aviary.bgp.PeerScript.up;
import static dev.aviary.bgp.PeerScript.update;
import static dev.aviary.bgp.PeerScript.updates;
import static dev.aviary.bgp.PeerScript.withdraw;
import static org.assertj.core.api.Assertions.assertThat;

import dev.aviary.bgp.NeighborConfig.AddPathMode;
import dev.aviary.bgp.NeighborConfig.LimitAction;
import dev.aviary.bgp.NeighborConfig.MaximumPrefixes;
import dev.aviary.bgp.message.Capability;
import dev.aviary.bgp.message.NotificationMessage;
import dev.aviary.bgp.message.OpenMessage;
import dev.aviary.bgp.message.RouteRefreshMessage;
import dev.aviary.bgp.policy.Condition;
import dev.aviary.bgp.policy.Policy;
import dev.aviary.bgp.policy.PrefixList;
import dev.aviary.bgp.policy.Statement;
import dev.aviary.bgp.rib.RouteDissemination.NextHopRule;
import dev.aviary.bgp.rib.RouteSelection;
import dev.aviary.bgp.rib.RouteSelection.Rule;
import dev.aviary.bgp.route.AsNumber;
import dev.aviary.bgp.route.AsPath;
import dev.aviary.bgp.route.Behavior;
import dev.aviary.bgp.route.BgpIdentifier;
import dev.aviary.bgp.route.Community;
import dev.aviary.bgp.route.Nlri;
import dev.aviary.bgp.route.PathAttribute;
import dev.aviary.bgp.route.PathAttributes;
import dev.aviary.bgp.transport.RawPeer;
import dev.aviary.net.Prefix;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a speaker does with routes, seen by peers that do what the test says. */
class SpeakerFeaturesTest {
  // ---- reflection

  @Test
  void reflectsBetweenClientsAndOthers() {
    var lab = lab();
    lab.neighbor(R2, AS, n -> n.reflectorClient(true));
    lab.neighbor(R3, AS, n -> n);
    lab.neighbor(R4, AS, n -> n);
    var client = up(lab, R2, AS);
    var one = up(lab, R3, AS);
    var two = up(lab, R4, AS);
    announce(lab, client, set(path(), hop(R2), localPref(100)), P);
    assertThat(told(one, P)).isTrue();
    assertThat(told(two, P)).isTrue();
    assertThat(told(client, P)).isFalse();
    assertThat(lastAttributes(one))
        .contains(
            new PathAttribute.OriginatorId(BgpIdentifier.of(R2)),
            new PathAttribute.ClusterList(List.of(BgpIdentifier.of("10.0.0.1"))),
            hop(R2));
    announce(lab, one, set(path(), hop(R3), localPref(100)), "198.51.100.0/24");
    assertThat(told(client, "198.51.100.0/24")).isTrue();
    assertThat(told(two, "198.51.100.0/24")).isFalse();
  }

  // ---- next hops, paths, MED

  @Test
  void changesNextHopAndPathTowardsAnotherAs() {
    for (var behavior : Behavior.values()) {
      var lab = lab(behavior);
      lab.neighbor(R2, 65001, n -> n);
      lab.neighbor(R3, 65002, n -> n);
      lab.neighbor(R4, AS, n -> n);
      var from = up(lab, R2, 65001);
      var external = up(lab, R3, 65002);
      var internal = up(lab, R4, AS);
      announce(lab, from, set(path(65001, 65009), hop(R2), new PathAttribute.MultiExitDisc(77)), P);
      var out = lastAttributes(external);
      assertThat(out).contains(path(65000, 65001, 65009), hop("10.0.0.1"));
      if (behavior == Behavior.BIRD_16) {
        assertThat(out).contains(new PathAttribute.MultiExitDisc(0));
      } else {
        assertThat(out).noneMatch(PathAttribute.MultiExitDisc.class::isInstance);
      }
      assertThat(out).noneMatch(PathAttribute.LocalPref.class::isInstance);
      assertThat(lastAttributes(internal))
          .contains(
              path(65001, 65009), hop(R2), new PathAttribute.MultiExitDisc(77), localPref(100));
    }
  }

  @Test
  void whoIsGivenNoAddressIsNextHopByTheSessionsOwnEnd() {
    var lab =
        new SpeakerLab(
            SpeakerConfig.builder("r1", AsNumber.of(AS), BgpIdentifier.of("9.9.9.9"))
                .listen(SpeakerLab.LISTEN)
                .build());
    lab.neighbor(R2, 65001, n -> n);
    var peer = up(lab, R2, 65001);
    lab.speaker.originate(Prefix.of(P), set(path()));
    lab.settle();
    assertThat(lastAttributes(peer)).contains(hop("10.0.0.1"));
  }

  @Test
  void nextHopSelfAndKeep() {
    var lab = lab();
    lab.neighbor(R2, 65001, n -> n);
    lab.neighbor(R3, 65002, n -> n.nextHop(NextHopRule.KEEP));
    lab.neighbor(R4, AS, n -> n.nextHop(NextHopRule.SELF));
    var from = up(lab, R2, 65001);
    var keep = up(lab, R3, 65002);
    var self = up(lab, R4, AS);
    announce(lab, from, set(path(65001), hop("10.0.0.77")), P);
    assertThat(lastAttributes(keep)).contains(hop("10.0.0.77"));
    assertThat(lastAttributes(self)).contains(hop("10.0.0.1"));
  }

  @Test
  void allowsItsOwnAsAsOftenAsConfigured() {
    var lab = lab();
    lab.neighbor(R2, 65001, n -> n.allowOwnAs(1));
    var peer = up(lab, R2, 65001);
    announce(lab, peer, set(path(65001, AS), hop(R2)), P);
    assertThat(lab.has(P)).isTrue();
    announce(lab, peer, set(path(65001, AS, AS), hop(R2)), P);
    assertThat(lab.has(P)).isFalse();
  }

  // ---- limits and policy

  @Test
  void closesAtTheMaximumAndComesBack() {
    var lab = lab();
    lab.neighbor(
        R2,
        65001,
        n -> n.maximum(new MaximumPrefixes(2, LimitAction.RESTART, Duration.ofSeconds(60))));
    var peer = up(lab, R2, 65001);
    announce(lab, peer, set(path(65001), hop(R2)), "10.1.0.0/16", "10.2.0.0/16", "10.3.0.0/16");
    var cease = peer.last(NotificationMessage.class).orElseThrow();
    assertThat(cease.code() + "/" + cease.subcode()).isEqualTo("6/1");
    assertThat(cease.data().toString()).isEqualTo("00010100000002");
    assertThat(lab.routes(SpeakerLab.V4)).isEmpty();
    lab.advance(Duration.ofSeconds(61));
    assertThat(up(lab, R2, 65001).isOpen()).isTrue();
  }

  @Test
  void policiesFilterByPrefix() {
    var lab = lab();
    var only =
        new Policy(
            "only",
            List.of(
                Statement.accept(
                    new Condition.PrefixIn(
                        PrefixList.of(PrefixList.within(Prefix.of("203.0.113.0/24")))))),
            Policy.Otherwise.REJECT);
    lab.neighbor(R2, 65001, n -> n.importPolicy(only));
    lab.neighbor(R3, 65002, n -> n.exportPolicy(Policy.REJECT));
    var peer = up(lab, R2, 65001);
    var deaf = up(lab, R3, 65002);
    announce(lab, peer, set(path(65001), hop(R2)), P, "198.51.100.0/24");
    assertThat(lab.has(P)).isTrue();
    assertThat(lab.has("198.51.100.0/24")).isFalse();
    assertThat(updates(deaf)).isEmpty();
  }

  @Test
  void deniesWithoutPolicyIfAsked() {
    var lab = lab();
    lab.neighbor(R2, 65001, n -> n.denyWithoutPolicy(true));
    var peer = up(lab, R2, 65001);
    announce(lab, peer, set(path(65001), hop(R2)), P);
    assertThat(lab.has(P)).isFalse();
  }

  @Test
  void actsOnWellKnownCommunities() {
    var lab = lab();
    lab.neighbor(R2, 65001, n -> n);
    lab.neighbor(R3, 65002, n -> n);
    lab.neighbor(R4, AS, n -> n);
    var from = up(lab, R2, 65001);
    var external = up(lab, R3, 65002);
    var internal = up(lab, R4, AS);
    announce(
        lab,
        from,
        set(path(65001), hop(R2), new PathAttribute.Communities(List.of(Community.NO_EXPORT))),
        P);
    assertThat(told(external, P)).isFalse();
    assertThat(told(internal, P)).isTrue();
    announce(
        lab,
        from,
        set(path(65001), hop(R2), new PathAttribute.Communities(List.of(Community.NO_ADVERTISE))),
        P);
    assertThat(told(internal, P)).isFalse();
  }

  // ---- selection

  @Test
  void remembersTheRuleThatDecided() {
    var lab = lab();
    lab.neighbor(R2, 65001, n -> n);
    lab.neighbor(R3, 65002, n -> n);
    var one = up(lab, R2, 65001);
    var two = up(lab, R3, 65002);
    announce(lab, one, set(path(65001, 65009), hop(R2)), P);
    assertThat(lab.routes(SpeakerLab.V4).getFirst().decidedBy()).contains(Rule.ONLY_ROUTE);
    announce(lab, two, set(path(65002), hop(R3)), P);
    assertThat(lab.routes(SpeakerLab.V4).getFirst().decidedBy()).contains(Rule.AS_PATH_LENGTH);
    assertThat(told(one, P)).isTrue();
    assertThat(told(two, P)).isFalse();
    int before = updates(one).size();
    announce(lab, two, set(path(65002, 65009), hop(R3)), P);
    assertThat(lab.routes(SpeakerLab.V4).getFirst().decidedBy()).contains(Rule.ROUTER_ID);
    assertThat(updates(one).size()).isGreaterThan(before);
    assertThat(told(one, P)).isFalse();
    assertThat(told(two, P)).isTrue();
    // A route that lost causes no UPDATE.
    int after = updates(one).size() + updates(two).size();
    announce(lab, two, set(path(65002, 65009, 65010), hop(R3)), P);
    assertThat(updates(one).size() + updates(two).size()).isEqualTo(after);
  }

  @Test
  void theOlderOfTwoEqualRoutesStaysIfThatIsAsked() {
    for (boolean older : List.of(true, false)) {
      var options = new RouteSelection.Options(false, older, true);
      var lab =
          new SpeakerLab(
              SpeakerLab.config(AS, "10.0.0.1", Behavior.RFC).selection(options).build());
      lab.neighbor(R2, 65001, n -> n);
      lab.neighbor(R3, 65002, n -> n);
      var low = up(lab, R2, 65001);
      var high = up(lab, R3, 65002);
      announce(lab, high, set(path(65002), hop(R3)), P);
      lab.advance(Duration.ofSeconds(1));
      announce(lab, low, set(path(65001), hop(R2)), P);
      var best = lab.routes(SpeakerLab.V4).getFirst();
      assertThat(best.route().source().name()).isEqualTo("n" + (older ? R3 : R2));
      assertThat(best.decidedBy()).contains(older ? Rule.OLDER : Rule.ROUTER_ID);
    }
  }

  // ---- one encoding for all

  @Test
  void tellsManyNeighborsWithOneEncoding() {
    var lab = lab();
    var peers = new ArrayList<RawPeer>();
    for (int i = 0; i < 1000; i++) {
      var address = "10.1.%d.%d".formatted(i / 250, 1 + i % 250);
      lab.neighbor(address, 65100, n -> n);
      peers.add(up(lab, address, 65100));
    }
    long before = lab.speaker.encodings();
    lab.speaker.originate(Prefix.of(P), set(path()));
    lab.settle();
    assertThat(lab.speaker.encodings()).isEqualTo(before + 1);
    assertThat(peers).allMatch(peer -> told(peer, P));
    lab.speaker.withdraw(Prefix.of(P));
    lab.settle();
    assertThat(peers).noneMatch(peer -> told(peer, P));
  }

  // ---- ADD-PATH

  @Test
  void sendsAllPathsToThoseWhoTakeThem() {
    var lab = lab();
    lab.neighbor(R2, 65001, n -> n);
    lab.neighbor(R3, 65002, n -> n);
    lab.neighbor(R4, AS, n -> n.addPath(AddPathMode.BOTH));
    var one = up(lab, R2, 65001);
    var two = up(lab, R3, 65002);
    var watcher = up(lab, R4, AS, addPath(Capability.AddPath.RECEIVE));
    announce(lab, one, set(path(65001), hop(R2)), P);
    announce(lab, two, set(path(65002), hop(R3)), P);
    var ids =
        updates(watcher).stream()
            .flatMap(u -> u.nlri().stream())
            .map(n -> n.pathId().orElseThrow())
            .toList();
    assertThat(ids).hasSize(2).doesNotHaveDuplicates();
    watcher.send(new RouteRefreshMessage(SpeakerLab.V4, RouteRefreshMessage.REQUEST));
    lab.settle();
    assertThat(updates(watcher).stream().flatMap(u -> u.nlri().stream())).hasSize(4);
    withdraw(lab, one, P);
    var gone = updates(watcher).getLast().withdrawn();
    assertThat(gone).containsExactly(Nlri.of(Prefix.of(P), ids.getFirst()));
    assertThat(lab.has(P)).isTrue();
  }

  @Test
  void keepsPathsApartByIdentifier() {
    var lab = lab();
    lab.neighbor(R2, 65001, n -> n.addPath(AddPathMode.BOTH));
    var peer = up(lab, R2, 65001, addPath(3));
    update(lab, peer, set(path(65001), hop(R2)), 1, P);
    update(lab, peer, set(path(65001, 65001), hop(R2)), 2, P);
    assertThat(lab.routes(SpeakerLab.V4)).hasSize(2);
    update(lab, peer, PathAttributes.EMPTY, 1, P);
    assertThat(lab.routes(SpeakerLab.V4)).hasSize(1);
    assertThat(lab.routes(SpeakerLab.V4).getFirst().route().attributes().hops()).isEqualTo(2);
  }

  // ---- two-octet peers

  @Test
  void speaksToAnOldPeer() {
    var lab = lab();
    lab.neighbor(R2, 4200000001L, n -> n);
    lab.neighbor(R3, 65002, n -> n);
    var from = up(lab, R2, 4200000001L);
    var old =
        lab.connect(
            R3,
            OpenMessage.of(
                AsNumber.of(65002),
                90,
                BgpIdentifier.of(R3),
                List.of(new Capability.Multiprotocol(SpeakerLab.V4))),
            true);
    announce(lab, from, set(path(4200000001L, 65009), hop(R2)), P);
    assertThat(lastAttributes(old))
        .contains(
            path(65000, 23456, 65009),
            new PathAttribute.As4Path(
                AsPath.sequence(AsNumber.of(65000), AsNumber.of(4200000001L), AsNumber.of(65009))));
    announce(
        lab,
        old,
        set(
            path(65002, 23456),
            hop(R3),
            new PathAttribute.As4Path(
                AsPath.sequence(AsNumber.of(65002), AsNumber.of(4200000009L)))),
        "198.51.100.0/24");
    assertThat(
            lab.routes(SpeakerLab.V4).stream().map(v -> v.route().attributes().asPath().toString()))
        .contains("65002 4200000009");
  }

  // ---- roles

  @Test
  void customersOnly() {
    var lab = lab();
    lab.neighbor(R2, 65001, n -> n.role(Capability.Role.CUSTOMER, false));
    lab.neighbor(R3, 65002, n -> n.role(Capability.Role.PROVIDER, false));
    lab.neighbor(R4, 65003, n -> n.role(Capability.Role.PEER, false));
    var provider = up(lab, R2, 65001, new Capability.Role(Capability.Role.PROVIDER));
    var customer = up(lab, R3, 65002, new Capability.Role(Capability.Role.CUSTOMER));
    var equal = up(lab, R4, 65003, new Capability.Role(Capability.Role.PEER));
    announce(lab, provider, set(path(65001), hop(R2)), P);
    assertThat(told(customer, P)).isTrue();
    assertThat(lastAttributes(customer))
        .contains(new PathAttribute.OnlyToCustomer(AsNumber.of(65001)));
    assertThat(told(equal, P)).isFalse();
    announce(
        lab,
        customer,
        set(path(65002), hop(R3), new PathAttribute.OnlyToCustomer(AsNumber.of(65002))),
        "198.51.100.0/24");
    assertThat(lab.has("198.51.100.0/24")).isFalse();
  }

  // ---- big messages

  @Test
  void keepsToTheLimitOfEachPeer() {
    var lab = lab();
    lab.neighbor(R2, 65001, n -> n.extendedMessage(true));
    lab.neighbor(R3, 65002, n -> n);
    var big = up(lab, R2, 65001, new Capability.ExtendedMessage());
    var small = up(lab, R3, 65002);
    var many = new ArrayList<Community>();
    for (int i = 0; i < 1500; i++) {
      many.add(new Community(65001 << 16 | i));
    }
    announce(lab, big, set(path(65001), hop(R2), new PathAttribute.Communities(many)), P);
    assertThat(lab.has(P)).isTrue();
    assertThat(told(small, P)).isFalse();
    announce(lab, small, set(path(65002), hop(R3)), "198.51.100.0/24");
    assertThat(told(big, "198.51.100.0/24")).isTrue();
  }
}
