package dev.aviary.kernel.netfilter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aviary.kernel.Kernel;
import dev.aviary.net.IpFamily;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Rules as the real nft listed them after the real iptables-nft had made them. */
class NftTextTest {
  private final Kernel kernel = new Kernel("n", InstantSource.fixed(Instant.EPOCH), new Random(1));

  private static List<String[]> recorded() throws IOException {
    try (var file = NftTextTest.class.getResourceAsStream("/nft/rules.txt")) {
      if (file == null) {
        throw new IOException("no recorded rules");
      }
      return new String(file.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.startsWith("#"))
          .map(line -> line.split("\\|", 5))
          .toList();
    }
  }

  @TestFactory
  List<DynamicTest> rules() throws IOException {
    var tests = new ArrayList<DynamicTest>();
    for (var row : recorded()) {
      var family = row[0].equals("ip") ? IpFamily.IPV4 : IpFamily.IPV6;
      tests.add(
          DynamicTest.dynamicTest(
              row[0] + " " + row[1] + " " + row[2] + " " + row[3],
              () -> {
                kernel.ipsetRestore("destroy\ncreate S hash:net\n");
                kernel.iptablesRestore(
                    family,
                    "*%s\n:%s %s [0:0]\n%s-A %s %s\nCOMMIT\n"
                        .formatted(
                            row[1],
                            row[2],
                            row[2].equals("X") ? "-" : "ACCEPT",
                            row[1].equals("filter") ? ":X - [0:0]\n" : "",
                            row[2],
                            row[3]),
                    false);
                assertThat(NftText.ruleset(kernel.netfilter(family)))
                    .contains("\t\t" + row[4] + "\n");
                kernel.iptablesRestore(family, "*" + row[1] + "\nCOMMIT\n", false);
              }));
    }
    return tests;
  }

  @Test
  void chainsStandInTheOrderTheyWereMadeAndOnlyThose() throws Exception {
    kernel.iptablesRestore(
        IpFamily.IPV4,
        "*filter\n:B - [0:0]\n-A FORWARD -j B\n:A - [0:0]\n-P OUTPUT DROP\nCOMMIT\n",
        true);
    assertThat(NftText.ruleset(kernel.netfilter(IpFamily.IPV4)))
        .isEqualTo(
            """
            table ip filter {
            \tchain B {
            \t}

            \tchain FORWARD {
            \t\ttype filter hook forward priority filter; policy accept;
            \t\tcounter packets 0 bytes 0 jump B
            \t}

            \tchain A {
            \t}

            \tchain OUTPUT {
            \t\ttype filter hook output priority filter; policy drop;
            \t}
            }
            """);
  }

  @Test
  void aTableThatWasOnlyLookedAtIsNotThere() {
    kernel.netfilter(IpFamily.IPV4).touch(TableName.NAT);
    assertThat(NftText.ruleset(kernel.netfilter(IpFamily.IPV4))).isEmpty();
  }
}
