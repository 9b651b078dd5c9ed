package dev.aviary.kernel;

import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** What a fuzzer made up and kept, and what is like it: still taken or refused, nothing between. */
class FuzzCorpusTest {
  private static final Path CORPUS = Path.of("src", "test", "resources", "fuzz", "kernel");

  @TestFactory
  List<DynamicTest> texts() throws IOException {
    var tests = new ArrayList<DynamicTest>();
    try (var files = Files.newDirectoryStream(CORPUS)) {
      for (var file : files) {
        tests.add(
            DynamicTest.dynamicTest(
                String.valueOf(file.getFileName()),
                () ->
                    assertThatCode(
                            () -> KernelTextFuzzer.fuzzerTestOneInput(Files.readAllBytes(file)))
                        .doesNotThrowAnyException()));
      }
    }
    tests.sort((a, b) -> a.getDisplayName().compareTo(b.getDisplayName()));
    return tests;
  }
}
