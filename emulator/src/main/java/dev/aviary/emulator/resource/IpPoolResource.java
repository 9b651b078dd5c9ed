package dev.aviary.emulator.resource;

import dev.aviary.net.IpFamily;
import dev.aviary.net.Ipv4Prefix;
import dev.aviary.net.Ipv6Prefix;
import dev.aviary.net.Prefix;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Calico's IPPool, with Calico's defaults filled in.
 *
 * @param namespaceSelector whose pods may use it, empty for all; followed from v3.31 on
 * @param assignmentMode whether it is used without being named; followed from v3.30 on
 */
public record IpPoolResource(
    Metadata metadata,
    Source source,
    Prefix cidr,
    int blockSize,
    TunnelMode ipipMode,
    TunnelMode vxlanMode,
    boolean natOutgoing,
    boolean disabled,
    boolean disableBgpExport,
    String nodeSelector,
    Set<Use> allowedUses,
    String namespaceSelector,
    AssignmentMode assignmentMode)
    implements Resource {
  private static final Prefix LINK_LOCAL_4 = Ipv4Prefix.of("169.254.0.0/16");
  private static final Prefix LINK_LOCAL_6 =
      Ipv6Prefix.of(dev.aviary.net.Ipv6Address.of("fe80::"), 10);

  public IpPoolResource {
    allowedUses = Set.copyOf(allowedUses);
  }

  /** When packets between nodes are encapsulated. */
  public enum TunnelMode {
    NEVER("Never"),
    ALWAYS("Always"),
    CROSS_SUBNET("CrossSubnet");

    private final String text;

    TunnelMode(String text) {
      this.text = text;
    }

    /** As manifests have it. */
    public String text() {
      return text;
    }
  }

  /** What its addresses may be for. */
  public enum Use {
    WORKLOAD("Workload"),
    TUNNEL("Tunnel"),
    LOAD_BALANCER("LoadBalancer");

    private final String text;

    Use(String text) {
      this.text = text;
    }

    /** As manifests have it. */
    public String text() {
      return text;
    }
  }

  /** When its addresses are given. */
  public enum AssignmentMode {
    AUTOMATIC("Automatic"),
    MANUAL("Manual");

    private final String text;

    AssignmentMode(String text) {
      this.text = text;
    }

    /** As manifests have it. */
    public String text() {
      return text;
    }
  }

  static Optional<IpPoolResource> read(Fields fields, Source source) {
    var metadata = Metadata.read(fields, false);
    var spec = fields.object("spec");
    var text = spec.required("cidr");
    var cidr = text.isEmpty() ? Optional.<Prefix>empty() : cidr(spec, text);
    int length = blockSize(spec, cidr);
    var ipip = mode(spec, "ipipMode");
    var vxlan = mode(spec, "vxlanMode");
    if (ipip != TunnelMode.NEVER && vxlan != TunnelMode.NEVER) {
      spec.problem("vxlanMode", "ipipMode and vxlanMode cannot both be enabled");
    }
    if (ipip != TunnelMode.NEVER && cidr.filter(c -> c.family() == IpFamily.IPV6).isPresent()) {
      spec.problem("ipipMode", "IPIP is not supported on an IPv6 pool");
    }
    boolean nat = spec.flag("natOutgoing", false);
    boolean disabled = spec.flag("disabled", false);
    boolean noExport = spec.flag("disableBGPExport", false);
    var selector = spec.text("nodeSelector", "all()");
    var uses = uses(spec);
    var namespaces = spec.text("namespaceSelector", "");
    var assignment =
        spec.oneOf("assignmentMode", AssignmentMode.values(), AssignmentMode::text)
            .orElse(AssignmentMode.AUTOMATIC);
    spec.done();
    fields.accept("status");
    return cidr.map(
        c ->
            new IpPoolResource(
                metadata,
                source,
                c,
                length,
                ipip,
                vxlan,
                nat,
                disabled,
                noExport,
                selector,
                uses,
                namespaces,
                assignment));
  }

  private static Optional<Prefix> cidr(Fields spec, String text) {
    var parsed = Prefix.parse(text);
    if (parsed.isEmpty()) {
      spec.problem("cidr", "must be a prefix such as 10.244.0.0/16, is '" + text + "'");
      return parsed;
    }
    var cidr = parsed.get();
    if (!text.startsWith(cidr.address().toString() + "/")
        && !Prefix.of(text)
            .address()
            .equals(dev.aviary.net.IpAddress.of(text.substring(0, text.indexOf('/'))))) {
      spec.problem("cidr", "IP pool CIDR is not strictly masked: '" + text + "'");
    }
    if (cidr.overlaps(LINK_LOCAL_4) || cidr.overlaps(LINK_LOCAL_6)) {
      spec.problem("cidr", "IpPool CIDR overlaps with IPv4 or IPv6 Link Local range");
    }
    return parsed;
  }

  private static int blockSize(Fields spec, Optional<Prefix> cidr) {
    boolean v6 = cidr.filter(c -> c.family() == IpFamily.IPV6).isPresent();
    int least = v6 ? 116 : 20;
    int most = v6 ? 128 : 32;
    int size = spec.number("blockSize", least, most).orElse(v6 ? 122 : 26);
    cidr.filter(c -> c.length() > size)
        .ifPresent(
            c ->
                spec.problem(
                    spec.has("blockSize") ? "blockSize" : "cidr",
                    "IP pool size is too small for use with Calico IPAM: %s has no /%d"
                        .formatted(c, size)));
    return size;
  }

  private static TunnelMode mode(Fields spec, String name) {
    return spec.oneOf(name, TunnelMode.values(), TunnelMode::text).orElse(TunnelMode.NEVER);
  }

  private static Set<Use> uses(Fields spec) {
    var given = spec.texts("allowedUses");
    if (given.isEmpty()) {
      return Set.of(Use.WORKLOAD, Use.TUNNEL);
    }
    var uses = new java.util.HashSet<Use>();
    for (var text : given) {
      switch (text) {
        case "Workload" -> uses.add(Use.WORKLOAD);
        case "Tunnel" -> uses.add(Use.TUNNEL);
        case "LoadBalancer" -> uses.add(Use.LOAD_BALANCER);
        default -> spec.problem("allowedUses", "unknown use: " + text);
      }
    }
    return uses;
  }

  /** The prefixes that are not allowed to overlap: one problem per pair, at the later pool. */
  static List<Problem> overlaps(List<IpPoolResource> pools) {
    var problems = new java.util.ArrayList<Problem>();
    for (int i = 0; i < pools.size(); i++) {
      for (int k = 0; k < i; k++) {
        if (pools.get(i).cidr().overlaps(pools.get(k).cidr())) {
          problems.add(
              pools
                  .get(i)
                  .source()
                  .problem(
                      "spec.cidr",
                      "IPPool(%s) CIDR %s overlaps with IPPool(%s) CIDR %s"
                          .formatted(
                              pools.get(i).metadata().name(),
                              pools.get(i).cidr(),
                              pools.get(k).metadata().name(),
                              pools.get(k).cidr())));
        }
      }
    }
    return problems;
  }
}
