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

/** The real BIRDs of Debian read the exported configuration ({@code bird -p}). */
class BirdAcceptsTest {
  private static final Path MANIFESTS =
      Path.of("../emulator/src/test/resources/confd/features.yaml");

  private static Path export(String version, String node, String bird) throws Exception {
    var loaded = ResourceLoader.load(List.of(MANIFESTS.toString()));
    var files =
        BirdExport.of(
            loaded.get().resources(), node, ClusterOptions.onFreePorts().withCalico(version), bird);
    var folder = Files.createDirectories(Path.of("target", "bird-p", bird, version, node));
    for (var file : files.entrySet()) {
      Files.writeString(folder.resolve(file.getKey()), file.getValue());
    }
    return folder;
  }

  @ParameterizedTest
  @CsvSource({"v3.22, one", "v3.22, reflector", "v3.22, two", "master, one", "master, two"})
  void bird168(String version, String node) throws Exception {
    var bird = Peers.unpacked("bird");
    var folder = export(version, node, "1.6");
    assertThat(parse(bird.resolve("usr/sbin/bird"), folder.resolve("bird.cfg"))).isEmpty();
    assertThat(parse(bird.resolve("usr/sbin/bird6"), folder.resolve("bird6.cfg"))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"v3.22, one", "v3.22, reflector", "master, two"})
  void bird2(String version, String node) throws Exception {
    var bird = Peers.unpacked("bird2");
    var folder = export(version, node, "2.0");
    assertThat(parse(bird.resolve("usr/sbin/bird"), folder.resolve("bird.conf"))).isEmpty();
  }

  /** Calico's own spelling, where only its fork's tunnels are taken out. */
  @ParameterizedTest
  @CsvSource({"v3.22, one", "master, one"})
  void theForksFilesAreBird168sButForTunnels(String version, String node) throws Exception {
    var bird = Peers.unpacked("bird");
    var folder = export(version, node, "calico");
    try (var files = Files.newDirectoryStream(folder, "*.cfg")) {
      for (var file : files) {
        Files.writeString(file, withoutTunnels(Files.readString(file)));
      }
    }
    assertThat(parse(bird.resolve("usr/sbin/bird"), folder.resolve("bird.cfg"))).isEmpty();
  }

  private static String withoutTunnels(String text) {
    return text.replaceAll(
            "if \\(?defined\\(bgp_next_hop\\).*then\\s+krt_tunnel ?= ?\"\";"
                + "\\s+else\\s+krt_tunnel ?= ?\"tunl0\";",
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
