package dev.aviary.emulator.resource;

import dev.aviary.net.IpAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Calico's BGPPeer. At most one of {@code node} and {@code nodeSelector} is given, and neither for
 * a global peer; exactly one of {@code peer}, {@code peerSelector} and {@code
 * localWorkloadSelector}.
 *
 * @param as unsigned; empty with a selector
 * @param bindNodeIp sessions leave from the node's own address
 * @param ttlSecurity how many hops away it is at most (GTSM); empty for any
 * @param reverse a node that is the peer of another peers back
 */
public record BgpPeerResource(
    Metadata metadata,
    Source source,
    String node,
    String nodeSelector,
    Optional<Endpoint> peer,
    String peerSelector,
    String localWorkloadSelector,
    Optional<Long> as,
    Optional<Long> localAs,
    boolean keepOriginalNextHop,
    Optional<NextHopMode> nextHopMode,
    Optional<SecretKey> password,
    boolean bindNodeIp,
    Optional<Duration> maxRestartTime,
    Optional<Duration> keepaliveTime,
    int allowedLocalAs,
    Optional<Integer> ttlSecurity,
    Optional<IpAddress> reachableBy,
    boolean reverse,
    List<String> filters)
    implements Resource {
  public BgpPeerResource {
    filters = List.copyOf(filters);
  }

  /** What happens to the next hop of routes that are told to it. */
  public enum NextHopMode {
    AUTO("Auto"),
    SELF("Self"),
    KEEP("Keep");

    private final String text;

    NextHopMode(String text) {
      this.text = text;
    }

    /** As manifests have it. */
    public String text() {
      return text;
    }
  }

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
          .map(a -> new Endpoint(a, Optional.of(Integer.parseInt(port)).filter(p -> p != 0)));
    }
  }

  /** True if it is a peer of every node. */
  public boolean global() {
    return node.isEmpty() && nodeSelector.isEmpty();
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
            spec.text("localWorkloadSelector", ""),
            as(spec, "asNumber"),
            as(spec, "localASNumber"),
            spec.flag("keepOriginalNextHop", false),
            spec.oneOf("nextHopMode", NextHopMode.values(), NextHopMode::text),
            SecretKey.read(spec, "password"),
            !spec.oneOf("sourceAddress", List.of("UseNodeIP", "None"))
                .orElse("UseNodeIP")
                .equals("None"),
            spec.parsed("maxRestartTime", GoDuration::parse, GoDuration.EXPECTED),
            spec.parsed("keepaliveTime", GoDuration::parse, GoDuration.EXPECTED),
            spec.number("numAllowedLocalASNumbers", 0, 255).orElse(0),
            spec.number("ttlSecurity", 0, 255).filter(hops -> hops > 0),
            spec.parsed("reachableBy", IpAddress::parse, "an IP address"),
            !spec.oneOf("reversePeering", List.of("Auto", "Manual"))
                .orElse("Auto")
                .equals("Manual"),
            spec.texts("filters"));
    check(spec, read);
    spec.done();
    return read;
  }

  /** 0 counts as left out. */
  private static Optional<Long> as(Fields spec, String name) {
    return spec.text(name).filter("0"::equals).isPresent()
        ? Optional.empty()
        : spec.parsed(name, AsNumbers::parse, AsNumbers.EXPECTED);
  }

  private static void check(Fields spec, BgpPeerResource read) {
    if (!read.node().isEmpty() && !read.nodeSelector().isEmpty()) {
      spec.problem("node", "Node field must be empty when NodeSelector is specified");
    }
    if (!read.peerSelector().isEmpty() && spec.has("peerIP")) {
      spec.problem("peerIP", "PeerIP field must be empty when PeerSelector is specified");
    }
    if (!read.peerSelector().isEmpty() && read.as().isPresent()) {
      spec.problem("asNumber", "ASNumber field must be empty when PeerSelector is specified");
    }
    if (!read.localWorkloadSelector().isEmpty()) {
      if (spec.has("peerIP")) {
        spec.problem(
            "peerIP", "PeerIP field must be empty when LocalWorkloadSelector is specified");
      }
      if (!read.peerSelector().isEmpty()) {
        spec.problem(
            "peerSelector",
            "PeerSelector field must be empty when LocalWorkloadSelector is specified");
      }
      if (read.as().isEmpty()) {
        spec.problem("asNumber", "ASNumber must be set when LocalWorkloadSelector is specified");
      }
    } else if (!spec.has("peerIP") && read.peerSelector().isEmpty()) {
      spec.problem("peerIP", "is required, or peerSelector");
    }
    if (read.reachableBy().isPresent()) {
      if (read.peer().isEmpty()) {
        spec.problem("reachableBy", "ReachableBy field must be empty when PeerIP is empty");
      } else if (read.reachableBy().get().family() != read.peer().get().address().family()) {
        spec.problem("reachableBy", "ReachableBy and PeerIP address family mismatched");
      }
    }
    if (read.keepOriginalNextHop() && read.nextHopMode().isPresent()) {
      spec.problem("keepOriginalNextHop", "NextHopMode and KeepOriginalNextHop cannot both be set");
    }
  }
}
