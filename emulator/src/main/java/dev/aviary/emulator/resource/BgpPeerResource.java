package dev.aviary.emulator.resource;

import dev.aviary.net.IpAddress;
import java.util.Optional;

/**
 * Calico's BGPPeer. Exactly one of {@code peer} and {@code peerSelector} is given; at most one of
 * {@code node} and {@code nodeSelector}, and neither for a global peer.
 */
public record BgpPeerResource(
    Metadata metadata,
    Source source,
    String node,
    String nodeSelector,
    Optional<Endpoint> peer,
    String peerSelector,
    Optional<Long> as,
    boolean keepOriginalNextHop)
    implements Resource {

  /** An address, and a port where one was written. */
  public record Endpoint(IpAddress address, Optional<Integer> port) {
    static Optional<Endpoint> parse(String text) {
      if (text.startsWith("[")) {
        int end = text.indexOf("]:");
        return end < 0 ? Optional.empty() : of(text.substring(1, end), text.substring(end + 2));
      }
      int colon = text.indexOf(':');
      return colon > 0 && colon == text.lastIndexOf(':')
          ? of(text.substring(0, colon), text.substring(colon + 1))
          : IpAddress.parse(text).map(a -> new Endpoint(a, Optional.empty()));
    }

    private static Optional<Endpoint> of(String address, String port) {
      if (!port.matches("[0-9]{1,5}") || Integer.parseInt(port) > 65535) {
        return Optional.empty();
      }
      return IpAddress.parse(address)
          .map(a -> new Endpoint(a, Optional.of(Integer.parseInt(port))));
    }
  }

  static BgpPeerResource read(Fields fields, Source source) {
    var metadata = Metadata.read(fields, false);
    var spec = fields.object("spec");
    var read =
        new BgpPeerResource(
            metadata,
            source,
            spec.text("node", ""),
            spec.text("nodeSelector", ""),
            spec.parsed("peerIP", Endpoint::parse, "an address, or an address and a port"),
            spec.text("peerSelector", ""),
            spec.parsed("asNumber", AsNumbers::parse, AsNumbers.EXPECTED),
            spec.flag("keepOriginalNextHop", false));
    if (!read.node().isEmpty() && !read.nodeSelector().isEmpty()) {
      spec.problem("node", "cannot be set together with nodeSelector");
    }
    if (spec.has("peerIP") && !read.peerSelector().isEmpty()) {
      spec.problem("peerIP", "cannot be set together with peerSelector");
    }
    if (!spec.has("peerIP") && read.peerSelector().isEmpty()) {
      spec.problem("peerIP", "is required, or peerSelector");
    }
    if (spec.has("asNumber") && !read.peerSelector().isEmpty()) {
      spec.problem("asNumber", "cannot be set together with peerSelector");
    }
    for (var unsupported : java.util.List.of("password", "maxRestartTime", "sourceAddress")) {
      if (spec.has(unsupported)) {
        spec.problem(unsupported, "is not implemented yet");
      }
    }
    spec.done();
    return read;
  }
}
