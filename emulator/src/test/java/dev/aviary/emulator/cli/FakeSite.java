package dev.aviary.emulator.cli;

import dev.aviary.emulator.calicoctl.ClusterInformation;
import dev.aviary.emulator.calicoctl.IpamSite;
import dev.aviary.ipam.Block.Attributes;
import dev.aviary.ipam.BlockValue;
import dev.aviary.ipam.Handle;
import dev.aviary.ipam.InMemoryIpamStore;
import dev.aviary.ipam.IntendedUse;
import dev.aviary.ipam.IpPool;
import dev.aviary.ipam.Ipam;
import dev.aviary.ipam.IpamConfig;
import dev.aviary.ipam.IpamInputs;
import dev.aviary.ipam.IpamKey;
import dev.aviary.ipam.IpamStore;
import dev.aviary.ipam.IpamVariant;
import dev.aviary.ipam.PoolSpec;
import dev.aviary.ipam.Reservations;
import dev.aviary.net.IpAddress;
import dev.aviary.net.Prefix;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The state that a case of calicoctl's vectors starts from. */
final class FakeSite implements IpamSite, IpamInputs {
  private static final Instant NOW = Instant.parse("2026-08-22T13:33:20Z");

  private final IpamVariant variant;
  private final IpamStore store = new InMemoryIpamStore();
  private final Ipam ipam;
  private final SortedMap<String, PoolSpec> pools = new java.util.TreeMap<>();
  private final List<Prefix> reservations = new ArrayList<>();
  private final List<NodeAddresses> nodes = new ArrayList<>();
  private final List<WorkloadAddresses> workloads = new ArrayList<>();
  private ClusterInformation information = new ClusterInformation("", "", "", true, "17");

  FakeSite(IpamVariant variant) {
    this.variant = variant;
    this.ipam = new Ipam(store, this, () -> NOW.getEpochSecond() * 1_000_000_000L, variant);
  }

  void load(JsonNode given) {
    each(given, "pools", this::addPool);
    each(
        given, "reservations", r -> reservations.addAll(Reservations.parse(texts(r.get("cidrs")))));
    each(given, "nodes", this::addNode);
    each(
        given,
        "workloads",
        w ->
            workloads.add(
                new WorkloadAddresses(
                    text(w, "namespace"),
                    text(w, "name"),
                    texts(w.get("ips")).stream().map(ip -> Prefix.of(ip).address()).toList())));
    each(given, "blocks", this::addBlock);
    each(given, "handles", h -> apply(new IpamKey.HandleKey(h.asString()), new Handle(Map.of())));
    if (given.has("config") && !given.get("config").isNull()) {
      var config = given.get("config");
      apply(
          new IpamKey.ConfigKey(),
          new IpamConfig(
              config.path("strictAffinity").asBoolean(false),
              config.path("autoAllocateBlocks").asBoolean(false),
              config.path("maxBlocksPerHost").asInt(0)));
    }
    if (given.has("clusterInformation")) {
      var info = given.get("clusterInformation");
      information =
          new ClusterInformation(
              info.path("clusterGUID").asString(""),
              info.path("clusterType").asString(""),
              info.path("calicoVersion").asString(""),
              info.path("datastoreReady").asBoolean(true),
              information.revision());
    }
  }

  private void apply(IpamKey key, dev.aviary.ipam.IpamObject value) {
    try {
      store.apply(key, value);
    } catch (dev.aviary.ipam.IpamException e) {
      throw new AssertionError(e);
    }
  }

  private static void each(
      JsonNode given, String name, java.util.function.Consumer<JsonNode> action) {
    if (given.has(name)) {
      given.get(name).forEach(action);
    }
  }

  static List<String> texts(@Nullable JsonNode list) {
    return list == null ? List.of() : list.valueStream().map(JsonNode::asString).toList();
  }

  private static String text(JsonNode node, String name) {
    return node.path(name).asString("");
  }

  static PoolSpec pool(JsonNode pool) {
    return new PoolSpec(
            text(pool, "name"),
            text(pool, "cidr"),
            pool.has("blockSize") ? pool.get("blockSize").asInt() : null,
            text(pool, "ipipMode"),
            text(pool, "vxlanMode"),
            pool.path("disabled").asBoolean(false),
            text(pool, "nodeSelector"),
            texts(pool.get("allowedUses")))
        .withDefaults();
  }

  private void addPool(JsonNode pool) {
    pools.put(text(pool, "name"), pool(pool));
  }

  private void addNode(JsonNode node) {
    if (node.isString()) {
      nodes.add(new NodeAddresses(node.asString(), List.of()));
      return;
    }
    var tunnels = new ArrayList<IpAddress>();
    for (var name :
        List.of(
            "ipv4VXLANTunnelAddr",
            "ipv6VXLANTunnelAddr",
            "wireguardInterfaceIPv4Address",
            "wireguardInterfaceIPv6Address",
            "ipv4IPIPTunnelAddr")) {
      if (node.has(name)) {
        tunnels.add(IpAddress.of(text(node, name)));
      }
    }
    nodes.add(new NodeAddresses(text(node, "name"), tunnels));
  }

  // NullAway does not see the annotation inside a record component of another compilation.
  @SuppressWarnings("NullAway")
  private void addBlock(JsonNode block) {
    var cidr = Prefix.of(text(block, "cidr"));
    int size = 1 << (cidr.family().bits() - cidr.length());
    var allocations = new ArrayList<@Nullable Integer>();
    for (int i = 0; i < size; i++) {
      allocations.add(null);
    }
    var entries = new ArrayList<Attributes>();
    for (var allocation : block.get("allocations")) {
      var attrs = new HashMap<String, String>();
      if (allocation.has("attrs")) {
        allocation.get("attrs").forEachEntry((k, v) -> attrs.put(k, v.asString()));
      }
      var entry =
          new Attributes(
              allocation.has("handle") && !allocation.get("handle").isNull()
                  ? text(allocation, "handle")
                  : null,
              attrs);
      if (!entries.contains(entry)) {
        entries.add(entry);
      }
      allocations.set(allocation.get("ordinal").asInt(), entries.indexOf(entry));
    }
    var free = new ArrayList<Integer>();
    for (int i = 0; i < size; i++) {
      if (allocations.get(i) == null) {
        free.add(i);
      }
    }
    apply(
        new IpamKey.BlockKey(cidr),
        new BlockValue(
                cidr,
                block.get("affinity").isNull() ? null : text(block, "affinity"),
                null,
                allocations,
                free,
                entries,
                null,
                Map.of(),
                Map.of())
            .toBlock());
  }

  @Override
  public IpamVariant variant() {
    return variant;
  }

  @Override
  public Ipam ipam() {
    return ipam;
  }

  @Override
  public IpamStore store() {
    return store;
  }

  @Override
  public Instant now() {
    return NOW;
  }

  @Override
  public List<NodeAddresses> nodes() {
    return nodes;
  }

  @Override
  public List<WorkloadAddresses> workloads() {
    return workloads;
  }

  @Override
  public ClusterInformation information() {
    return information;
  }

  @Override
  public void setReady(boolean ready) {
    information =
        new ClusterInformation(
            information.guid(),
            information.type(),
            information.version(),
            ready,
            Integer.toString(Integer.parseInt(information.revision()) + 1));
  }

  @Override
  public List<PoolSpec> poolSpecs() {
    return List.copyOf(pools.values());
  }

  @Override
  public void update(PoolSpec pool) {
    pools.put(pool.name(), pool);
  }

  @Override
  public void replace(String name, List<PoolSpec> parts) {
    pools.remove(name);
    parts.forEach(part -> pools.put(part.name(), part));
  }

  @Override
  public List<IpPool> pools() {
    return pools.values().stream().map(FakeSite::ipPool).toList();
  }

  private static IpPool ipPool(PoolSpec pool) {
    var uses = EnumSet.noneOf(IntendedUse.class);
    for (var use : IntendedUse.values()) {
      if (pool.allowedUses().contains(use.text())) {
        uses.add(use);
      }
    }
    var cidr = Prefix.of(pool.cidr());
    return new IpPool(
        pool.name(),
        cidr,
        pool.blockSize() == null ? IpPool.defaultBlockSize(cidr.family()) : pool.blockSize(),
        pool.disabled(),
        pool.nodeSelector(),
        uses);
  }

  @Override
  public List<Prefix> reservations() {
    return reservations;
  }

  @Override
  public Optional<Map<String, String>> nodeLabels(String host) {
    return nodes.stream().anyMatch(n -> n.name().equals(host))
        ? Optional.of(Map.of())
        : Optional.empty();
  }

  @Override
  public boolean matches(String selector, Map<String, String> labels) {
    return true;
  }
}
