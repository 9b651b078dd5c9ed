package dev.aviary.bgp;

import static org.assertj.core.api.Assertions.assertThatCode;

import dev.aviary.bgp.message.MessageCodecFuzzer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** What fuzzers made up and kept because it reached something new: still a value or a fault. */
class FuzzCorpusTest {
  private static final Path CORPUS = Path.of("src", "test", "resources", "fuzz");

  private static List<Path> inputs(String folder) throws IOException {
    var found = new ArrayList<Path>();
    try (var files = Files.newDirectoryStream(CORPUS.resolve(folder))) {
      files.forEach(found::add);
    }
    found.sort(null);
    return found;
  }

  @TestFactory
  Stream<DynamicTest> messages() throws IOException {
    return inputs("messages").stream()
        .map(
            file ->
                DynamicTest.dynamicTest(
                    file.getFileName().toString(),
                    () ->
                        assertThatCode(
                                () ->
                                    MessageCodecFuzzer.fuzzerTestOneInput(Files.readAllBytes(file)))
                            .doesNotThrowAnyException()));
  }

  @TestFactory
  Stream<DynamicTest> speakers() throws IOException {
    return inputs("speakers").stream()
        .map(
            file ->
                DynamicTest.dynamicTest(
                    file.getFileName().toString(),
                    () ->
                        assertThatCode(
                                () -> SpeakerFuzzer.fuzzerTestOneInput(Files.readAllBytes(file)))
                            .doesNotThrowAnyException()));
  }
}
