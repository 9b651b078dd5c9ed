package dev.aviary.ipam;

import dev.aviary.ipam.Block.Attributes;
import dev.aviary.ipam.IpamKey.AffinityKey;
import dev.aviary.ipam.IpamKey.BlockKey;
import dev.aviary.ipam.IpamKey.ConfigKey;
import dev.aviary.ipam.IpamKey.HandleKey;
import dev.aviary.net.Prefix;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The values that Calico keeps in etcd. Any order of members is read; unknown ones are kept and
 * written again.
 */
public final class IpamJson {
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private final IpamVariant variant;

  /**
   * @param variant whose form is written; every form is read
   */
  public IpamJson(IpamVariant variant) {
    this.variant = variant;
  }

  /** {@code value} as Calico writes it. */
  public String write(IpamObject value) {
    var json = new GoJson();
    switch (value) {
      case Block block -> block(json, block);
      case BlockAffinity(var state, var extras) ->
          json.begin().text("state", state.text()).raw("deleted", "false").all(extras).end();
      case Handle(var blocks, var extras) -> {
        // Go sorts the keys as texts, not as prefixes.
        var counts = new java.util.TreeMap<String, Integer>();
        blocks.forEach((cidr, count) -> counts.put(cidr.toString(), count));
        json.begin().name("block").begin();
        counts.forEach((cidr, count) -> json.raw(cidr, count.toString()));
        json.end().raw("deleted", "false").all(extras).end();
      }
      case IpamConfig config -> config(json, config);
    }
    return json.toString();
  }

  private void config(GoJson json, IpamConfig config) {
    json.begin();
    if (config.strictAffinity()) {
      json.raw("strict_affinity", "true");
    }
    if (config.autoAllocateBlocks()) {
      json.raw("auto_allocate_blocks", "true");
    }
    if (config.maxBlocksPerHost() != 0) {
      json.raw("maxBlocksPerHost", Integer.toString(config.maxBlocksPerHost()));
    }
    var persistence = config.vmAddressPersistence();
    if (persistence != null) {
      json.text("kubeVirtVMAddressPersistence", persistence);
    }
    if (config.ipCooldownSeconds() != 0) {
      json.raw("ipCooldownSeconds", Integer.toString(config.ipCooldownSeconds()));
    }
    json.all(config.extras()).end();
  }

  private void block(GoJson json, Block block) {
    json.begin().text("cidr", block.cidr.toString());
    json.text("affinity", block.affinity);
    if (block.claimTime != null) {
      json.text("affinity_claim_time", seconds(block.claimTime));
    }
    json.name("allocations").beginList();
    for (int index : block.leases.indexes()) {
      json.element(index == Block.FREE ? "null" : Integer.toString(index));
    }
    json.endList().name("unallocated").beginList();
    for (int ordinal : block.queue.toArray()) {
      json.element(Integer.toString(ordinal));
    }
    json.endList();
    if (block.leases.isUntouched()) {
      json.raw("attributes", "null");
    } else {
      json.name("attributes").beginList();
      block.attributes().forEach(entry -> attributes(json.next(), entry));
      json.endList();
    }
    if (block.sequence != Block.UNRECORDED) {
      json.raw("sequenceNumber", Long.toUnsignedString(block.sequence));
      json.name("sequenceNumberForAllocation").begin();
      var numbers = new java.util.TreeMap<String, Long>();
      for (int i = 0; i < block.size(); i++) {
        if (block.leases.sequence(i) != Block.UNRECORDED) {
          numbers.put(Integer.toString(i), block.leases.sequence(i));
        }
      }
      numbers.forEach((ordinal, number) -> json.raw(ordinal, Long.toUnsignedString(number)));
      json.end();
    }
    json.raw("deleted", "false").all(block.extras).end();
  }

  private void attributes(GoJson json, Attributes entry) {
    boolean nulls = variant == IpamVariant.V3_22;
    json.begin();
    if (nulls || entry.handle() != null) {
      json.text("handle_id", entry.handle());
    }
    var active = entry.active();
    if (active == null && nulls) {
      json.raw("secondary", "null");
    } else if (active != null && (nulls || !active.isEmpty())) {
      json.texts("secondary", active);
    }
    if (!entry.secondOwner().isEmpty()) {
      json.texts("alternateOwnerAttrs", entry.secondOwner());
    }
    var released = entry.releasedAt();
    if (released != null) {
      json.text("releasedAt", seconds(released));
    }
    json.all(entry.extras()).end();
  }

  private static String seconds(Instant time) {
    return time.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  /**
   * The object that {@code text} is.
   *
   * @throws IpamException with {@link IpamError.Malformed} if it is none
   */
  public IpamObject read(IpamKey key, String text) throws IpamException {
    try {
      return switch (key) {
        case BlockKey(var cidr) -> {
          var value = readBlock(text);
          if (!value.cidr().equals(cidr)) {
            throw new IllegalArgumentException("it is the block " + value.cidr());
          }
          yield value.toBlock();
        }
        case AffinityKey _ -> text.isEmpty() ? affinity("", Map.of()) : affinity(tree(text));
        case HandleKey _ -> handle(tree(text));
        case ConfigKey _ -> config(tree(text));
      };
    } catch (JacksonException e) {
      throw malformed(key, "not JSON: " + e.getOriginalMessage());
    } catch (IllegalArgumentException | ArithmeticException | DateTimeParseException e) {
      throw malformed(key, String.valueOf(e.getMessage()));
    }
  }

  private static IpamException malformed(IpamKey key, String reason) {
    return new IpamException(new IpamError.Malformed(key.path(), reason));
  }

  private static JsonNode tree(String text) {
    var tree = JSON.readTree(text);
    if (!tree.isObject()) {
      throw new IllegalArgumentException("not a JSON object");
    }
    return tree;
  }

  /**
   * A block as it stands, sound or not.
   *
   * @throws JacksonException if {@code text} is not JSON
   * @throws IllegalArgumentException if a member has another type than Calico's
   */
  public static BlockValue readBlock(String text) {
    var tree = tree(text);
    var allocations = new ArrayList<@Nullable Integer>();
    list(tree, "allocations").forEach(i -> allocations.add(i.isNull() ? null : number(i)));
    var unallocated = new ArrayList<Integer>();
    list(tree, "unallocated").forEach(i -> unallocated.add(number(i)));
    List<Attributes> entries = null;
    if (!absent(tree, "attributes")) {
      entries = new ArrayList<>();
      for (var entry : list(tree, "attributes")) {
        entries.add(attributes(entry));
      }
    }
    var sequences = new HashMap<Integer, Long>();
    if (!absent(tree, "sequenceNumberForAllocation")) {
      for (var entry : tree.get("sequenceNumberForAllocation").properties()) {
        sequences.put(Integer.parseInt(entry.getKey()), unsigned(entry.getValue()));
      }
    }
    var cidr = text(tree, "cidr");
    return new BlockValue(
        Prefix.parse(cidr == null ? "" : cidr)
            .orElseThrow(() -> new IllegalArgumentException("cidr: not a prefix: " + cidr)),
        text(tree, "affinity"),
        time(tree, "affinity_claim_time"),
        allocations,
        unallocated,
        entries,
        absent(tree, "sequenceNumber") ? null : unsigned(tree.get("sequenceNumber")),
        sequences,
        extras(
            tree,
            Set.of(
                "cidr",
                "affinity",
                "affinity_claim_time",
                "allocations",
                "unallocated",
                "attributes",
                "sequenceNumber",
                "sequenceNumberForAllocation",
                "deleted")));
  }

  private static Attributes attributes(JsonNode tree) {
    if (!tree.isObject()) {
      throw new IllegalArgumentException("attributes: not an object");
    }
    return new Attributes(
        text(tree, "handle_id"),
        texts(tree, "secondary"),
        texts(tree, "alternateOwnerAttrs"),
        time(tree, "releasedAt"),
        extras(tree, Set.of("handle_id", "secondary", "alternateOwnerAttrs", "releasedAt")));
  }

  private static BlockAffinity affinity(JsonNode tree) {
    var state = text(tree, "state");
    return affinity(state == null ? "" : state, extras(tree, Set.of("state", "deleted")));
  }

  private static BlockAffinity affinity(String text, Map<String, String> extras) {
    for (var state : BlockAffinity.State.values()) {
      if (state.text().equals(text)) {
        return new BlockAffinity(state, extras);
      }
    }
    throw new IllegalArgumentException("state: unknown: " + text);
  }

  private static Handle handle(JsonNode tree) {
    var counts = new HashMap<Prefix, Integer>();
    if (!absent(tree, "block")) {
      for (var entry : tree.get("block").properties()) {
        var cidr =
            Prefix.parse(entry.getKey())
                .orElseThrow(
                    () -> new IllegalArgumentException("block: not a prefix: " + entry.getKey()));
        counts.put(cidr, number(entry.getValue()));
      }
    }
    return new Handle(counts, extras(tree, Set.of("block", "deleted")));
  }

  private static IpamConfig config(JsonNode tree) {
    return new IpamConfig(
        flag(tree, "strict_affinity"),
        flag(tree, "auto_allocate_blocks"),
        absent(tree, "maxBlocksPerHost") ? 0 : number(tree.get("maxBlocksPerHost")),
        text(tree, "kubeVirtVMAddressPersistence"),
        absent(tree, "ipCooldownSeconds") ? 0 : number(tree.get("ipCooldownSeconds")),
        extras(
            tree,
            Set.of(
                "strict_affinity",
                "auto_allocate_blocks",
                "maxBlocksPerHost",
                "kubeVirtVMAddressPersistence",
                "ipCooldownSeconds")));
  }

  private static boolean absent(JsonNode tree, String name) {
    return !tree.has(name) || tree.get(name).isNull();
  }

  private static JsonNode list(JsonNode tree, String name) {
    var list = tree.get(name);
    if (list == null || !list.isArray()) {
      throw new IllegalArgumentException(name + ": not a list");
    }
    return list;
  }

  private static int number(JsonNode node) {
    if (!node.isIntegralNumber() || !node.canConvertToInt()) {
      throw new IllegalArgumentException("not a whole number: " + node);
    }
    return node.intValue();
  }

  private static long unsigned(JsonNode node) {
    if (!node.isIntegralNumber()
        || node.bigIntegerValue().signum() < 0
        || node.bigIntegerValue().bitLength() > 64) {
      throw new IllegalArgumentException("not a number of 64 bits without sign: " + node);
    }
    return node.bigIntegerValue().longValue();
  }

  private static boolean flag(JsonNode tree, String name) {
    if (absent(tree, name)) {
      return false;
    }
    if (!tree.get(name).isBoolean()) {
      throw new IllegalArgumentException(name + ": neither true nor false");
    }
    return tree.get(name).booleanValue();
  }

  private static @Nullable String text(JsonNode tree, String name) {
    if (absent(tree, name)) {
      return null;
    }
    if (!tree.get(name).isString()) {
      throw new IllegalArgumentException(name + ": not a text");
    }
    return tree.get(name).stringValue();
  }

  private static @Nullable Instant time(JsonNode tree, String name) {
    var text = text(tree, name);
    return text == null ? null : java.time.OffsetDateTime.parse(text).toInstant();
  }

  private static @Nullable Map<String, String> texts(JsonNode tree, String name) {
    if (absent(tree, name)) {
      return null;
    }
    var found = new HashMap<String, String>();
    for (var entry : tree.get(name).properties()) {
      if (!entry.getValue().isString()) {
        throw new IllegalArgumentException(name + "." + entry.getKey() + ": not a text");
      }
      found.put(entry.getKey(), entry.getValue().stringValue());
    }
    return found;
  }

  private static Map<String, String> extras(JsonNode tree, Set<String> known) {
    var found = new HashMap<String, String>();
    for (var entry : tree.properties()) {
      if (!known.contains(entry.getKey())) {
        found.put(entry.getKey(), entry.getValue().toString());
      }
    }
    return found;
  }
}
