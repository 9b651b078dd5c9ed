package dev.aviary.emulator.cli;

import dev.aviary.emulator.resource.Resource;
import dev.aviary.emulator.resource.ResourceKind;
import dev.aviary.emulator.resource.YamlNode;
import dev.aviary.emulator.resource.YamlNode.Mapping;
import dev.aviary.emulator.resource.YamlNode.Scalar;
import dev.aviary.emulator.resource.YamlNode.Sequence;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * calicoctl's table of one kind: which columns it has, and what stands in them.
 *
 * @param narrow the columns of {@code -o ps}
 * @param wide those of {@code -o wide}
 * @param all what can be asked for with {@code -o custom-columns}
 */
record ResourceTable(List<String> narrow, List<String> wide, List<String> all) {
  private static final int TRUNCATE_AT = 80;

  ResourceTable {
    narrow = List.copyOf(narrow);
    wide = List.copyOf(wide);
    all = List.copyOf(all);
  }

  private static ResourceTable of(String narrow, String wide) {
    var all = new ArrayList<>(List.of(wide.split(" ", -1)));
    for (var name : narrow.split(" ", -1)) {
      if (!all.contains(name)) {
        all.add(name);
      }
    }
    return new ResourceTable(List.of(narrow.split(" ", -1)), List.of(wide.split(" ", -1)), all);
  }

  /** Empty for kinds that calicoctl does not print. */
  static Optional<ResourceTable> of(ResourceKind kind) {
    return switch (kind.kind()) {
      case "Node" -> Optional.of(of("NAME", "NAME ASN IPV4 IPV6"));
      case "IPPool" ->
          Optional.of(
              of(
                  "NAME CIDR SELECTOR",
                  "NAME CIDR NAT IPIPMODE VXLANMODE DISABLED DISABLEBGPEXPORT SELECTOR"));
      case "BGPPeer" -> Optional.of(of("NAME PEERIP NODE ASN", "NAME PEERIP NODE ASN"));
      case "BGPConfiguration" ->
          Optional.of(
              of("NAME LOGSEVERITY MESHENABLED ASNUMBER", "NAME LOGSEVERITY MESHENABLED ASNUMBER"));
      case "BGPFilter" ->
          Optional.of(
              of(
                  "NAME NUMEXPORTV4 NUMIMPORTV4 NUMEXPORTV6 NUMIMPORTV6",
                  "NAME NUMEXPORTV4 NUMIMPORTV4 NUMEXPORTV6 NUMIMPORTV6"));
      case "NetworkPolicy", "GlobalNetworkPolicy" -> Optional.of(of("NAME", "NAME ORDER SELECTOR"));
      case "NetworkSet", "GlobalNetworkSet" -> Optional.of(of("NAME", "NAME NETS"));
      case "HostEndpoint" -> Optional.of(of("NAME NODE", "NAME NODE INTERFACE IPS PROFILES"));
      case "IPAMConfiguration" ->
          Optional.of(
              of(
                  "NAME STRICTAFFINITY AUTOALLOCATEBLOCKS",
                  "NAME STRICTAFFINITY AUTOALLOCATEBLOCKS MAXBLOCKSPERHOST"));
      case "IPReservation" -> Optional.of(of("NAME", "NAME CIDRS"));
      case "CalicoNodeStatus" -> Optional.of(of("NAME NODE", "NAME NODE CLASSES"));
      case "Profile" -> Optional.of(of("NAME", "NAME LABELS"));
      case "WorkloadEndpoint" ->
          Optional.of(
              of(
                  "WORKLOAD NODE NETWORKS INTERFACE",
                  "NAME WORKLOAD NODE NETWORKS INTERFACE PROFILES NATS"));
      default ->
          kind.group() == ResourceKind.Group.CALICO
              ? Optional.of(of("NAME", "NAME"))
              : Optional.empty();
    };
  }

  /** The cell of {@code resource} under {@code heading}. */
  static String cell(ResourceKind kind, Resource resource, String heading, long clusterAs) {
    var document = resource.source().document();
    return switch (heading) {
      case "NAME" -> resource.metadata().name();
      case "NAMESPACE" -> resource.metadata().namespace();
      case "ASN" ->
          kind.kind().equals("Node")
              ? nodeAs(document, clusterAs)
              : text(document, "spec.asNumber").orElse("0");
      case "IPV4" -> text(document, "spec.bgp.ipv4Address").orElse("");
      case "IPV6" -> text(document, "spec.bgp.ipv6Address").orElse("");
      case "CIDR" -> text(document, "spec.cidr").orElse("");
      case "NAT" -> text(document, "spec.natOutgoing").orElse("false");
      case "IPIPMODE" -> text(document, "spec.ipipMode").orElse("Never");
      case "VXLANMODE" -> text(document, "spec.vxlanMode").orElse("Never");
      case "DISABLED" -> text(document, "spec.disabled").orElse("false");
      case "DISABLEBGPEXPORT" -> text(document, "spec.disableBGPExport").orElse("false");
      case "SELECTOR" ->
          kind.kind().equals("IPPool")
              ? text(document, "spec.nodeSelector").orElse("all()")
              : text(document, "spec.selector").orElse("");
      case "PEERIP" -> text(document, "spec.peerIP").orElse("");
      case "NODE" ->
          kind.kind().equals("BGPPeer")
              ? text(document, "spec.node")
                  .or(() -> text(document, "spec.nodeSelector"))
                  .orElse("(global)")
              : text(document, "spec.node").orElse("");
      case "LOGSEVERITY" -> text(document, "spec.logSeverityScreen").orElse("Info");
      case "MESHENABLED" -> text(document, "spec.nodeToNodeMeshEnabled").orElse("-");
      case "ASNUMBER" -> text(document, "spec.asNumber").orElse("-");
      case "NUMEXPORTV4" -> count(document, "spec.exportV4");
      case "NUMIMPORTV4" -> count(document, "spec.importV4");
      case "NUMEXPORTV6" -> count(document, "spec.exportV6");
      case "NUMIMPORTV6" -> count(document, "spec.importV6");
      case "ORDER" -> text(document, "spec.order").orElse("<nil>");
      case "NETS" -> truncated(joined(document, "spec.nets"));
      case "CIDRS" -> truncated(joined(document, "spec.reservedCIDRs"));
      case "INTERFACE" -> text(document, "spec.interfaceName").orElse("");
      case "IPS" -> joined(document, "spec.expectedIPs");
      case "PROFILES" -> joined(document, "spec.profiles");
      case "STRICTAFFINITY" -> text(document, "spec.strictAffinity").orElse("false");
      case "AUTOALLOCATEBLOCKS" -> text(document, "spec.autoAllocateBlocks").orElse("true");
      case "MAXBLOCKSPERHOST" -> text(document, "spec.maxBlocksPerHost").orElse("0");
      case "CLASSES" -> joined(document, "spec.classes");
      case "LABELS" -> labels(document);
      case "WORKLOAD" ->
          text(document, "spec.workload").or(() -> text(document, "spec.pod")).orElse("");
      case "NETWORKS" -> joined(document, "spec.ipNetworks");
      case "NATS" -> joined(document, "spec.ipNATs");
      default -> "";
    };
  }

  private static String nodeAs(Mapping document, long clusterAs) {
    return find(document, "spec.bgp") == null
        ? ""
        : text(document, "spec.bgp.asNumber").orElse("(" + clusterAs + ")");
  }

  private static @Nullable YamlNode find(Mapping document, String path) {
    YamlNode at = document;
    for (var name : path.split("\\.", -1)) {
      at = at instanceof Mapping mapping ? mapping.find(name) : null;
      if (at == null) {
        return null;
      }
    }
    return at;
  }

  private static Optional<String> text(Mapping document, String path) {
    return find(document, path) instanceof Scalar scalar && !scalar.text().isEmpty()
        ? Optional.of(scalar.text())
        : Optional.empty();
  }

  private static String count(Mapping document, String path) {
    return find(document, path) instanceof Sequence list
        ? Integer.toString(list.items().size())
        : "0";
  }

  private static String joined(Mapping document, String path) {
    if (!(find(document, path) instanceof Sequence list)) {
      return "";
    }
    var texts = new ArrayList<String>();
    for (var item : list.items()) {
      if (item instanceof Scalar scalar) {
        texts.add(scalar.text());
      }
    }
    return String.join(",", texts);
  }

  private static String truncated(String text) {
    return text.length() > TRUNCATE_AT ? text.substring(0, TRUNCATE_AT - 3) + "..." : text;
  }

  private static String labels(Mapping document) {
    if (!(find(document, "spec.labelsToApply") instanceof Mapping labels)) {
      return "";
    }
    return String.join(",", labels.entries().keySet());
  }
}
