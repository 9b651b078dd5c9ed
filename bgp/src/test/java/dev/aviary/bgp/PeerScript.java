package dev.aviary.bgp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aviary.bgp.message.Capability;
import dev.aviary.bgp.message.Encoded;
import dev.aviary.bgp.message.UpdateMessage;
import dev.aviary.bgp.message.UpdatePacker;
import dev.aviary.bgp.message.WireAttribute;
import dev.aviary.bgp.route.AsNumber;
import dev.aviary.bgp.route.AsPath;
import dev.aviary.bgp.route.Behavior;
import dev.aviary.bgp.route.Nlri;
import dev.aviary.bgp.route.Origin;
import dev.aviary.bgp.route.PathAttribute;
import dev.aviary.bgp.route.PathAttributes;
import dev.aviary.bgp.transport.RawPeer;
import dev.aviary.net.Ipv4Address;
import dev.aviary.net.Prefix;
import java.util.ArrayList;
import java.util.List;

/** What tests have peers of a speaker say, and what those were told. */
final class PeerScript {
  static final String R2 = "10.0.0.2";
  static final String R3 = "10.0.0.3";
  static final String R4 = "10.0.0.4";
  static final long AS = 65000;
  static final String P = "203.0.113.0/24";

  static SpeakerLab lab(Behavior behavior) {
    return new SpeakerLab(SpeakerLab.config(AS, "10.0.0.1", behavior).build());
  }

  static SpeakerLab lab() {
    return lab(Behavior.RFC);
  }

  static PathAttributes set(PathAttribute... more) {
    var all = new ArrayList<PathAttribute>(List.of(more));
    all.add(new PathAttribute.OriginAttribute(Origin.IGP));
    return PathAttributes.of(all);
  }

  static PathAttribute path(long... ases) {
    var numbers = new AsNumber[ases.length];
    for (int i = 0; i < ases.length; i++) {
      numbers[i] = AsNumber.of(ases[i]);
    }
    return new PathAttribute.AsPathAttribute(AsPath.sequence(numbers));
  }

  static PathAttribute hop(String address) {
    return new PathAttribute.NextHop(Ipv4Address.of(address));
  }

  static PathAttribute localPref(int value) {
    return new PathAttribute.LocalPref(value);
  }

  /** Announces as {@code peer} would, encoded as its session has it. */
  static void announce(
      SpeakerLab lab, RawPeer peer, PathAttributes attributes, String... prefixes) {
    update(lab, peer, attributes, 0, prefixes);
  }

  static void update(
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

  static void withdraw(SpeakerLab lab, RawPeer peer, String... prefixes) {
    update(lab, peer, PathAttributes.EMPTY, 0, prefixes);
  }

  static List<UpdateMessage> updates(RawPeer peer) {
    return peer.received().stream()
        .filter(UpdateMessage.class::isInstance)
        .map(UpdateMessage.class::cast)
        .filter(u -> u.endOfRib().isEmpty())
        .toList();
  }

  static List<PathAttribute> lastAttributes(RawPeer peer) {
    return updates(peer).getLast().attributes().stream().map(WireAttribute::value).toList();
  }

  static boolean told(RawPeer peer, String prefix) {
    var wanted = Prefix.of(prefix);
    boolean told = false;
    for (var update : updates(peer)) {
      told &= update.withdrawn().stream().noneMatch(n -> n.prefix().equals(wanted));
      told |= update.nlri().stream().anyMatch(n -> n.prefix().equals(wanted));
    }
    return told;
  }

  static RawPeer up(SpeakerLab lab, String address, long as, Capability... more) {
    return lab.connect(address, SpeakerLab.open(as, address, more), true);
  }

  static Capability restart(boolean restarting, boolean forwarding) {
    return new Capability.GracefulRestart(
        restarting,
        false,
        60,
        List.of(new Capability.GracefulRestart.RestartFamily(SpeakerLab.V4, forwarding)));
  }

  static byte[] endOfRib() {
    var encoded = Encoded.allocate(64);
    UpdatePacker.endOfRib(SpeakerLab.V4, encoded);
    var octets = new byte[encoded.size()];
    encoded.octets().getBytes(0, octets);
    encoded.release();
    return octets;
  }

  private PeerScript() {}

  static Capability addPath(int mode) {
    return new Capability.AddPath(
        List.of(new Capability.AddPath.AddPathFamily(SpeakerLab.V4, mode)));
  }
}
