package dev.aviary.emulator.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aviary.emulator.cluster.Cluster;
import dev.aviary.emulator.cluster.ClusterOptions;
import dev.aviary.emulator.resource.ResourceLoader;
import dev.aviary.emulator.resource.ResourceLoader.Document;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A cluster on virtual time, and somebody who types verbs. */
final class Terminal implements AutoCloseable {
  private final Cluster cluster;

  /** What a verb did. */
  record Ran(int code, String out, String err) {}

  private Terminal(Cluster cluster) {
    this.cluster = cluster;
  }

  static Terminal open(String yaml, String calico) throws Exception {
    var terminal = start(yaml, calico);
    terminal.cluster.awaitConverged();
    return terminal;
  }

  /** A cluster whose sessions nobody waited for. */
  static Terminal start(String yaml, String calico) throws Exception {
    var loaded = ResourceLoader.parse(List.of(new Document("cluster.yaml", yaml)));
    assertThat(loaded.isValid()).as("%s", loaded).isTrue();
    var cluster =
        Cluster.start(
            loaded.get().resources(), ClusterOptions.inVirtualTime().withCalico(calico), _ -> {});
    return new Terminal(cluster);
  }

  static String resource(String name) {
    try (var in = Terminal.class.getResourceAsStream(name)) {
      return new String(
          java.util.Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Cluster cluster() {
    return cluster;
  }

  Ran run(String... words) {
    var out = new ByteArrayOutputStream();
    var err = new ByteArrayOutputStream();
    var console =
        new Console(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            false);
    int code = CommandLines.run(console, cluster, List.of(words));
    return new Ran(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  /** Runs a verb on a manifest. */
  Ran given(String verb, String yaml) {
    try {
      var file = Files.createTempFile("given", ".yaml");
      Files.writeString(file, yaml);
      var ran = run(verb, "-f", file.toString());
      Files.delete(file);
      return new Ran(
          ran.code(),
          ran.out(),
          ran.err().replace(String.valueOf(file), String.valueOf(Path.of("given.yaml"))));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    cluster.close();
  }
}
