package dev.aviary.emulator.resource;

import dev.aviary.net.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Kubernetes' Pod, as far as networking looks at it.
 *
 * @param node where it runs; empty if it is not scheduled
 * @param addresses those that the annotation {@code cni.projectcalico.org/ipAddrs} or its status
 *     fixes; empty if IPAM is to choose
 * @param pools those that {@code cni.projectcalico.org/ipv4pools} and {@code ipv6pools} name
 * @param mac the annotation {@code cni.projectcalico.org/hwAddr}
 * @param finished it succeeded or failed, and has no address any more
 */
public record PodResource(
    Metadata metadata,
    Source source,
    String node,
    String serviceAccount,
    boolean hostNetwork,
    boolean finished,
    boolean ready,
    List<ContainerPort> ports,
    List<IpAddress> addresses,
    List<String> pools,
    Optional<String> mac)
    implements Resource {
  private static final String ANNOTATION = "cni.projectcalico.org/";
  private static final Pattern MAC = Pattern.compile("([0-9a-fA-F]{2}:){5}[0-9a-fA-F]{2}");
  private static final Pattern JSON_LIST =
      Pattern.compile("\\s*\\[\\s*(\"[^\"]*\"(\\s*,\\s*\"[^\"]*\")*)?\\s*]\\s*");
  private static final Pattern JSON_TEXT = Pattern.compile("\"([^\"]*)\"");

  public PodResource {
    ports = List.copyOf(ports);
    addresses = List.copyOf(addresses);
    pools = List.copyOf(pools);
  }

  /** A port that a container declares. */
  public record ContainerPort(String name, Protocol protocol, int port) {}

  static PodResource read(Fields fields, Source source) {
    var metadata = Metadata.read(fields, true);
    var spec = fields.object("spec");
    var ports = new ArrayList<ContainerPort>();
    for (var container : spec.objects("containers")) {
      for (var port : container.objects("ports")) {
        var protocol = Protocol.read(port, "protocol");
        port.number("containerPort", 1, 65535)
            .ifPresent(n -> ports.add(new ContainerPort(port.text("name", ""), protocol, n)));
      }
    }
    var status = fields.object("status");
    var phase = status.text("phase", "Running");
    boolean ready =
        status.objects("conditions").stream()
            .filter(c -> c.text("type", "").equals("Ready"))
            .allMatch(c -> !c.text("status", "True").equals("False"));
    return new PodResource(
        metadata,
        source,
        spec.text("nodeName", ""),
        spec.text("serviceAccountName", "default"),
        spec.flag("hostNetwork", false),
        phase.equals("Succeeded") || phase.equals("Failed"),
        ready,
        ports,
        addresses(fields, metadata, status),
        pools(fields, metadata),
        mac(fields, metadata));
  }

  /** True if it has its addresses from its status: it ran when that was written. */
  public boolean isPlaced() {
    return !addresses.isEmpty() && !metadata.annotations().containsKey(ANNOTATION + "ipAddrs");
  }

  private static List<IpAddress> addresses(Fields fields, Metadata metadata, Fields status) {
    var found = new ArrayList<IpAddress>();
    for (var text : list(fields, metadata, "ipAddrs")) {
      IpAddress.parse(text)
          .ifPresentOrElse(
              found::add,
              () -> annotationProblem(fields, "ipAddrs", "'" + text + "' is no IP address"));
    }
    if (found.stream().map(IpAddress::family).distinct().count() != found.size()) {
      annotationProblem(fields, "ipAddrs", "has more than one address of a family");
    }
    if (!found.isEmpty()) {
      return found;
    }
    for (var ip : status.objects("podIPs")) {
      ip.parsed("ip", IpAddress::parse, "an IP address").ifPresent(found::add);
    }
    if (found.isEmpty()) {
      status.parsed("podIP", IpAddress::parse, "an IP address").ifPresent(found::add);
    }
    return found;
  }

  /** What a pod's or a namespace's annotations say of pools, by name or by prefix. */
  static List<String> pools(Fields fields, Metadata metadata) {
    var found = new ArrayList<String>();
    found.addAll(list(fields, metadata, "ipv4pools"));
    found.addAll(list(fields, metadata, "ipv6pools"));
    return found;
  }

  private static Optional<String> mac(Fields fields, Metadata metadata) {
    var mac = Optional.ofNullable(metadata.annotations().get(ANNOTATION + "hwAddr"));
    if (mac.isPresent() && !MAC.matcher(mac.get()).matches()) {
      annotationProblem(fields, "hwAddr", "'" + mac.get() + "' is no MAC address");
      return Optional.empty();
    }
    return mac;
  }

  private static void annotationProblem(Fields fields, String name, String text) {
    fields.object("metadata").object("annotations").problem(ANNOTATION + name, text);
  }

  /** An annotation whose value is a JSON array of texts. */
  private static List<String> list(Fields fields, Metadata metadata, String name) {
    var value = metadata.annotations().get(ANNOTATION + name);
    if (value == null) {
      return List.of();
    }
    if (!JSON_LIST.matcher(value).matches()) {
      annotationProblem(
          fields, name, "must be a JSON array such as [\"10.244.0.5\"], is '" + value + "'");
      return List.of();
    }
    return JSON_TEXT.matcher(value).results().map(m -> m.group(1)).toList();
  }
}
