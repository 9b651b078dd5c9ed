package dev.aviary.emulator.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SimulateTest {
  private record Ran(int code, String out, String err) {}

  private static Ran simulate(String... options) {
    var out = new ByteArrayOutputStream();
    var err = new ByteArrayOutputStream();
    var words = new ArrayList<>(List.of("ipam", "simulate"));
    words.addAll(List.of(options));
    int code =
        Main.run(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            words);
    return new Ran(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  @Test
  void saysWhenWhereAndWhyAddressesRunOut() {
    var ran = simulate("--pool", "10.0.0.0/24", "--pods-per-node", "10", "--strictaffinity=true");
    assertThat(ran.code()).as(ran.err()).isEqualTo(1);
    assertThat(ran.out())
        .isEqualTo(
            """
            +-------+-----------+--------+-------------+----------+----------+
            | NODES | ADDRESSES | BLOCKS | FREE BLOCKS | STRANDED | BORROWED |
            +-------+-----------+--------+-------------+----------+----------+
            |     1 |        10 |      1 |           3 |       54 |        0 |
            |     2 |        20 |      2 |           2 |      108 |        0 |
            |     5 |        40 |      4 |           0 |      216 |        0 |
            +-------+-----------+--------+-------------+----------+----------+
            Out of addresses at node 5, pod 1: Assigned 0 out of 1 requested IPv4 addresses; No more free affine blocks and strict affinity enabled
            """);
  }

  @Test
  void saysThatTheyLast() {
    var ran = simulate("--pool", "10.0.0.0/16", "--max-nodes", "10", "-o", "json");
    assertThat(ran.code()).as(ran.err()).isZero();
    assertThat(ran.out()).contains("\"exhausted\": null").contains("\"addresses\": 300");
  }

  @Test
  void aMistakeInAPoolIsToldInCalicosWords() {
    var ran = simulate("--pool", "10.0.0.0/24,33");
    assertThat(ran.code()).isEqualTo(3);
    assertThat(ran.err())
        .isEqualTo(
            "aviary: --pool: error with field IPPool.Spec.BlockSize = '33' (IPv4 block size must be"
                + " between 20 and 32)\n");
  }

  @Test
  void withoutPoolsItAsksForThem() {
    assertThat(simulate().err()).contains("give --pool CIDR[,BLOCKSIZE]");
  }
}
