package dev.aviary.ipam;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aviary.net.Prefix;
import dev.aviary.net.Vectors;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

class BlockGeneratorVectorsTest {
  private static Stream<JsonNode> cases(String file, String group) {
    var table = new YAMLMapper().readTree(Vectors.text("ipam/" + file));
    return StreamSupport.stream(table.get("groups").spliterator(), false)
        .filter(g -> g.get("group").asString().equals(group))
        .flatMap(g -> StreamSupport.stream(g.get("cases").spliterator(), false));
  }

  @TestFactory
  Stream<DynamicTest> blocksComeInTheHostsOrder() {
    return cases("table-block-generator.yaml", "start")
        .map(
            row ->
                DynamicTest.dynamicTest(
                    row.get("pool").asString() + " " + row.get("host").asString(),
                    () -> {
                      var pool =
                          new IpPool(
                              "p",
                              Prefix.of(row.get("pool").asString()),
                              row.get("blockSize").asInt(),
                              false,
                              "",
                              Set.of());
                      var blocks = BlockSequence.of(pool, row.get("host").asString(), () -> 0);
                      assertThat(blocks.position())
                          .isEqualTo(new BigInteger(row.get("startIndex").asString()));
                      var first = new ArrayList<String>();
                      for (int i = 0; i < row.get("firstBlocks").size(); i++) {
                        first.add(blocks.next().toString());
                      }
                      assertThat(first)
                          .containsExactlyElementsOf(
                              row.get("firstBlocks")
                                  .valueStream()
                                  .map(JsonNode::asString)
                                  .toList());
                    }));
  }

  @TestFactory
  Stream<DynamicTest> hostNamesSeedTheGenerator() {
    return cases("table-go-prng.yaml", "host-hash")
        .map(
            row ->
                DynamicTest.dynamicTest(
                    "'" + row.get("host").asString() + "'",
                    () -> {
                      var host = row.get("host").asString();
                      assertThat(Integer.toUnsignedLong(GoRandom.fnv1(host)))
                          .isEqualTo(row.get("fnv1_32").asLong());
                      var random = GoRandom.seededBy(host);
                      for (var number : row.get("uint32")) {
                        assertThat(random.uint32()).isEqualTo(number.asLong());
                      }
                    }));
  }
}
