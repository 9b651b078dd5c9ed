package dev.aviary.ipam;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aviary.felix.selector.Selector;
import dev.aviary.felix.selector.SelectorException;
import dev.aviary.ipam.IpamKey.AffinityKey;
import dev.aviary.ipam.IpamKey.BlockKey;
import dev.aviary.ipam.IpamKey.HandleKey;
import dev.aviary.net.IpAddress;
import dev.aviary.net.IpFamily;
import dev.aviary.net.Prefix;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;

/** The pure functions, one test per row of their tables. */
class IpamTableVectorsTest {

  private static IpFamily family(JsonNode row) {
    return row.get("version").asInt() == 4 ? IpFamily.IPV4 : IpFamily.IPV6;
  }

  static List<String> texts(@Nullable JsonNode list) {
    return list == null ? List.of() : list.valueStream().map(JsonNode::asString).toList();
  }

  private static List<Prefix> prefixes(@Nullable JsonNode list) {
    return texts(list).stream().map(Prefix::of).toList();
  }

  private static String error(IpamException e) {
    return e.error().message();
  }

  @TestFactory
  Stream<DynamicTest> maxPrefixLength() {
    return TableCases.of(
        "table-max-prefix-length.yaml",
        Map.of(
            "cases",
            row -> {
              var reserved =
                  row.has("start")
                      ? new HostReservation(
                          row.get("start").asInt(), row.get("end").asInt(), "", "")
                      : null;
              if (row.has("error")) {
                assertThatThrownBy(() -> PoolSelection.maxPrefixLength(family(row), reserved))
                    .hasMessage(row.get("error").asString());
              } else {
                assertThat(PoolSelection.maxPrefixLength(family(row), reserved))
                    .isEqualTo(row.get("max").asInt());
              }
            }));
  }

  @TestFactory
  Stream<DynamicTest> determinePools() {
    return TableCases.of(
        "table-determine-pools.yaml",
        Map.of(
            "cases",
            row -> {
              var inputs = new ScenarioInputs();
              for (var pool : row.get("pools")) {
                inputs.put(
                    new IpPool(
                        pool.get("cidr").asString(),
                        Prefix.of(pool.get("cidr").asString()),
                        IpPool.defaultBlockSize(family(row)),
                        !pool.get("enabled").asBoolean(),
                        pool.get("nodeSelector").asString(),
                        IpPool.DEFAULT_USES));
              }
              var store = new InMemoryIpamStore();
              var blocks = new Blocks(store, IpamVariant.V3_22, () -> 1);
              var selection =
                  new PoolSelection(
                      store, inputs, new AffinityClaim(store, blocks), IpamVariant.V3_22);
              try {
                var found =
                    selection.determine(
                        prefixes(row.get("requested")),
                        family(row),
                        ScenarioInputs.texts(row.get("nodeLabels")),
                        Map.of(),
                        family(row).bits());
                assertThat(row.has("error")).isFalse();
                assertThat(found.stream().map(IpPool::name).toList())
                    .containsExactlyElementsOf(texts(row.get("result")));
              } catch (IpamException e) {
                assertThat(error(e)).isEqualTo(row.get("error").asString());
              }
            }));
  }

  @TestFactory
  Stream<DynamicTest> etcdKeys() {
    return TableCases.of(
        "table-etcd-keys.yaml",
        Map.of(
            "key",
            row -> {
              var key = row.get("key").asString();
              switch (row.get("object").asString()) {
                case "block" -> roundTrip(new BlockKey(cidr(row)), key);
                case "affinity" -> roundTrip(new AffinityKey(owner(row), cidr(row)), key);
                case "handle" -> roundTrip(new HandleKey(row.get("id").asString()), key);
                case "ipamHost" ->
                    assertThat(IpamKey.ALL_AFFINITIES + row.get("host").asString()).isEqualTo(key);
                case "config" -> roundTrip(new IpamKey.ConfigKey(), key);
                case "resource" ->
                    assertThat(
                            ResourceKeys.path(
                                row.get("kind").asString(),
                                row.has("namespace") ? row.get("namespace").asString() : "",
                                row.get("name").asString()))
                        .isEqualTo(key);
                default -> throw new AssertionError("object " + row);
              }
            },
            "list-prefix",
            row -> {
              var family =
                  row.has("ipVersion") && row.get("ipVersion").asInt() == 6
                      ? IpFamily.IPV6
                      : IpFamily.IPV4;
              assertThat(
                      switch (row.get("list").asString()) {
                        case "blocks" ->
                            row.has("ipVersion") ? IpamKey.allBlocks(family) : IpamKey.ALL_BLOCKS;
                        case "affinities" ->
                            row.has("host")
                                ? IpamKey.affinities(owner(row), family)
                                : IpamKey.affinities(owner(row).kind());
                        case "handles" -> IpamKey.HANDLES;
                        default -> "?";
                      })
                  .isEqualTo(row.get("prefix").asString());
            },
            "not-a-key",
            row -> assertThat(IpamKey.parse(row.get("key").asString())).isEmpty()));
  }

  private static void roundTrip(IpamKey key, String path) {
    assertThat(key.path()).isEqualTo(path);
    assertThat(IpamKey.parse(path)).contains(key);
  }

  private static Prefix cidr(JsonNode row) {
    return Prefix.of(row.get("cidr").asString());
  }

  private static BlockOwner owner(JsonNode row) {
    return new BlockOwner(
        row.has("type") && row.get("type").asString().equals("virtual")
            ? BlockOwner.Kind.VIRTUAL
            : BlockOwner.Kind.HOST,
        row.has("host") ? row.get("host").asString() : "");
  }

  @TestFactory
  Stream<DynamicTest> crdNames() {
    return TableCases.of(
        "table-kdd-names.yaml",
        Map.of(
            "cidr-name",
            row -> assertThat(CrdNames.block(cidr(row))).isEqualTo(row.get("name").asString()),
            "affinity-name",
            row ->
                assertThat(CrdNames.affinity(row.get("host").asString(), cidr(row)))
                    .isEqualTo(row.get("name").asString()),
            "handle-name",
            row ->
                assertThat(CrdNames.handle(row.get("handle").asString()))
                    .isEqualTo(row.get("name").asString()),
            "hostname-hash-label",
            row ->
                assertThat(CrdNames.hostNameHash(row.get("host").asString()))
                    .isEqualTo(row.get("hash").asString())));
  }

  @TestFactory
  Stream<DynamicTest> reservationFilter() {
    return TableCases.of(
        "table-reservation-filter.yaml",
        Map.of(
            "match",
            row -> {
              var reserved = new Reservations(prefixes(row.get("reserved")));
              row.get("ip")
                  .forEachEntry(
                      (ip, wanted) ->
                          assertThat(reserved.contains(IpAddress.of(ip)))
                              .as(ip)
                              .isEqualTo(wanted.asBoolean()));
              row.get("someOfCidr")
                  .forEachEntry(
                      (cidr, wanted) ->
                          assertThat(reserved.overlaps(Prefix.of(cidr)))
                              .as(cidr)
                              .isEqualTo(wanted.asBoolean()));
              row.get("wholeCidr")
                  .forEachEntry(
                      (cidr, wanted) ->
                          assertThat(reserved.covers(Prefix.of(cidr)))
                              .as(cidr)
                              .isEqualTo(wanted.asBoolean()));
              assertThat(Reservations.withoutContained(prefixes(row.get("reserved"))))
                  .containsExactlyElementsOf(prefixes(row.get("deduplicated")));
            },
            "deduplicate",
            row ->
                assertThat(Reservations.withoutContained(prefixes(row.get("in"))))
                    .containsExactlyInAnyOrderElementsOf(prefixes(row.get("out")))));
  }

  @TestFactory
  Stream<DynamicTest> selectors() {
    return TableCases.of(
        "table-selectors.yaml",
        Map.of(
            "cases",
            row -> {
              var selector = row.get("selector").asString();
              if (row.get("result").isNull()) {
                assertThatThrownBy(() -> Selector.parse(selector))
                    .isInstanceOf(SelectorException.class);
              } else {
                assertThat(
                        Selector.parse(selector).matches(ScenarioInputs.texts(row.get("labels"))))
                    .isEqualTo(row.get("result").asBoolean());
              }
            }));
  }

  @TestFactory
  Stream<DynamicTest> messages() {
    return TableCases.of(
        "table-messages.yaml",
        Map.of(
            "partial-fulfilment",
            row -> {
              var assigned = new ArrayList<Assignment.Assigned>();
              for (int i = 0; i < row.get("assigned").asInt(); i++) {
                assigned.add(new Assignment.Assigned(IpAddress.of("10.0.0." + i), 26));
              }
              var addresses =
                  new Assignment.Addresses(
                      assigned,
                      family(row),
                      row.get("requested").asInt(),
                      row.has("hostReservedHandle")
                          ? new HostReservation(3, 1, row.get("hostReservedHandle").asString(), "")
                          : null,
                      texts(row.get("messages")));
              assertThat(addresses.shortage())
                  .isEqualTo(row.get("error").isNull() ? null : row.get("error").asString());
            },
            "reserved-cidrs",
            row ->
                assertThat(
                        Reservations.parse(texts(row.get("in"))).stream()
                            .map(Prefix::toString)
                            .toList())
                    .containsExactlyElementsOf(texts(row.get("out")))));
  }

  @TestFactory
  Stream<DynamicTest> poolSpace() {
    return TableCases.of(
        "table-pool-space.yaml",
        Map.of(
            "cases",
            row -> {
              var pool = Prefix.of(row.get("pool").asString());
              var reserved = new Reservations(Reservations.parse(texts(row.get("reservations"))));
              var blocks =
                  prefixes(row.get("blocks")).stream()
                      .map(
                          cidr ->
                              Utilization.OfBlock.of(
                                  Block.create(cidr, null, null, null, 0), reserved))
                      .toList();
              var usage = Utilization.of("p", pool, blocks, reserved);
              assertThat(usage.capacity()).isEqualTo(number(row, "capacity"));
              assertThat(usage.reserved()).isEqualTo(number(row, "reserved"));
              assertThat(usage.availableOutsideBlocks())
                  .isEqualTo(number(row, "availableOutsideBlocks"));
            }));
  }

  private static BigInteger number(JsonNode row, String name) {
    return new BigInteger(row.get(name).asString());
  }

  @TestFactory
  Stream<DynamicTest> poolValidation() {
    return TableCases.of(
        "table-pool-validation.yaml",
        Map.of(
            "validation",
            row -> {
              var pool = pool(row.get("pool"), null);
              var others = new ArrayList<PoolSpec>();
              if (row.has("existingPools")) {
                row.get("existingPools").forEach(other -> others.add(pool(other, null)));
              }
              var mistakes =
                  row.has("update")
                      ? pool(row.get("pool"), row.get("update")).mistakes(pool, others, List.of())
                      : pool.mistakes(null, others, prefixes(row.get("existingBlocks")));
              assertThat(
                      mistakes.stream()
                          .map(m -> List.of(m.field(), m.value(), m.reason()))
                          .toList())
                  .containsExactlyElementsOf(
                      row.get("errors")
                          .valueStream()
                          .map(
                              e ->
                                  List.of(
                                      e.get("field").asString(),
                                      e.get("value").asString(),
                                      e.get("reason").asString()))
                          .toList());
            },
            "defaults",
            row -> {
              var stored = pool(row.get("in"), null).withDefaults();
              var wanted = row.get("stored");
              assertThat(stored).isEqualTo(pool(wanted, null).named("p"));
              assertThat(stored.blockSize()).isEqualTo(wanted.get("blockSize").asInt());
            }));
  }

  private static PoolSpec pool(JsonNode node, @Nullable JsonNode change) {
    var merged = new java.util.HashMap<String, JsonNode>();
    node.forEachEntry(merged::put);
    if (change != null) {
      change.forEachEntry(merged::put);
    }
    return new PoolSpec(
        text(merged.get("name")),
        text(merged.get("cidr")),
        merged.containsKey("blockSize") ? merged.get("blockSize").asInt() : null,
        text(merged.get("ipipMode")),
        text(merged.get("vxlanMode")),
        merged.containsKey("disabled") && merged.get("disabled").asBoolean(),
        text(merged.get("nodeSelector")),
        texts(merged.get("allowedUses")));
  }

  private static String text(@Nullable JsonNode node) {
    return node == null ? "" : node.asString();
  }

  @TestFactory
  Stream<DynamicTest> blockGeneratorSequences() {
    return TableCases.of(
        "table-block-generator.yaml",
        Map.of(
            "start",
            row -> {
              var blocks = sequence(row, row.get("host").asString());
              assertThat(blocks.position()).isEqualTo(number(row, "startIndex"));
            },
            "full-sequence",
            row -> {
              var blocks = sequence(row, row.get("host").asString());
              var all = new ArrayList<String>();
              blocks.forEachRemaining(block -> all.add(block.toString()));
              assertThat(all).containsExactlyElementsOf(texts(row.get("blocks")));
            },
            "count",
            row -> {
              var blocks = sequence(row, "host");
              int count = 0;
              var distinct = new HashSet<Prefix>();
              while (blocks.hasNext()) {
                distinct.add(blocks.next());
                count++;
              }
              assertThat(count).isEqualTo(row.get("count").asInt());
              assertThat(distinct).hasSize(row.get("distinct").asInt());
            }));
  }

  private static BlockSequence sequence(JsonNode row, String host) {
    var pool =
        new IpPool(
            "p",
            Prefix.of(row.get("pool").asString()),
            row.get("blockSize").asInt(),
            false,
            "",
            IpPool.DEFAULT_USES);
    return BlockSequence.of(pool, host, () -> 1234567);
  }

  @TestFactory
  Stream<DynamicTest> goRandom() {
    return TableCases.of(
        "table-go-prng.yaml",
        Map.of(
            "host-hash",
            row ->
                assertThat(Integer.toUnsignedLong(GoRandom.fnv1(row.get("host").asString())))
                    .isEqualTo(row.get("fnv1_32").asLong()),
            "source",
            row -> {
              long seed = Long.parseLong(row.get("seed").asString());
              var source = new GoRandom(seed);
              for (var wanted : row.get("int63")) {
                assertThat(Long.toString(source.int63())).isEqualTo(wanted.asString());
              }
              for (int i = 0; i < 1300; i++) {
                source.int63();
              }
              assertThat(Long.toString(source.int63()))
                  .isEqualTo(row.get("int63_number_1305").asString());
              row.get("bigIntRand")
                  .forEachEntry(
                      (limit, wanted) ->
                          assertThat(new GoRandom(seed).below(new BigInteger(limit)))
                              .as(limit)
                              .isEqualTo(new BigInteger(wanted.asString())));
            }));
  }
}
