package dev.aviary.ipam;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aviary.ipam.CapacityForecast.Growth;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CapacityForecastTest {
  private static final IpamConfig STRICT = new IpamConfig(true, true, 0);

  private static CapacityForecast.Outcome grow(
      String pool, int blockSize, IpamConfig config, int nodes, int pods) throws IpamException {
    return CapacityForecast.run(
        new TestCluster().pool(pool, blockSize),
        config,
        IpamVariant.V3_22,
        new Growth(nodes, pods, false, Map.of()));
  }

  @Test
  void strictAffinityEndsWithTheLastBlock() throws Exception {
    var outcome = grow("10.0.0.0/24", 26, STRICT, 100, 10);
    assertThat(outcome.exhausted())
        .hasValueSatisfying(
            end -> {
              assertThat(end.nodeNumber()).isEqualTo(5);
              assertThat(end.podNumber()).isEqualTo(1);
              assertThat(end.reason())
                  .isEqualTo(
                      "Assigned 0 out of 1 requested IPv4 addresses; No more free affine blocks and"
                          + " strict affinity enabled");
            });
    assertThat(outcome.marks().getLast()).isEqualTo(new CapacityForecast.Mark(5, 40, 4, 216, 0, 0));
  }

  @Test
  void borrowingUsesEveryAddress() throws Exception {
    var outcome = grow("10.0.0.0/24", 26, IpamConfig.DEFAULT, 100, 10);
    assertThat(outcome.exhausted())
        .hasValueSatisfying(
            end -> {
              assertThat(end.nodeNumber()).isEqualTo(26);
              assertThat(end.podNumber()).isEqualTo(7);
              assertThat(end.reason()).endsWith("No IPs available in pools: [10.0.0.0/24]");
            });
    assertThat(outcome.firstBorrowed()).isEqualTo(5);
  }

  @Test
  void aLimitOfBlocksEndsANode() throws Exception {
    var outcome = grow("10.0.0.0/16", 29, new IpamConfig(true, true, 2), 3, 30);
    assertThat(outcome.exhausted())
        .hasValueSatisfying(
            end ->
                assertThat(end.reason())
                    .isEqualTo(
                        "cannot allocate new block due to per host block limit: Need to allocate an"
                            + " IPAM block but could not - limit of 2 blocks reached for this"
                            + " node"));
  }

  @Test
  void whatIsLargeEnoughIsToldAtGrowingMarks() throws Exception {
    var outcome = grow("10.0.0.0/16", 26, STRICT, 100, 30);
    assertThat(outcome.exhausted()).isEmpty();
    assertThat(outcome.marks().stream().map(CapacityForecast.Mark::nodes))
        .containsExactly(1, 2, 5, 10, 20, 50, 100);
    assertThat(outcome.marks().getLast().freeBlocks()).isEqualTo(924);
  }
}
