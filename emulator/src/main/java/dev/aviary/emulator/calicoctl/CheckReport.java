package dev.aviary.emulator.calicoctl;

import dev.aviary.emulator.cluster.JsonText;
import dev.aviary.ipam.Block;
import dev.aviary.ipam.Handle;
import dev.aviary.ipam.IpamException;
import dev.aviary.ipam.IpamJson;
import dev.aviary.ipam.IpamKey;
import dev.aviary.ipam.IpamVariant;
import dev.aviary.ipam.PoolSpec;
import dev.aviary.net.IpAddress;
import dev.aviary.net.Prefix;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** {@code ipam check}: who has an address without using it, and who uses one without having it. */
final class CheckReport {
  private static final int NODES_TO_PRINT = 20;
  private static final String WINDOWS = "windows-reserved-ipam-handle";

  private final IpamSite site;
  private final boolean all;
  private final boolean problemsToo;
  private final boolean master;
  private final StringBuilder out = new StringBuilder();
  private final Map<IpAddress, List<Allocation>> allocations = new LinkedHashMap<>();
  private final Map<IpAddress, List<String>> owners = new LinkedHashMap<>();
  private final Map<String, String> leakedHandles = new TreeMap<>();
  private int problems;

  /** An address that a block records as taken. */
  private record Allocation(Block block, int ordinal, Block.Attributes attributes) {
    boolean windows() {
      return attributes.handle() != null && attributes.handle().equalsIgnoreCase(WINDOWS);
    }

    boolean cooling() {
      return attributes.releasedAt() != null;
    }

    /** Who uses it, or failing that whose block it is in. */
    String node() {
      var node = attributes.secondary().get("node");
      return node == null ? block.host().orElse("") : node;
    }

    boolean borrowed() {
      var node = attributes.secondary().get("node");
      return node != null && !node.equals(block.host().orElse(""));
    }

    String text() {
      var extra = pairs(attributes.secondary());
      var second = attributes.secondOwner();
      return "Main:%s Extra:%s%s"
          .formatted(
              attributes.handle() == null ? "<none>" : attributes.handle(),
              extra,
              second.isEmpty() ? "" : " Alternate:" + pairs(second));
    }

    private static String pairs(Map<String, String> attrs) {
      return new TreeMap<>(attrs)
          .entrySet().stream()
              .map(e -> e.getKey() + "=" + e.getValue())
              .collect(Collectors.joining(","));
    }
  }

  private CheckReport(IpamSite site, boolean all, boolean problemsToo) {
    this.site = site;
    this.all = all;
    this.problemsToo = problemsToo || all;
    this.master = site.variant() == IpamVariant.MASTER;
  }

  /** The report, all of it done. */
  static CheckReport of(IpamSite site, boolean all, boolean problemsToo) throws IpamException {
    var report = new CheckReport(site, all, problemsToo);
    report.run();
    return report;
  }

  String text() {
    return out.toString();
  }

  @SuppressWarnings("AnnotateFormatMethod") // the annotation is a library's that is not needed else
  private void line(String format, Object... values) {
    out.append(values.length == 0 ? format : format.formatted(values)).append('\n');
  }

  private void run() throws IpamException {
    line("Checking IPAM for inconsistencies...");
    line("");
    var blocks = site.store().list(IpamKey.ALL_BLOCKS, Block.class);
    line("Loading all IPAM blocks...");
    line("Found %d IPAM blocks.", blocks.size());
    blocks.forEach(stored -> load(stored.value()));
    line(
        "IPAM blocks record %d allocations.",
        allocations.values().stream().mapToInt(List::size).sum());
    line("");
    var active = pools();
    nodes();
    if (master) {
      line("Loading all service load balancer IPs.");
      line("No configuration for LoadBalancer kubecontroller found, skipping service check");
      line("");
    }
    workloads();
    var handles = new TreeMap<String, String>();
    if (master) {
      line("Loading all handles");
      for (var handle : site.store().list(IpamKey.HANDLES, Handle.class)) {
        if (handle.key() instanceof IpamKey.HandleKey(var id)) {
          handles.put(id, Long.toString(handle.revision()));
        }
      }
    }
    topNodes();
    leaks();
    unallocated(active);
    if (master) {
      handles(handles);
      validate(blocks.stream().map(stored -> stored.value()).toList());
    }
    line("Check complete; found %d problems.", problems);
  }

  private void load(Block block) {
    line(
        " IPAM block %s affinity=%s:",
        block.cidr(), block.affinity() == null ? "<none>" : block.affinity());
    for (int i = 0; i < block.size(); i++) {
      var attributes = block.owner(i);
      if (attributes == null) {
        continue;
      }
      var allocation = new Allocation(block, i, attributes);
      var address = block.address(i);
      allocations.computeIfAbsent(address, _ -> new ArrayList<>()).add(allocation);
      if (all) {
        line("  %s allocated; attrs %s", address, allocation.text());
      }
      if (allocation.windows()) {
        inUse(address, "Reserved for Windows");
      }
    }
  }

  private void inUse(IpAddress address, String owner) {
    if (all) {
      line("  %s belongs to %s", address, owner);
    }
    owners.computeIfAbsent(address, _ -> new ArrayList<>()).add(owner);
  }

  private List<Prefix> pools() {
    line("Loading all IPAM pools...");
    var active = new ArrayList<Prefix>();
    for (PoolSpec pool : site.poolSpecs()) {
      if (!pool.disabled()) {
        line("  %s", pool.cidr());
        active.add(Prefix.of(pool.cidr()));
      }
    }
    line("Found %d active IP pools.", active.size());
    line("");
    return active;
  }

  private void nodes() {
    line("Loading all nodes.");
    int count = 0;
    for (var node : site.nodes()) {
      for (var address : node.tunnels()) {
        inUse(address, "Node(" + node.name() + ")");
        count++;
      }
    }
    line("Found %d node tunnel IPs.", count);
    line("");
  }

  private void workloads() {
    line("Loading all workload endpoints.");
    int count = 0;
    for (var workload : site.workloads()) {
      for (var address : workload.addresses()) {
        inUse(address, "Workload(" + workload.namespace() + "/" + workload.name() + ")");
        count++;
      }
    }
    line("Found %d workload IPs.", count);
    line("Workloads and nodes are using %d IPs.", owners.size());
    line("");
  }

  private void topNodes() {
    line("Looking for top (up to %d) nodes by allocations...", NODES_TO_PRINT);
    var counts = new TreeMap<String, Integer>();
    allocations.values().stream()
        .flatMap(List::stream)
        .forEach(allocation -> counts.merge(allocation.node(), 1, Integer::sum));
    var names =
        counts.keySet().stream()
            .sorted(
                Comparator.<String>comparingInt(name -> counts.getOrDefault(name, 0)).reversed())
            .toList();
    names.stream()
        .limit(NODES_TO_PRINT)
        .forEach(name -> line("  %s has %d allocations", name, counts.getOrDefault(name, 0)));
    if (!names.isEmpty()) {
      line(
          "Node with most allocations has %d; median is %d",
          counts.getOrDefault(names.getFirst(), 0),
          counts.getOrDefault(names.get(names.size() / 2), 0));
    }
    line("");
  }

  private boolean isInUse(IpAddress address) {
    return owners.containsKey(address);
  }

  private void leaks() {
    line("Scanning for IPs that are allocated but not actually in use...");
    int leaked = 0;
    for (var entry : allocations.entrySet()) {
      if (isInUse(entry.getKey())
          || (master && entry.getValue().stream().anyMatch(Allocation::cooling))) {
        continue;
      }
      leaked++;
      if (problemsToo) {
        entry
            .getValue()
            .forEach(
                allocation -> line("  %s leaked; attrs %s", entry.getKey(), allocation.text()));
      }
    }
    problems += leaked;
    line("Found %d IPs that are allocated in IPAM but not actually in use.", leaked);
  }

  private void unallocated(List<Prefix> active) {
    line("Scanning for IPs that are in use by a workload or node but not allocated in IPAM...");
    int outside = 0;
    int inside = 0;
    for (var entry : owners.entrySet()) {
      var address = entry.getKey();
      if (problemsToo && entry.getValue().size() > 1) {
        line("  %s has multiple owners.", address);
      }
      if (allocations.containsKey(address)) {
        continue;
      }
      boolean inPool = active.stream().anyMatch(pool -> pool.contains(address));
      if (problemsToo) {
        for (var owner : entry.getValue()) {
          line(
              inPool
                  ? "  %s in use by %s and in active IPAM pool but has no IPAM allocation."
                  : "  %s in use by %s is not in any active IP pool.",
              address,
              owner);
        }
      }
      if (inPool) {
        inside++;
      } else {
        outside++;
      }
    }
    problems += inside + outside;
    line("Found %d in-use IPs that are not in active IP pools.", outside);
    line(
        "Found %d in-use IPs that are in active IP pools but have no corresponding IPAM"
            + " allocation.",
        inside);
    line("");
  }

  private void handles(Map<String, String> handles) {
    var mentioned = new LinkedHashSet<String>();
    allocations.values().stream()
        .flatMap(List::stream)
        .filter(allocation -> !allocation.windows() && allocation.attributes.handle() != null)
        .forEach(allocation -> mentioned.add(String.valueOf(allocation.attributes.handle())));
    line("Scanning for IPAM handles with no matching IPs...");
    handles.forEach(
        (handle, revision) -> {
          if (!mentioned.contains(handle)) {
            if (all) {
              line("  %s doesn't have any active IPs.", handle);
            }
            leakedHandles.put(handle, revision);
          }
        });
    problems += leakedHandles.size();
    line(
        "Found %d handles with no matching IPs (and %d handles with matches).",
        leakedHandles.size(), handles.size() - leakedHandles.size());
    line("Scanning for IPs with missing handle...");
    int missing = 0;
    for (var handle : mentioned) {
      if (!handles.containsKey(handle)) {
        missing++;
        if (problemsToo) {
          line("  %s is in use in a block but doesn't exist.", handle);
        }
      }
    }
    line("Found %d handles mentioned in blocks with no matching handle resource.", missing);
  }

  private void validate(List<Block> blocks) throws IpamException {
    line("Validating IPAMBlock structures...");
    int invalid = 0;
    var json = new IpamJson(IpamVariant.MASTER);
    var faults = new LinkedHashMap<String, String>();
    for (var block : blocks) {
      IpamJson.readBlock(json.write(block))
          .fault(site.now())
          .ifPresent(fault -> faults.put(new IpamKey.BlockKey(block.cidr()).id(), fault));
    }
    for (var bad : site.store().malformed(IpamKey.ALL_BLOCKS)) {
      faults.put(IpamKey.parse(bad.key()).map(IpamKey::id).orElse(bad.key()), bad.reason());
    }
    for (var fault : faults.entrySet()) {
      line("  IPAMBlock %s is invalid: %s", fault.getKey(), fault.getValue());
      invalid++;
    }
    problems += invalid;
    line("Found %d invalid IPAMBlocks.", invalid);
  }

  /** The report for programs, which {@code ipam release --from-report} reads. */
  String json() {
    var information = site.information();
    var fields = new LinkedHashMap<String, Object>();
    fields.put("version", IpamVerbs.CLIENT_VERSION);
    fields.put("clusterGUID", information.guid());
    fields.put("datastoreLocked", !information.ready());
    fields.put("clusterInformationRevision", information.revision());
    fields.put("clusterType", information.type());
    var byAddress = new TreeMap<String, Object>();
    allocations.forEach(
        (address, list) ->
            byAddress.put(address.toString(), list.stream().map(a -> fields(address, a)).toList()));
    fields.put("allocations", byAddress);
    if (!leakedHandles.isEmpty()) {
      var handles = new ArrayList<Map<String, Object>>();
      leakedHandles.forEach(
          (handle, revision) -> {
            var row = new LinkedHashMap<String, Object>();
            row.put("ID", handle);
            row.put("UID", null);
            row.put("Revision", revision);
            handles.add(row);
          });
      fields.put("leakedHandles", handles);
    }
    // Go's encoder escapes what means something in HTML; these stand in texts only.
    return JsonText.print(fields)
        .strip()
        .replace("<", "\\u003c")
        .replace(">", "\\u003e")
        .replace("&", "\\u0026");
  }

  private Map<String, Object> fields(IpAddress address, Allocation allocation) {
    var attrs = allocation.attributes.secondary();
    var fields = new LinkedHashMap<String, Object>();
    fields.put("ip", address.toString());
    if (!(master && allocation.windows())) {
      optional(fields, "handle", allocation.attributes.handle());
    }
    if (master) {
      fields.put(
          "sequenceNumber",
          new java.math.BigInteger(
              Long.toUnsignedString(allocation.block.sequenceNumber(allocation.ordinal))));
    }
    optional(fields, "pod", attrs.get("pod"));
    optional(fields, "namespace", attrs.get("namespace"));
    optional(fields, "node", allocation.node());
    optional(fields, "type", attrs.get("type"));
    optional(fields, "creationTimestamp", attrs.get("timestamp"));
    fields.put("inUse", isInUse(address));
    if (allocation.borrowed()) {
      fields.put("borrowed", true);
    }
    if (master && allocation.cooling()) {
      fields.put("coolingDown", true);
    }
    fields.put("owners", owners.get(address));
    return fields;
  }

  private static void optional(
      Map<String, Object> fields, String name, @org.jspecify.annotations.Nullable String value) {
    if (value != null && !value.isEmpty()) {
      fields.put(name, value);
    }
  }
}
