package dev.aviary.emulator.calicoctl;

import dev.aviary.emulator.cluster.JsonText;
import dev.aviary.ipam.Block;
import dev.aviary.ipam.Ipam;
import dev.aviary.ipam.IpamConfig;
import dev.aviary.ipam.IpamError;
import dev.aviary.ipam.IpamException;
import dev.aviary.ipam.IpamVariant;
import dev.aviary.ipam.Utilization;
import dev.aviary.net.IpAddress;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** {@code ipam show} in its forms. */
final class ShowReports {
  private static final Set<String> RIGHT =
      Set.of("IPS TOTAL", "IPS IN USE", "IPS RESERVED", "IPS FREE");

  private ShowReports() {}

  static String utilization(List<Utilization> pools, IpamVariant variant, boolean showBlocks) {
    return switch (variant) {
      case V3_22 -> utilization22(pools, showBlocks);
      case MASTER -> utilizationMaster(pools, showBlocks);
    };
  }

  private static String utilization22(List<Utilization> pools, boolean showBlocks) {
    var table = new BorderedTable("Grouping", "CIDR", "IPs Total", "IPs In Use", "IPs Free");
    for (var pool : pools) {
      if (!pool.name().equals(Ipam.ORPHANS)) {
        var inUse = BigInteger.valueOf(pool.inUse());
        table.row(
            "IP Pool",
            pool.cidr().toString(),
            Numbers.text(pool.capacity()),
            Numbers.share(inUse, pool.capacity()),
            Numbers.share(pool.capacity().subtract(inUse), pool.capacity()));
      }
      if (showBlocks) {
        for (var block : pool.blocks()) {
          table.row(
              "Block",
              block.cidr().toString(),
              Integer.toString(block.capacity()),
              Numbers.share(block.inUse(), block.capacity()),
              Numbers.share(block.available(), block.capacity()));
        }
      }
    }
    return table.print();
  }

  private static String utilizationMaster(List<Utilization> pools, boolean showBlocks) {
    var table =
        new LeftTable(
            RIGHT, "GROUPING", "CIDR", "IPS TOTAL", "IPS IN USE", "IPS RESERVED", "IPS FREE");
    for (var pool : pools) {
      if (!pool.name().equals(Ipam.ORPHANS)) {
        long capacity = Utilization.saturated(pool.capacity());
        table.row(
            "IP Pool",
            pool.cidr().toString(),
            Numbers.text(BigInteger.valueOf(capacity)),
            Numbers.share(pool.inUse(), capacity),
            Numbers.share(Utilization.saturated(pool.reserved()), capacity),
            Numbers.share(pool.availableIn64Bits(), capacity));
      }
      if (showBlocks) {
        for (var block : pool.blocks()) {
          table.row(
              "Block",
              block.cidr().toString(),
              Integer.toString(block.capacity()),
              Numbers.share(block.inUse(), block.capacity()),
              Numbers.share(block.reserved(), block.capacity()),
              Numbers.share(block.assignable(), block.capacity()));
        }
      }
    }
    return table.print();
  }

  static String utilizationJson(List<Utilization> pools) {
    var rows = new ArrayList<Map<String, Object>>();
    for (var pool : pools) {
      var blocks = new ArrayList<Map<String, Object>>();
      for (var block : pool.blocks()) {
        var row = new LinkedHashMap<String, Object>();
        row.put("cidr", block.cidr().toString());
        row.put("capacity", block.capacity());
        row.put("inUse", block.inUse());
        row.put("reserved", block.reserved());
        row.put("free", block.available());
        blocks.add(row);
      }
      var row = new LinkedHashMap<String, Object>();
      boolean orphans = pool.name().equals(Ipam.ORPHANS);
      row.put("name", orphans ? null : pool.name());
      row.put("pool", orphans ? null : pool.cidr().toString());
      row.put("capacity", pool.capacity());
      row.put("inUse", pool.inUse());
      row.put("reserved", pool.reserved());
      row.put("blocks", blocks);
      rows.add(row);
    }
    return JsonText.print(rows);
  }

  /** One address that a node took from a block that is not its own. */
  record Borrowed(
      String address, String node, String block, String owner, String type, String allocatedTo) {
    String[] cells() {
      return new String[] {address, node, block, owner, type, allocatedTo};
    }
  }

  /**
   * Those of all blocks.
   *
   * @param unclear how many allocations do not name a node
   */
  record AllBorrowed(List<Borrowed> rows, int unclear) {

    static AllBorrowed of(List<Block> blocks, IpamVariant variant) {
      var rows = new ArrayList<Borrowed>();
      int unclear = 0;
      for (var block : blocks) {
        for (int i = 0; i < block.size(); i++) {
          var owner = block.owner(i);
          if (owner == null) {
            continue;
          }
          var node = owner.secondary().get("node");
          if (node == null) {
            unclear++;
          } else if (!node.equals(ownerOf(block))) {
            rows.add(row(block, i, node, owner.secondary(), variant));
          }
        }
      }
      return new AllBorrowed(rows, unclear);
    }

    /** What stands after the colon. */
    private static String ownerOf(Block block) {
      var affinity = block.affinity();
      if (affinity == null) {
        return "";
      }
      var parts = affinity.split(":", -1);
      return parts.length == 2 ? parts[1] : parts[0];
    }

    private static Borrowed row(
        Block block, int ordinal, String node, Map<String, String> attrs, IpamVariant variant) {
      var namespace = attrs.getOrDefault("namespace", "");
      var vmi = variant == IpamVariant.MASTER ? attrs.get("vmi-name") : null;
      var pod = attrs.get("pod");
      var type = vmi != null ? "vmi" : pod != null ? "pod" : attrs.getOrDefault("type", "");
      var to = vmi != null ? namespace + "/" + vmi : pod != null ? namespace + "/" + pod : "";
      return new Borrowed(
          block.address(ordinal).toString(),
          node,
          block.cidr().toString(),
          ownerOf(block),
          type,
          to);
    }

    String text(IpamVariant variant) {
      String[] header = {"IP", "BORROWING-NODE", "BLOCK", "BLOCK OWNER", "TYPE", "ALLOCATED-TO"};
      String table =
          switch (variant) {
            case V3_22 -> {
              var bordered = new BorderedTable(header);
              rows.forEach(row -> bordered.row(row.cells()));
              yield bordered.print();
            }
            case MASTER -> {
              var left = new LeftTable(Set.of(), header);
              rows.forEach(row -> left.row(row.cells()));
              yield left.print();
            }
          };
      return unclear == 0
          ? table
          : table
              + "\nNote: found "
              + unclear
              + " IP allocations without an explicit node association. Unable to determine if they"
              + " are borrowed.\n";
    }

    String json() {
      var all = new ArrayList<Map<String, Object>>();
      for (var row : rows) {
        var fields = new LinkedHashMap<String, Object>();
        fields.put("ip", row.address);
        fields.put("borrowingNode", row.node);
        fields.put("block", row.block);
        fields.put("blockOwner", row.owner);
        fields.put("type", row.type);
        fields.put("allocatedTo", row.allocatedTo);
        all.add(fields);
      }
      var fields = new LinkedHashMap<String, Object>();
      fields.put("borrowed", all);
      fields.put("withoutNode", unclear);
      return JsonText.print(fields);
    }
  }

  static String configuration(IpamConfig config, IpamVariant variant) {
    var properties = new LinkedHashMap<String, String>();
    properties.put("StrictAffinity", Boolean.toString(config.strictAffinity()));
    properties.put("AutoAllocateBlocks", Boolean.toString(config.autoAllocateBlocks()));
    properties.put("MaxBlocksPerHost", Integer.toString(config.maxBlocksPerHost()));
    if (variant == IpamVariant.V3_22) {
      var table = new BorderedTable("PROPERTY", "VALUE");
      properties.forEach(table::row);
      return table.print();
    }
    // Calico prints the place in memory where the value stands; here is the value.
    properties.put("KubeVirtVMAddressPersistence", String.valueOf(config.vmAddressPersistence()));
    properties.put("IPCooldownSeconds", Integer.toString(config.ipCooldownSeconds()));
    var table = new LeftTable(Set.of(), "PROPERTY", "VALUE");
    properties.forEach(table::row);
    return table.print();
  }

  static String configurationJson(IpamConfig config, IpamVariant variant) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("strictAffinity", config.strictAffinity());
    fields.put("autoAllocateBlocks", config.autoAllocateBlocks());
    fields.put("maxBlocksPerHost", config.maxBlocksPerHost());
    if (variant == IpamVariant.MASTER) {
      fields.put("kubeVirtVMAddressPersistence", config.vmAddressPersistence());
      fields.put("ipCooldownSeconds", config.ipCooldownSeconds());
    }
    return JsonText.print(fields);
  }

  static Answer address(IpamSite site, String text, boolean json) throws IpamException {
    var address = IpAddress.parse(text);
    if (address.isEmpty()) {
      return IpamVerbs.notAnAddress(text);
    }
    Block.Attributes owner;
    try {
      owner = site.ipam().assignmentAttributes(address.get());
    } catch (IpamException e) {
      if (!(e.error() instanceof IpamError.NotExist)) {
        throw e;
      }
      return Answer.ok(
          json
              ? JsonText.print(Map.of("ip", address.get().toString()))
              : address.get() + " is not assigned\n");
    }
    if (json) {
      var fields = new LinkedHashMap<String, Object>();
      fields.put("ip", address.get().toString());
      fields.put("handle", owner.handle());
      fields.put("attributes", new TreeMap<>(owner.secondary()));
      fields.put("alternateOwner", new TreeMap<>(owner.secondOwner()));
      return Answer.ok(JsonText.print(fields));
    }
    var out = new StringBuilder("IP " + address.get() + " is in use\n");
    if (site.variant() == IpamVariant.V3_22) {
      out.append(lines("Attributes:", owner.secondary(), "No attributes defined\n"));
    } else {
      out.append("Handle ID: ").append(owner.handle() == null ? "<none>" : owner.handle());
      out.append('\n');
      out.append(
          lines(
              "Active Owner Attributes:",
              owner.secondary(),
              "No Active Owner attributes defined\n"));
      out.append(lines("Alternate Owner Attributes:", owner.secondOwner(), ""));
    }
    return Answer.ok(out.toString());
  }

  private static String lines(String title, Map<String, String> attrs, String none) {
    if (attrs.isEmpty()) {
      return none;
    }
    var out = new StringBuilder(title).append('\n');
    new TreeMap<>(attrs)
        .forEach(
            (key, value) -> out.append("  ").append(key).append(": ").append(value).append('\n'));
    return out.toString();
  }
}
