package dev.aviary.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aviary.emulator.cluster.BirdExport;
import dev.aviary.emulator.cluster.ClusterOptions;
import dev.aviary.emulator.resource.ResourceLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The real BIRD 1.6.8 reads the exported configuration ({@code bird -p}). Debian's BIRD knows no
 * {@code krt_tunnel}, the one thing that Calico's fork adds to the filter language, so what sets it
 * is taken out.
 */
class BirdAcceptsTest {
  private static final Path MANIFESTS =
      Path.of("../emulator/src/test/resources/confd/features.yaml");

  @ParameterizedTest
  @CsvSource({"v3.22, one", "v3.22, reflector", "v3.22, two", "master, one", "master, two"})
  void theExportedFiles(String version, String node) throws Exception {
    var bird = Peers.unpacked("bird");
    var loaded = ResourceLoader.load(List.of(MANIFESTS.toString()));
    var files =
        BirdExport.of(
            loaded.get().resources(), node, ClusterOptions.onFreePorts().withCalico(version));
    var folder = Files.createDirectories(Path.of("target", "bird-p", version, node));
    for (var file : files.entrySet()) {
      Files.writeString(folder.resolve(file.getKey()), withoutTunnels(file.getValue()));
    }
    assertThat(parse(bird.resolve("usr/sbin/bird"), folder.resolve("bird.cfg"))).isEmpty();
    assertThat(parse(bird.resolve("usr/sbin/bird6"), folder.resolve("bird6.cfg"))).isEmpty();
  }

  static String withoutTunnels(String text) {
    return text.replaceAll(
            "if \\(?defined\\(bgp_next_hop\\).*then\\s+krt_tunnel ?= ?\"\";\\s+else\\s+krt_tunnel ?= ?\"tunl0\";",
            "")
        .replaceAll("krt_tunnel ?= ?\"[a-z0-9]*\";", "");
  }

  /** What the daemon says about the file; nothing if it takes it. */
  private static String parse(Path daemon, Path file) throws Exception {
    var process =
        new ProcessBuilder(daemon.toString(), "-p", "-c", file.toAbsolutePath().toString())
            .redirectErrorStream(true)
            .start();
    var text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return text;
  }
}
