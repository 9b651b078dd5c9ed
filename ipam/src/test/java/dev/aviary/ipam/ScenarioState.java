package dev.aviary.ipam;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aviary.ipam.IpamKey.AffinityKey;
import dev.aviary.ipam.IpamKey.BlockKey;
import dev.aviary.ipam.IpamKey.HandleKey;
import dev.aviary.net.Prefix;
import java.util.ArrayList;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/** Holds the store's content against a scenario's expectations. */
final class ScenarioState {
  private ScenarioState() {}

  static void check(Scenario scenario, JsonNode expect) throws IpamException {
    var store = scenario.store;
    var blocks = store.list(IpamKey.ALL_BLOCKS, Block.class);
    var affinities = new ArrayList<Stored<BlockAffinity>>();
    for (var kind : BlockOwner.Kind.values()) {
      affinities.addAll(store.list(IpamKey.affinities(kind), BlockAffinity.class));
    }
    var handles = store.list(IpamKey.HANDLES, Handle.class);
    if (expect.has("blockCount")) {
      assertThat(blocks).hasSize(expect.get("blockCount").asInt());
    }
    if (expect.has("affinityCount")) {
      assertThat(affinities).hasSize(expect.get("affinityCount").asInt());
    }
    if (expect.has("handleCount")) {
      assertThat(handles).hasSize(expect.get("handleCount").asInt());
    }
    if (expect.has("affinityCountByHost")) {
      expect
          .get("affinityCountByHost")
          .forEachEntry(
              (host, count) ->
                  assertThat(affinities.stream().filter(a -> host(a).equals(host)).count())
                      .isEqualTo(count.asLong()));
    }
    if (expect.has("affinities")) {
      assertThat(
              affinities.stream()
                  .map(a -> host(a) + " " + cidr(a) + " " + a.value().state().text())
                  .toList())
          .containsExactlyInAnyOrderElementsOf(scenario.expanded(expect.get("affinities")));
    }
    if (expect.has("allAffinitiesConsistent")) {
      for (var affinity : affinities) {
        assertThat(affinity.value().state()).isEqualTo(BlockAffinity.State.CONFIRMED);
        assertThat(store.get(new BlockKey(cidr(affinity)), Block.class).value().affinity())
            .isEqualTo(owner(affinity).text());
      }
    }
    if (expect.has("absentBlocks")) {
      for (var cidr : scenario.expanded(expect.get("absentBlocks"))) {
        assertThat(store.find(new BlockKey(Prefix.of(cidr)), Block.class)).isNull();
      }
    }
    if (expect.has("handles")) {
      for (var entry : expect.get("handles").properties()) {
        var stored = store.find(new HandleKey(entry.getKey()), Handle.class);
        var actual = new TreeMap<String, Integer>();
        if (stored != null) {
          stored.value().blocks().forEach((cidr, count) -> actual.put(cidr.toString(), count));
        }
        var wanted = new TreeMap<String, Integer>();
        if (!entry.getValue().isNull()) {
          entry.getValue().forEachEntry((cidr, count) -> wanted.put(cidr, count.asInt()));
        }
        assertThat(actual).as(entry.getKey()).isEqualTo(wanted);
      }
    }
    if (expect.has("blocks")) {
      for (var wanted : expect.get("blocks")) {
        var cidr = Prefix.of(wanted.get("cidr").asString());
        block(store.get(new BlockKey(cidr), Block.class).value(), wanted);
      }
    }
  }

  private static String host(Stored<BlockAffinity> affinity) {
    var owner = owner(affinity);
    return owner.kind() == BlockOwner.Kind.HOST ? owner.name() : owner.text();
  }

  private static BlockOwner owner(Stored<BlockAffinity> affinity) {
    return affinity.key() instanceof AffinityKey(var owner, _) ? owner : BlockOwner.host("");
  }

  private static Prefix cidr(Stored<BlockAffinity> affinity) {
    return affinity.key() instanceof AffinityKey(_, var cidr) ? cidr : Prefix.of("0.0.0.0/0");
  }

  private static String handle(Block.Attributes attributes) {
    var handle = attributes.handle();
    return handle == null ? "" : handle;
  }

  private static void block(Block block, JsonNode wanted) {
    if (wanted.has("affinity")) {
      var affinity = wanted.get("affinity");
      assertThat(block.affinity()).isEqualTo(affinity.isNull() ? null : affinity.asString());
    }
    if (wanted.has("allocated")) {
      assertThat(block.size() - block.freeCount()).isEqualTo(wanted.get("allocated").asInt());
    }
    if (wanted.has("unallocated")) {
      var unallocated = wanted.get("unallocated");
      if (unallocated.isNumber()) {
        assertThat(block.freeCount()).isEqualTo(unallocated.asInt());
      } else {
        assertThat(block.unallocated())
            .containsExactlyElementsOf(unallocated.valueStream().map(JsonNode::asInt).toList());
      }
    }
    if (wanted.has("allocations")) {
      int ordinal = 0;
      for (var index : wanted.get("allocations")) {
        assertThat(block.allocation(ordinal++).orElse(null))
            .isEqualTo(index.isNull() ? null : index.asInt());
      }
    }
    if (wanted.has("attributeCount")) {
      assertThat(block.attributes()).hasSize(wanted.get("attributeCount").asInt());
    }
    if (wanted.has("attributeHandles")) {
      assertThat(block.attributes().stream().map(ScenarioState::handle).toList())
          .containsExactlyElementsOf(
              wanted.get("attributeHandles").valueStream().map(JsonNode::asString).toList());
    }
  }

  static void utilization(Scenario scenario, JsonNode step, JsonNode expect) throws IpamException {
    var actual = scenario.ipam.utilization(scenario.expanded(step.get("pools")));
    if (!expect.has("pools")) {
      return;
    }
    assertThat(actual).hasSize(expect.get("pools").size());
    for (int i = 0; i < actual.size(); i++) {
      var wanted = expect.get("pools").get(i);
      var pool = actual.get(i);
      if (wanted.has("name")) {
        assertThat(pool.name()).isEqualTo(wanted.get("name").asString());
      }
      if (wanted.has("cidr")) {
        assertThat(pool.cidr()).hasToString(wanted.get("cidr").asString());
      }
      if (wanted.has("capacity")) {
        assertThat(Utilization.saturated(pool.capacity()))
            .isEqualTo(wanted.get("capacity").asLong());
      }
      if (wanted.has("inUse")) {
        assertThat(pool.inUse()).isEqualTo(wanted.get("inUse").asLong());
      }
      if (wanted.has("reserved")) {
        assertThat(Utilization.saturated(pool.reserved()))
            .isEqualTo(wanted.get("reserved").asLong());
      }
      if (wanted.has("available")) {
        assertThat(pool.availableIn64Bits()).isEqualTo(wanted.get("available").asLong());
      }
      if (wanted.has("blocks")) {
        assertThat(pool.blocks()).hasSize(wanted.get("blocks").size());
        int index = 0;
        for (var block : wanted.get("blocks")) {
          blockUsage(scenario.variant, pool.blocks().get(index++), block);
        }
      }
    }
  }

  private static void blockUsage(IpamVariant variant, Utilization.OfBlock row, JsonNode wanted) {
    if (wanted.has("cidr")) {
      assertThat(row.cidr()).hasToString(wanted.get("cidr").asString());
    }
    if (wanted.has("capacity")) {
      assertThat(row.capacity()).isEqualTo(wanted.get("capacity").asInt());
    }
    if (wanted.has("inUse")) {
      assertThat(row.inUse()).isEqualTo(wanted.get("inUse").asInt());
    }
    if (wanted.has("reserved")) {
      assertThat(row.reserved()).isEqualTo(wanted.get("reserved").asInt());
    }
    if (wanted.has("available")) {
      // v3.22 does not look at reservations here.
      assertThat(variant == IpamVariant.V3_22 ? row.available() : row.assignable())
          .isEqualTo(wanted.get("available").asInt());
    }
  }
}
