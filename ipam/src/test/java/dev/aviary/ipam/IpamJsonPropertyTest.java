package dev.aviary.ipam;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aviary.net.Prefix;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Whatever stands in the store is an object or a value that is reported, never anything else. */
class IpamJsonPropertyTest {
  private static final Prefix CIDR = Prefix.of("10.0.0.0/30");
  private static final List<IpamKey> KEYS =
      List.of(
          new IpamKey.BlockKey(CIDR),
          new IpamKey.AffinityKey(BlockOwner.host("n"), CIDR),
          new IpamKey.HandleKey("h"),
          new IpamKey.ConfigKey());
  private static final List<String> SOUND =
      List.of(
          "{\"cidr\":\"10.0.0.0/30\",\"affinity\":\"host:n\",\"allocations\":[0,null,0,null],"
              + "\"unallocated\":[1,3],\"attributes\":[{\"handle_id\":\"h\",\"secondary\":{\"a\":"
              + "\"b\"}}],\"sequenceNumber\":18446744073709551615,"
              + "\"sequenceNumberForAllocation\":{\"0\":1},\"deleted\":false}",
          "{\"state\":\"pending\",\"deleted\":false}",
          "{\"block\":{\"10.0.0.0/30\":2},\"deleted\":false}",
          "{\"strict_affinity\":true,\"maxBlocksPerHost\":4}");

  private static void readsOrReports(String text) {
    for (var key : KEYS) {
      try {
        var json = new IpamJson(IpamVariant.V3_22);
        var object = json.read(key, text);
        // What was read can be written and is read again as the same text.
        assertThat(json.write(json.read(key, json.write(object)))).isEqualTo(json.write(object));
      } catch (IpamException e) {
        assertThat(e.error()).isInstanceOf(IpamError.Malformed.class);
        assertThat(e.getMessage()).startsWith(key.path() + ": ");
      }
    }
    try {
      LeakReport.parse(text);
    } catch (IllegalArgumentException e) {
      assertThat(e.getMessage()).isNotBlank();
    }
  }

  @Property(tries = 500)
  void anyTextIsReadOrReported(@ForAll String text) {
    readsOrReports(text);
  }

  @Provide
  Arbitrary<String> pieces() {
    return Arbitraries.of(
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "null",
        "-1",
        "1e9",
        "99999999999999999999999",
        "\"\"",
        "true",
        "\"cidr\"",
        "\"10.0.0.0/30\"",
        "\"allocations\"",
        "\"a\"",
        "0",
        "4",
        " ");
  }

  @Property(tries = 1000)
  void aSoundValueWithPiecesPutInIsReadOrReported(
      @ForAll @IntRange(min = 0, max = 3) int which,
      @ForAll @Size(min = 1, max = 3) List<@IntRange(min = 0, max = 400) Integer> places,
      @ForAll("pieces") String piece,
      @ForAll @IntRange(min = 0, max = 8) int cut) {
    var text = SOUND.get(which);
    for (int place : places) {
      int at = place % (text.length() + 1);
      int end = Math.min(text.length(), at + cut);
      text = text.substring(0, at) + piece + text.substring(end);
    }
    readsOrReports(text);
  }

  @Property(tries = 200)
  void whatABlockHoldsSurvivesTheStore(
      @ForAll @Size(max = 12) List<@IntRange(min = 0, max = 7) Integer> operations,
      @ForAll IpamVariant variant)
      throws IpamException {
    var cidr = Prefix.of("10.0.0.0/29");
    var block = Block.create(cidr, "host:n", null, null, 7);
    for (int ordinal : operations) {
      block =
          block.owner(ordinal) == null
              ? BlockDraft.assign(
                  block, ordinal, new Block.Attributes("h" + ordinal % 3, Map.of("n", "<&>")))
              : BlockDraft.release(block, List.of(ReleaseOption.of(block.address(ordinal))), null)
                  .block();
      block = block.counted();
    }
    var json = new IpamJson(variant);
    var again = json.read(new IpamKey.BlockKey(cidr), json.write(block));
    assertThat(json.write(again)).isEqualTo(json.write(block));
  }
}
