package dev.aviary.emulator.node;

import dev.aviary.emulator.resource.BgpPeerResource;
import dev.aviary.emulator.resource.Resources;
import dev.aviary.felix.selector.Selector;
import dev.aviary.net.IpFamily;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Why no BGPPeer makes one node a peer of another: a line for each that was looked at. */
public final class PeeringReasons {
  private PeeringReasons() {}

  /** What each BGPPeer says against {@code own} having {@code other} as a peer. */
  public static List<String> of(
      Resources resources, NodeFacts own, NodeFacts other, IpFamily family) {
    var found = new ArrayList<String>();
    for (var peer : resources.of(BgpPeerResource.class)) {
      var forth = against(peer, own, other, family);
      var back = againstReverse(peer, own, other, family);
      if (forth.isPresent() && back.isPresent()) {
        found.add("BGPPeer " + peer.metadata().name() + ": " + forth.get() + "; " + back.get());
      }
    }
    return found;
  }

  private static Optional<String> against(
      BgpPeerResource peer, NodeFacts own, NodeFacts other, IpFamily family) {
    return notLocal(peer, own).or(() -> notRemote(peer, other, family));
  }

  /** The same resource may make it a peer the other way round. */
  private static Optional<String> againstReverse(
      BgpPeerResource peer, NodeFacts own, NodeFacts other, IpFamily family) {
    if (!peer.reverse()) {
      return Optional.of("reversePeering is Manual");
    }
    return notLocal(peer, other)
        .or(() -> notRemote(peer, own, family))
        .or(() -> anotherAs(peer, own))
        .map(text -> "the other way round " + text);
  }

  /** A node peers back only with whoever gives its AS. */
  private static Optional<String> anotherAs(BgpPeerResource peer, NodeFacts own) {
    return peer.as()
        .filter(as -> as != own.as())
        .map(as -> "asNumber is %d, and %s is AS %d".formatted(as, own.name(), own.as()));
  }

  private static Optional<String> notLocal(BgpPeerResource peer, NodeFacts own) {
    if (!peer.node().isEmpty()) {
      return peer.node().equals(own.name())
          ? Optional.empty()
          : Optional.of("node is " + peer.node() + ", not " + own.name());
    }
    return peer.nodeSelector().isEmpty() || matches(peer.nodeSelector(), own)
        ? Optional.empty()
        : Optional.of(
            "nodeSelector '%s' does not select %s".formatted(peer.nodeSelector(), own.name()));
  }

  private static Optional<String> notRemote(
      BgpPeerResource peer, NodeFacts other, IpFamily family) {
    if (!peer.localWorkloadSelector().isEmpty()) {
      return Optional.of("it is for pods (localWorkloadSelector)");
    }
    if (!peer.peerSelector().isEmpty()) {
      return matches(peer.peerSelector(), other)
          ? Optional.empty()
          : Optional.of(
              "peerSelector '%s' does not select %s".formatted(peer.peerSelector(), other.name()));
    }
    var address = other.address(family);
    return peer.peer()
        .filter(endpoint -> !Optional.of(endpoint.address()).equals(address))
        .map(
            endpoint ->
                "peerIP is %s, and %s is %s"
                    .formatted(
                        endpoint.address(),
                        other.name(),
                        address.map(Object::toString).orElse("nothing of this family")));
  }

  private static boolean matches(String selector, NodeFacts node) {
    return Selector.of(selector).matches(node.labels());
  }
}
