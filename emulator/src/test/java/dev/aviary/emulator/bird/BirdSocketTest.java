package dev.aviary.emulator.bird;

import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;

/** Some of the recorded dialogs, which are here wherever the others are not. */
class BirdSocketTest {
  @TestFactory
  Stream<DynamicNode> kept() {
    return Replay.of(Recording.all(Path.of("src/test/resources/birdc")));
  }
}
