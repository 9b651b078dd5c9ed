package dev.aviary.emulator.bird;

import dev.aviary.net.Vectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;

/** The control sockets of real daemons of three releases: every reply that was recorded. */
class BirdSocketVectorsTest {
  @TestFactory
  Stream<DynamicNode> recorded() {
    return Replay.of(Recording.all(Vectors.path("birdc")));
  }
}
