package dev.aviary.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aviary.kernel.route.RouteParser;
import dev.aviary.net.IpFamily;
import dev.aviary.net.Vectors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Routes that real nodes printed come back as they were. */
class RouteTextVectorsTest {
  @TestFactory
  List<DynamicTest> routes() throws IOException {
    return Vectors.list("ip-route", "*.txt").stream()
        .map(file -> DynamicTest.dynamicTest(String.valueOf(file.getFileName()), () -> check(file)))
        .toList();
  }

  private static void check(Path file) throws Exception {
    var family = file.toString().contains("ipv6") ? IpFamily.IPV6 : IpFamily.IPV4;
    var expected = new ArrayList<String>();
    var actual = new ArrayList<String>();
    var lines = Files.readAllLines(file);
    if (!lines.getLast().endsWith(" ") && lines.get(lines.size() - 2).endsWith(" ")) {
      lines.removeLast(); // cut off in the middle by whoever published it
    }
    for (var line : lines) {
      boolean route = line.matches("(default|[a-z]+ [0-9]|[0-9a-f]+[.:]).*");
      if (route && !line.contains("...")) {
        // Whether a link has carrier is not the route's; kernels before 4.18 print an IPv6 route's
        // errno.
        var said = line.replace("linkdown", "").replaceFirst(" error -\\d+ ", " ");
        expected.add(said.strip().replaceAll(" +", " "));
        actual.add(RouteParser.line(family, line.strip()).toString());
      }
    }
    assertThat(actual).isEqualTo(expected);
  }
}
