package dev.aviary.bgp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aviary.bgp.NeighborConfig.AddPathMode;
import dev.aviary.bgp.NeighborConfig.GracefulRestartMode;
import dev.aviary.bgp.NeighborConfig.LimitAction;
import dev.aviary.bgp.NeighborConfig.MaximumPrefixes;
import dev.aviary.bgp.message.Capability;
import dev.aviary.bgp.message.Encoded;
import dev.aviary.bgp.message.NotificationMessage;
import dev.aviary.bgp.message.OpenMessage;
import dev.aviary.bgp.message.RouteRefreshMessage;
import dev.aviary.bgp.message.UpdateMessage;
import dev.aviary.bgp.message.UpdatePacker;
import dev.aviary.bgp.message.WireAttribute;
import dev.aviary.bgp.policy.Condition;
import dev.aviary.bgp.policy.Policy;
import dev.aviary.bgp.policy.PrefixList;
import dev.aviary.bgp.policy.Statement;
import dev.aviary.bgp.rib.RouteDissemination.NextHopRule;
import dev.aviary.bgp.rib.RouteSelection.Rule;
import dev.aviary.bgp.route.AsNumber;
import dev.aviary.bgp.route.AsPath;
import dev.aviary.bgp.route.Behavior;
import dev.aviary.bgp.route.BgpIdentifier;
import dev.aviary.bgp.route.Community;
import dev.aviary.bgp.route.Nlri;
import dev.aviary.bgp.route.Origin;
import dev.aviary.bgp.route.PathAttribute;
import dev.aviary.bgp.route.PathAttributes;
import dev.aviary.bgp.transport.RawPeer;
import dev.aviary.net.Ipv4Address;
import dev.aviary.net.Prefix;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a speaker does with routes and sessions, seen by peers that do what the test says. */
class SpeakerFeaturesTest {
  private static final String R2 = "10.0.0.2";
  private static final String R3 = "10.0.0.3";
  private static final String R4 = "10.0.0.4";
  private static final long AS = 65000;
  private static final String P = "203.0.113.0/24";

  private static SpeakerLab lab(Behavior behavior) {
    return new SpeakerLab(SpeakerLab.config(AS, "10.0.0.1", behavior).build());
  }

  private static SpeakerLab lab() {
    return lab(Behavior.RFC);
  }

  private static PathAttributes set(PathAttribute... more) {
    var all = new ArrayList<PathAttribute>(List.of(more));
    all.add(new PathAttribute.OriginAttribute(Origin.IGP));
    return PathAttributes.of(all);
  }

  private static PathAttribute path(long... ases) {
    var numbers = new AsNumber[ases.length];
    for (int i = 0; i < ases.length; i++) {
      numbers[i] = AsNumber.of(ases[i]);
    }
    return new PathAttribute.AsPathAttribute(AsPath.sequence(numbers));
  }

  private static PathAttribute hop(String address) {
    return new PathAttribute.NextHop(Ipv4Address.of(address));
  }

  private static PathAttribute localPref(int value) {
    return new PathAttribute.LocalPref(value);
  }

  /** Announces as {@code peer} would, encoded as its session has it. */
  private static void announce(
      SpeakerLab lab, RawPeer peer, PathAttributes attributes, String... prefixes) {
    update(lab, peer, attributes, 0, prefixes);
  }

  private static void update(
      SpeakerLab lab, RawPeer peer, PathAttributes attributes, int pathId, String... prefixes) {
    var packer = new UpdatePacker(SpeakerLab.V4, peer.options());
    var encoded = Encoded.allocate(512);
    if (attributes.size() == 0) {
      packer.withdraw();
    } else {
      assertThat(packer.announce(attributes)).isTrue();
    }
    for (var text : prefixes) {
      var prefix = Prefix.of(text);
      packer.add(encoded, Nlri.high(prefix), Nlri.low(prefix), prefix.length(), pathId);
    }
    packer.end(encoded);
    var octets = new byte[encoded.size()];
    encoded.octets().getBytes(0, octets);
    encoded.release();
    peer.send(octets);
    lab.settle();
  }

  private static void withdraw(SpeakerLab lab, RawPeer peer, String... prefixes) {
    update(lab, peer, PathAttributes.EMPTY, 0, prefixes);
  }

  private static List<UpdateMessage> updates(RawPeer peer) {
    return peer.received().stream()
        .filter(UpdateMessage.class::isInstance)
        .map(UpdateMessage.class::cast)
        .filter(u -> u.endOfRib().isEmpty())
        .toList();
  }

  private static List<PathAttribute> lastAttributes(RawPeer peer) {
    return updates(peer).getLast().attributes().stream().map(WireAttribute::value).toList();
  }

  private static boolean told(RawPeer peer, String prefix) {
    var wanted = Prefix.of(prefix);
    boolean told = false;
    for (var update : updates(peer)) {
      told &= update.withdrawn().stream().noneMatch(n -> n.prefix().equals(wanted));
      told |= update.nlri().stream().anyMatch(n -> n.prefix().equals(wanted));
    }
    return told;
  }

  private static RawPeer up(SpeakerLab lab, String address, long as, Capability... more) {
    return lab.connect(address, SpeakerLab.open(as, address, more), true);
  }

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

  // ---- one encoding for all

  @Test
  void tellsManyNeighborsWithOneEncoding() {
    var lab = lab();
    var peers = new ArrayList<RawPeer>();
    for (int i = 1; i <= 100; i++) {
      lab.neighbor("10.0.1." + i, 65100, n -> n);
      peers.add(up(lab, "10.0.1." + i, 65100));
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

  // ---- refresh

  @Test
  void sendsEverythingAgainBetweenMarkers() {
    var lab = lab();
    lab.neighbor(R2, 65001, n -> n);
    lab.speaker.originate(Prefix.of(P), set(path()));
    var peer = up(lab, R2, 65001, new Capability.EnhancedRefresh());
    assertThat(updates(peer)).hasSize(1);
    peer.send(new RouteRefreshMessage(SpeakerLab.V4, RouteRefreshMessage.REQUEST));
    lab.settle();
    assertThat(updates(peer)).hasSize(2);
    assertThat(peer.last(RouteRefreshMessage.class).orElseThrow().subtype())
        .isEqualTo(RouteRefreshMessage.END);
    assertThat(lab.speaker.refresh("n" + R2)).isTrue();
    lab.settle();
    announce(lab, peer, set(path(65001), hop(R2)), "10.1.0.0/16", "10.2.0.0/16");
    peer.send(new RouteRefreshMessage(SpeakerLab.V4, RouteRefreshMessage.BEGIN));
    announce(lab, peer, set(path(65001), hop(R2)), "10.1.0.0/16");
    peer.send(new RouteRefreshMessage(SpeakerLab.V4, RouteRefreshMessage.END));
    lab.settle();
    assertThat(lab.has("10.1.0.0/16")).isTrue();
    assertThat(lab.has("10.2.0.0/16")).isFalse();
  }

  // ---- ADD-PATH

  private static Capability addPath(int mode) {
    return new Capability.AddPath(
        List.of(new Capability.AddPath.AddPathFamily(SpeakerLab.V4, mode)));
  }

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

  // ---- collision

  @Test
  void oneOfTwoConnectionsSurvives() {
    var lab = lab();
    lab.neighbor(R2, 65001, n -> n);
    var first = lab.connect(R2, SpeakerLab.open(65001, R2), false);
    var second = lab.connect(R2);
    second.send(SpeakerLab.open(65001, R2));
    lab.settle();
    var loser = first.isOpen() ? second : first;
    var cease = loser.last(NotificationMessage.class).orElseThrow();
    assertThat(cease.code() + "/" + cease.subcode()).isEqualTo("6/7");
    assertThat(first.isOpen() || second.isOpen()).isTrue();
  }

  // ---- graceful restart

  private static Capability restart(boolean restarting, boolean forwarding) {
    return new Capability.GracefulRestart(
        restarting,
        false,
        60,
        List.of(new Capability.GracefulRestart.RestartFamily(SpeakerLab.V4, forwarding)));
  }

  @Test
  void keepsRoutesWhileAPeerRestarts() {
    var lab = lab();
    lab.neighbor(R2, 65001, n -> n);
    lab.neighbor(R3, 65002, n -> n);
    var watcher = up(lab, R3, 65002);
    var peer = up(lab, R2, 65001, restart(false, true));
    announce(lab, peer, set(path(65001), hop(R2)), P, "198.51.100.0/24");
    peer.close();
    lab.settle();
    assertThat(lab.has(P)).isTrue();
    assertThat(told(watcher, P)).isTrue();
    int before = updates(watcher).size();
    var back = up(lab, R2, 65001, restart(true, true));
    announce(lab, back, set(path(65001), hop(R2)), P);
    assertThat(lab.has("198.51.100.0/24")).isTrue();
    back.send(endOfRib());
    lab.settle();
    assertThat(lab.has(P)).isTrue();
    assertThat(lab.has("198.51.100.0/24")).isFalse();
    assertThat(updates(watcher)).hasSize(before + 1);
    back.close();
    lab.advance(Duration.ofSeconds(61));
    assertThat(lab.has(P)).isFalse();
  }

  @Test
  void dropsRoutesOfAPeerThatComesBackWithout() {
    var lab = lab();
    lab.neighbor(R2, 65001, n -> n);
    var peer = up(lab, R2, 65001, restart(false, true));
    announce(lab, peer, set(path(65001), hop(R2)), P);
    peer.close();
    lab.settle();
    assertThat(lab.has(P)).isTrue();
    up(lab, R2, 65001, restart(true, false));
    assertThat(lab.has(P)).isFalse();
  }

  @Test
  void keepsRoutesLongIfThatIsAgreed() {
    var lab = lab();
    lab.neighbor(R2, 65001, n -> n.longLived(true, Duration.ZERO, Duration.ofHours(1)));
    var peer =
        up(
            lab,
            R2,
            65001,
            restart(false, true),
            new Capability.LongLivedGracefulRestart(
                List.of(
                    new Capability.LongLivedGracefulRestart.LongLivedFamily(
                        SpeakerLab.V4, true, 600))));
    announce(lab, peer, set(path(65001), hop(R2)), P);
    peer.close();
    lab.advance(Duration.ofSeconds(61));
    assertThat(lab.routes(SpeakerLab.V4).getFirst().route().attributes().has(Community.LLGR_STALE))
        .isTrue();
    lab.advance(Duration.ofSeconds(601));
    assertThat(lab.has(P)).isFalse();
  }

  @Test
  void waitsForOthersWhenItRestarts() {
    var lab =
        new SpeakerLab(SpeakerLab.config(AS, "10.0.0.1", Behavior.RFC).restarting(true).build());
    lab.neighbor(R2, 65001, n -> n.gracefulRestart(GracefulRestartMode.ABLE));
    lab.speaker.originate(Prefix.of(P), set(path()));
    var peer = up(lab, R2, 65001, restart(false, true));
    var theirs = peer.last(OpenMessage.class).orElseThrow();
    assertThat(theirs.find(Capability.GracefulRestart.class).orElseThrow().restarting()).isTrue();
    assertThat(peer.last(UpdateMessage.class)).isEmpty();
    peer.send(endOfRib());
    lab.settle();
    assertThat(told(peer, P)).isTrue();
  }

  private static byte[] endOfRib() {
    var encoded = Encoded.allocate(64);
    UpdatePacker.endOfRib(SpeakerLab.V4, encoded);
    var octets = new byte[encoded.size()];
    encoded.octets().getBytes(0, octets);
    encoded.release();
    return octets;
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

  // ---- dynamic neighbors

  @Test
  void takesNeighborsFromARange() {
    var lab = lab();
    lab.speaker.addDynamic(
        Prefix.of("10.9.0.0/24"),
        NeighborConfig.builder("dyn", dev.aviary.net.IpAddress.of("10.9.0.0"), AsNumber.of(65009))
            .build());
    var peer = up(lab, "10.9.0.7", 65009);
    announce(lab, peer, set(path(65009), hop("10.9.0.7")), P);
    assertThat(lab.has(P)).isTrue();
    assertThat(lab.speaker.view().neighbor("dyn1")).isPresent();
    peer.close();
    lab.settle();
    assertThat(lab.speaker.view().neighbors()).isEmpty();
    assertThat(lab.connect("10.8.0.1").isOpen()).isFalse();
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

  // ---- neighbors come and go

  @Test
  void otherNeighborsAreNotTouched() {
    var lab = lab();
    lab.neighbor(R2, 65001, n -> n);
    lab.neighbor(R3, 65002, n -> n);
    var one = up(lab, R2, 65001);
    var two = up(lab, R3, 65002);
    announce(lab, one, set(path(65001), hop(R2)), P);
    lab.speaker.remove("n" + R2);
    lab.settle();
    var cease = one.last(NotificationMessage.class).orElseThrow();
    assertThat(cease.code() + "/" + cease.subcode()).isEqualTo("6/3");
    assertThat(told(two, P)).isFalse();
    assertThat(two.isOpen()).isTrue();
    lab.speaker.disable("n" + R3, "maintenance");
    lab.settle();
    assertThat(two.last(NotificationMessage.class).orElseThrow().text()).contains("maintenance");
    lab.speaker.enable("n" + R3);
    assertThat(up(lab, R3, 65002).isOpen()).isTrue();
  }

  private static Policy within(String prefix) {
    return new Policy(
        "within " + prefix,
        List.of(
            Statement.accept(
                new Condition.PrefixIn(PrefixList.of(PrefixList.within(Prefix.of(prefix)))))),
        Policy.Otherwise.REJECT);
  }

  @Test
  void policiesChangeWithoutANewSession() {
    for (var mode : List.of(AddPathMode.OFF, AddPathMode.BOTH)) {
      var lab = lab();
      lab.neighbor(R2, 65001, n -> n.addPath(mode));
      lab.neighbor(R3, 65002, n -> n);
      lab.speaker.originate(Prefix.of("10.1.0.0/16"), set(path()));
      lab.speaker.originate(Prefix.of("10.2.0.0/16"), set(path()));
      var peer = up(lab, R2, 65001, addPath(3));
      var other = up(lab, R3, 65002);
      assertThat(told(peer, "10.2.0.0/16")).isTrue();
      int before = updates(other).size();
      lab.speaker.change(
          NeighborConfig.builder("n" + R2, dev.aviary.net.IpAddress.of(R2), AsNumber.of(65001))
              .families(SpeakerLab.V4, SpeakerLab.V6)
              .addPath(mode)
              .exportPolicy(within("10.1.0.0/16"))
              .importPolicy(Policy.REJECT)
              .build());
      lab.settle();
      assertThat(peer.isOpen()).isTrue();
      assertThat(told(peer, "10.1.0.0/16")).isTrue();
      assertThat(told(peer, "10.2.0.0/16")).isFalse();
      assertThat(peer.last(RouteRefreshMessage.class)).isPresent();
      assertThat(updates(other)).hasSize(before);
      lab.speaker.originate(Prefix.of("10.1.1.0/24"), set(path()));
      lab.speaker.originate(Prefix.of("10.3.0.0/16"), set(path()));
      lab.settle();
      assertThat(told(peer, "10.1.1.0/24")).isTrue();
      assertThat(told(peer, "10.3.0.0/16")).isFalse();
    }
  }

  @Test
  void mistakesNameTheNeighborAndTheField() {
    var builder = NeighborConfig.builder("tor", dev.aviary.net.IpAddress.of(R2), AsNumber.of(0));
    org.assertj.core.api.Assertions.assertThatIllegalArgumentException()
        .isThrownBy(builder::build)
        .withMessage("neighbor tor: as is 0 (RFC 7607)");
  }

  @Test
  void eventsTellTheStoryOfASession() {
    var lab = lab();
    var events = new ArrayList<String>();
    lab.speaker.watcher(event -> events.add(event.toString().replaceAll(", at=[^,\\]]*", "")));
    lab.neighbor(R2, 65001, n -> n);
    var peer = up(lab, R2, 65001);
    peer.send(endOfRib());
    lab.settle();
    peer.close();
    lab.settle();
    assertThat(events)
        .containsExactly(
            "StateChanged[neighbor=n10.0.0.2, before=Idle, after=Active]",
            "StateChanged[neighbor=n10.0.0.2, before=Active, after=OpenSent]",
            "StateChanged[neighbor=n10.0.0.2, before=OpenSent, after=OpenConfirm]",
            "StateChanged[neighbor=n10.0.0.2, before=OpenConfirm, after=Established]",
            "EndOfRib[neighbor=n10.0.0.2, family=1/1]",
            "SessionFailed[neighbor=n10.0.0.2, reason=Socket: Connection closed]",
            "StateChanged[neighbor=n10.0.0.2, before=Established, after=Idle]",
            "StateChanged[neighbor=n10.0.0.2, before=Idle, after=Active]");
  }

  @Test
  void holdTimerEndsASilentSession() {
    var lab = lab();
    lab.neighbor(R2, 65001, n -> n);
    var peer = up(lab, R2, 65001);
    lab.advance(Duration.ofSeconds(89));
    assertThat(peer.isOpen()).isTrue();
    lab.advance(Duration.ofSeconds(2));
    assertThat(peer.last(NotificationMessage.class).orElseThrow().code()).isEqualTo(4);
    assertThat(lab.speaker.view().neighbors().getFirst().lastError())
        .isEqualTo("BGP Error: Hold timer expired");
  }
}
