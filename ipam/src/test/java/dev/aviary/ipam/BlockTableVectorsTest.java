package dev.aviary.ipam;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aviary.ipam.Block.Attributes;
import dev.aviary.net.IpAddress;
import dev.aviary.net.Prefix;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What happens inside a block, and how it is written. */
class BlockTableVectorsTest {
  private static final Instant NOW = Instant.parse("2026-08-22T13:33:20Z");

  // NullAway does not see the annotation inside a record component of another compilation.
  @SuppressWarnings("NullAway")
  private static Block block(JsonNode row) {
    var cidr = Prefix.of("100.64.0.0/24");
    var allocations = new ArrayList<@org.jspecify.annotations.Nullable Integer>();
    for (int i = 0; i < 256; i++) {
      allocations.add(null);
    }
    var entries = new ArrayList<Attributes>();
    var sequences = new TreeMap<Integer, Long>();
    if (row.has("allocate")) {
      for (var entry : row.get("allocate")) {
        for (var ordinal : entry.get("ordinals")) {
          allocations.set(ordinal.asInt(), entries.size());
          if (entry.has("seq")) {
            sequences.put(ordinal.asInt(), entry.get("seq").asLong());
          }
        }
        entries.add(
            new Attributes(
                entry.has("handle") ? entry.get("handle").asString() : null,
                null,
                null,
                entry.has("releasedSecondsAgo")
                    ? NOW.minusSeconds(entry.get("releasedSecondsAgo").asLong())
                    : null,
                Map.of()));
      }
    }
    var free = IntStream.range(0, 256).filter(i -> allocations.get(i) == null).boxed().toList();
    return new BlockValue(cidr, "host:h", null, allocations, free, entries, 0L, sequences, Map.of())
        .toBlock();
  }

  private static List<Integer> allocated(Block block) {
    return IntStream.range(0, block.size()).filter(i -> block.owner(i) != null).boxed().toList();
  }

  private static List<Integer> numbers(JsonNode list) {
    return list.valueStream().map(JsonNode::asInt).toList();
  }

  private static void allocatedAsWanted(Block block, JsonNode expect) {
    if (expect.has("allocatedOrdinals")) {
      assertThat(allocated(block))
          .containsExactlyElementsOf(numbers(expect.get("allocatedOrdinals")));
    }
    if (expect.has("free")) {
      assertThat(block.freeCount()).isEqualTo(expect.get("free").asInt());
    }
    if (expect.has("queueTail")) {
      var tail = numbers(expect.get("queueTail"));
      var queue = block.unallocated();
      assertThat(queue.subList(queue.size() - tail.size(), queue.size()))
          .containsExactlyElementsOf(tail);
    }
  }

  @TestFactory
  Stream<DynamicTest> operations() {
    return TableCases.of(
        "table-block-operations.yaml",
        Map.of(
            "release",
            BlockTableVectorsTest::release,
            "release-by-handle",
            row -> {
              var freed =
                  BlockDraft.releaseByHandle(
                      block(row),
                      row.get("releaseHandle").asString(),
                      row.has("seq") ? row.get("seq").asLong() : null,
                      null);
              var expect = row.get("expect");
              assertThat(freed.count()).isEqualTo(expect.get("released").asInt());
              allocatedAsWanted(freed.block(), expect);
            },
            "garbage-collect",
            row -> {
              var before = block(row);
              var after =
                  BlockDraft.collect(
                      before, NOW.minusSeconds(row.get("cooldownSeconds").asLong()).plusMillis(1));
              var expect = row.get("expect");
              assertThat(after != before).isEqualTo(expect.get("changed").asBoolean());
              allocatedAsWanted(after, expect);
            },
            "summary",
            BlockTableVectorsTest::summary));
  }

  private static void release(JsonNode row) throws IpamException {
    var expect = row.get("expect");
    var options = new ArrayList<ReleaseOption>();
    for (var option : row.get("release")) {
      options.add(
          new ReleaseOption(
              IpAddress.of(option.get("ip").asString()),
              option.has("handle") ? option.get("handle").asString() : null,
              option.has("seq") ? option.get("seq").asLong() : null));
    }
    var before = block(row);
    try {
      var freed = BlockDraft.release(before, options, null);
      assertThat(expect.has("error")).isFalse();
      assertThat(freed.unallocated().stream().map(IpAddress::toString).toList())
          .containsExactlyInAnyOrderElementsOf(
              IpamTableVectorsTest.texts(expect.get("unallocated")));
      var counts = new TreeMap<String, Integer>();
      expect.get("countByHandle").forEachEntry((h, n) -> counts.put(h, n.asInt()));
      assertThat(freed.byHandle()).isEqualTo(counts);
      allocatedAsWanted(freed.block(), expect);
    } catch (IpamException e) {
      assertThat(expect.has("error")).as(e.getMessage()).isTrue();
      assertThat(e.error()).isInstanceOf(IpamError.OutOfDate.class);
      allocatedAsWanted(before, expect);
    }
  }

  private static void summary(JsonNode row) {
    var block = block(row);
    var expect = row.get("expect");
    var reserved =
        new Reservations(Reservations.parse(IpamTableVectorsTest.texts(row.get("reserved"))));
    if (expect.has("empty")) {
      assertThat(block.isEmpty()).isEqualTo(expect.get("empty").asBoolean());
    }
    if (expect.has("inUse")) {
      assertThat(allocated(block).stream().map(i -> block.address(i).toString()).toList())
          .containsExactlyElementsOf(IpamTableVectorsTest.texts(expect.get("inUse")));
    }
    if (expect.has("free")) {
      assertThat(block.assignable(reserved)).isEqualTo(expect.get("free").asInt());
    }
    if (expect.has("reservedCount")) {
      assertThat(reserved.sizeInside(block.cidr()).intValue())
          .isEqualTo(expect.get("reservedCount").asInt());
    }
  }

  @TestFactory
  Stream<DynamicTest> validation() {
    var json = JsonMapper.builder().build();
    return TableCases.of(
        "table-block-validation.yaml",
        Map.of(
            "cases",
            row -> {
              var text =
                  json.writeValueAsString(row.get("block"))
                      .replace("$NOW+60s", NOW.plusSeconds(60).toString())
                      .replace("$NOW-60s", NOW.minusSeconds(60).toString());
              assertThat(IpamJson.readBlock(text).fault(NOW).orElse(null))
                  .isEqualTo(row.get("error").isNull() ? null : row.get("error").asString());
            }));
  }

  @TestFactory
  Stream<DynamicTest> json() {
    return TableCases.of(
        "table-json-encoding.yaml",
        Map.of(
            "written-by-v3.22.0",
            row -> rewritten(IpamVariant.V3_22, row),
            "written-by-master",
            row -> rewritten(IpamVariant.MASTER, row),
            "tolerated-on-read",
            BlockTableVectorsTest::tolerated));
  }

  private static IpamKey key(String kind, String text) {
    return switch (kind) {
      case "affinity" ->
          new IpamKey.AffinityKey(BlockOwner.host("node1"), Prefix.of("10.0.0.0/30"));
      case "config" -> new IpamKey.ConfigKey();
      case "handle" -> new IpamKey.HandleKey("h");
      default -> new IpamKey.BlockKey(IpamJson.readBlock(text).cidr());
    };
  }

  /** What it is follows from its members. */
  private static String kind(String text) {
    return text.contains("\"state\"")
        ? "affinity"
        : text.contains("\"block\":") ? "handle" : text.contains("\"cidr\"") ? "block" : "config";
  }

  private static void rewritten(IpamVariant variant, JsonNode row) throws IpamException {
    var text = row.get("json").asString();
    var json = new IpamJson(variant);
    assertThat(json.write(json.read(key(kind(text), text), text))).isEqualTo(text);
  }

  private static void tolerated(JsonNode row) throws IpamException {
    var text = row.get("json").asString();
    var read = new IpamJson(IpamVariant.V3_22).read(key(row.get("object").asString(), text), text);
    var wanted = row.get("reads");
    switch (read) {
      case BlockAffinity affinity -> {
        assertThat(affinity.state().text()).isEqualTo(wanted.get("state").asString());
        if (affinity.state().text().isEmpty()) {
          assertThat(affinity.isConfirmed()).isTrue();
        }
      }
      case IpamConfig config -> {
        assertThat(config.strictAffinity()).isEqualTo(wanted.get("strictAffinity").asBoolean());
        assertThat(config.autoAllocateBlocks())
            .isEqualTo(wanted.get("autoAllocateBlocks").asBoolean());
        assertThat(config.maxBlocksPerHost()).isEqualTo(wanted.get("maxBlocksPerHost").asInt());
      }
      case Block block -> {
        assertThat(block.affinity())
            .isEqualTo(wanted.get("affinity").isNull() ? null : wanted.get("affinity").asString());
        assertThat(block.size() - block.freeCount()).isEqualTo(wanted.get("allocated").asInt());
      }
      case Handle handle -> {
        var counts = new TreeMap<String, Integer>();
        handle.blocks().forEach((cidr, count) -> counts.put(cidr.toString(), count));
        var expected = new TreeMap<String, Integer>();
        wanted.get("block").forEachEntry((cidr, count) -> expected.put(cidr, count.asInt()));
        assertThat(counts).isEqualTo(expected);
      }
    }
  }
}
