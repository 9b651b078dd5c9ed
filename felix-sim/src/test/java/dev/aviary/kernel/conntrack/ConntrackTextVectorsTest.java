package dev.aviary.kernel.conntrack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aviary.net.Vectors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Connections that real hosts listed come back as they were. */
class ConntrackTextVectorsTest {
  @TestFactory
  List<DynamicTest> listings() throws IOException {
    var files = new ArrayList<Path>(Vectors.list("conntrack", "*.txt"));
    files.addAll(Vectors.list("kernel-golden/seed/texts", "*.conntrack-L*.txt"));
    files.addAll(Vectors.list("kernel-golden/seed/texts", "*.conntrack-dport*.txt"));
    files.addAll(Vectors.list("kernel-golden/seed/texts", "*.proc-nf_conntrack.txt"));
    return files.stream()
        .filter(file -> !file.toString().endsWith(".stderr.txt"))
        .map(file -> DynamicTest.dynamicTest(String.valueOf(file.getFileName()), () -> check(file)))
        .toList();
  }

  private static void check(Path file) throws Exception {
    var name = file.toString();
    boolean proc = name.contains("proc-");
    for (var line : Files.readAllLines(file)) {
      if (!line.contains(" src=")) {
        continue;
      }
      var table = new Conntrack(InstantSource.fixed(Instant.EPOCH), _ -> 60);
      table.load(line);
      var entry = table.entries().getFirst();
      boolean extended = line.startsWith("ipv4") || line.startsWith("ipv6");
      var printed =
          proc
              ? ConntrackText.proc(entry, 0)
              : ConntrackText.line(entry, 0, extended, line.contains(" id=") && isLast(line));
      assertThat(printed).isEqualTo(line.strip());
    }
  }

  /** ICMP flows have an identifier in each direction, too. */
  private static boolean isLast(String line) {
    return line.strip().matches(".* id=\\d+");
  }
}
