package dev.aviary.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aviary.emulator.cluster.Cluster;
import dev.aviary.emulator.cluster.ClusterOptions;
import dev.aviary.emulator.resource.ResourceLoader;
import dev.aviary.emulator.resource.ResourceLoader.Document;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/** Starts the clusters of the test resources. */
final class Clusters {
  private Clusters() {}

  static String text(String resource) {
    try (var in = Clusters.class.getResourceAsStream(resource)) {
      return new String(
          Objects.requireNonNull(in, resource).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Cluster start(String yaml, ClusterOptions options) throws Exception {
    var loaded = ResourceLoader.parse(List.of(new Document("cluster.yaml", yaml)));
    assertThat(loaded.isValid()).as("%s", loaded).isTrue();
    return Cluster.start(loaded.get().resources(), options, _ -> {});
  }

  static Cluster demo(ClusterOptions options) throws Exception {
    return start(text("/dev/aviary/emulator/demo/cluster.yaml"), options);
  }

  static Cluster seed(ClusterOptions options) throws Exception {
    return start(text("/seed/cluster.yaml"), options);
  }

  /** What a command prints in a node, pod or host; it must succeed. */
  static String exec(Cluster cluster, String where, String command) {
    var result = cluster.exec(cluster.find(where).orElseThrow(), List.of(command.split(" ", -1)));
    assertThat(result.stderr()).as("%s: %s", where, command).isEmpty();
    assertThat(result.exit()).isZero();
    return result.stdout();
  }
}
