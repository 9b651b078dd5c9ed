package dev.aviary.kernel.ipset;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aviary.net.Vectors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Sets that real hosts listed load, and list and save as they were. */
class IpSetListingVectorsTest {
  @TestFactory
  List<DynamicTest> listings() throws IOException {
    var files = new ArrayList<Path>(Vectors.list("ipset", "*.txt"));
    files.addAll(Vectors.list("kernel-golden/seed/texts", "*.ipset.txt"));
    return files.stream()
        .map(file -> DynamicTest.dynamicTest(String.valueOf(file.getFileName()), () -> check(file)))
        .toList();
  }

  private static IpSets sets() {
    return new IpSets(InstantSource.fixed(Instant.EPOCH), RandomGenerator.of("L64X128MixRandom"));
  }

  /** What was shortened by its author, or depends on the release of ipset, is left out. */
  private static List<String> lines(String listing, boolean withHeader) {
    return listing
        .lines()
        .map(String::strip)
        .filter(line -> !line.isEmpty() && !line.startsWith("#"))
        .filter(line -> !line.matches("(Revision|Size in memory|References|Number of e).*"))
        .map(line -> withHeader ? line : line.replaceFirst(" bucketsize .*", ""))
        .toList();
  }

  private static void check(Path file) throws Exception {
    // The seed's files go on with what other commands printed.
    var text = Files.readString(file).split("(?m)^---$", -1)[0];
    var sets = sets();
    sets.restore(IpSetListing.toRestore(text));
    // Without the hash's start value, which old releases do not print, the order is open.
    boolean ordered = text.contains("initval");
    var expected = lines(text, ordered);
    var actual = lines(sets.listing(null), ordered);
    if (ordered) {
      assertThat(actual).isEqualTo(expected);
    } else {
      assertThat(actual).containsExactlyInAnyOrderElementsOf(expected);
    }
    var again = sets();
    again.restore(sets.save(null));
    assertThat(again.save(null)).isEqualTo(sets.save(null));
  }
}
