package dev.aviary.bgp.message;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.aviary.bgp.message.MessageCodec.Whole;
import dev.aviary.bgp.route.AfiSafi;
import dev.aviary.bgp.route.AttributesBuilder;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** What others' fuzzers found: any verdict is right, but there must be one. */
class CorpusVectorsTest {
  private static final String[] CONTEXTS = {
    "{\"as4\":true,\"addpath\":[],\"ext_msg\":false}",
    "{\"as4\":false,\"addpath\":[],\"ext_msg\":true}",
    "{\"as4\":true,\"addpath\":[[1,1],[2,1]],\"ext_msg\":true}"
  };

  @TestFactory
  Stream<DynamicTest> neverThrow() {
    return WireVectors.rows("corpus-nocrash.tsv").stream()
        .map(
            row ->
                dynamicTest(
                    row[0], () -> assertThatCode(() -> read(row[2])).doesNotThrowAnyException()));
  }

  private static void read(String hex) {
    var octets = HexFormat.of().parseHex(hex.length() % 2 == 0 ? hex : hex + "0");
    for (var context : CONTEXTS) {
      for (boolean internal : new boolean[] {true, false}) {
        DecodeEverything.of(octets, WireVectors.options(WireVectors.json(context), internal));
      }
    }
  }

  /** Reads all that a message has, in every way that the speaker and its onlookers do. */
  static final class DecodeEverything {
    private DecodeEverything() {}

    static void of(byte[] octets, SessionOptions options) {
      for (boolean judge : new boolean[] {true, false}) {
        var decoded =
            judge
                ? MessageCodec.decode(octets, 0, octets.length, options)
                : MessageCodec.inspect(octets, 0, octets.length, options);
        if (decoded instanceof Whole(UpdateMessage update)) {
          var unused = MessageJson.of(update).toString();
          assert unused != null;
          if (judge) {
            routes(update);
          }
        }
      }
    }

    private static void routes(UpdateMessage update) {
      for (var family : new AfiSafi[] {AfiSafi.IPV4_UNICAST, AfiSafi.IPV6_UNICAST}) {
        update.forEachWithdrawn(family, (_, _, _, _) -> {});
      }
      update.forEachClassic((_, _, _, _) -> {});
      update.forEachReached((_, _, _, _) -> {});
      if (!update.treatAsWithdraw()) {
        for (boolean reach : new boolean[] {false, true}) {
          var builder = new AttributesBuilder();
          update.attributesTo(builder, reach);
          var unused = builder.build().toString();
          assert unused != null;
        }
      }
    }
  }
}
