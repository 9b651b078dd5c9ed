package dev.aviary.emulator.confd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aviary.emulator.node.BgpEnvironment;
import dev.aviary.emulator.node.CalicoVersion;
import dev.aviary.emulator.node.LocalWorkload;
import dev.aviary.emulator.node.NodeBgp;
import dev.aviary.emulator.node.NodeBlock;
import dev.aviary.emulator.node.NodeFacts;
import dev.aviary.emulator.resource.BlockAffinityResource;
import dev.aviary.emulator.resource.ResourceLoader;
import dev.aviary.emulator.resource.ResourceLoader.Document;
import dev.aviary.emulator.resource.Resources;
import dev.aviary.net.IpAddress;
import dev.aviary.net.IpFamily;
import dev.aviary.net.Vectors;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** BIRD's configuration against what confd wrote for the same resources, line by line. */
class BirdConfigVectorsTest {
  private static final YAMLMapper YAML = new YAMLMapper();
  private static final Pattern DELETED = Pattern.compile("(\\w+) \"([^\"]+)\" is deleted");

  @TestFactory
  Stream<DynamicNode> confd() {
    return Stream.of(CalicoVersion.values())
        .flatMap(
            version ->
                Vectors.list("confd/" + version.text(), "*").stream()
                    .filter(Files::isDirectory)
                    .map(
                        folder ->
                            DynamicTest.dynamicTest(
                                version.text() + "/" + folder.getFileName(),
                                () -> check(folder, version))));
  }

  private static void check(Path folder, CalicoVersion version) throws IOException {
    var about = YAML.readTree(read(folder.resolve("case.yaml")));
    var node = about.get("nodeName").asString();
    var resources = resources(folder, about);
    var facts =
        NodeFacts.of(resources).stream()
            .filter(n -> n.name().equals(node))
            .findFirst()
            .orElseThrow();
    var environment = new LinkedHashMap<String, String>();
    about
        .get("env")
        .properties()
        .forEach(e -> environment.put(e.getKey(), e.getValue().asString()));
    var blocks = NodeBlock.of(resources.of(BlockAffinityResource.class), node);
    var workloads = workloads(folder);
    var files =
        BirdFiles.of(
            Stream.of(IpFamily.values())
                .map(
                    family ->
                        NodeBgp.of(
                            resources,
                            facts,
                            family,
                            version,
                            BgpEnvironment.of(environment),
                            blocks,
                            workloads))
                .toList(),
            BirdSpelling.CALICO);
    try (var expected = Files.list(folder.resolve("expected"))) {
      for (var file : expected.sorted().toList()) {
        var name = String.valueOf(file.getFileName());
        assertThat(lines(files.texts().getOrDefault(name, "")))
            .as(name)
            .isEqualTo(lines(read(file)));
      }
    }
  }

  private static Resources resources(Path folder, JsonNode about) {
    var notes = about.has("notes") ? about.get("notes").asString() : "";
    var documents = new ArrayList<Document>();
    var names = new ArrayList<String>();
    about.get("apply").forEach(name -> names.add(name.asString()));
    var affinities =
        about.has("blockAffinities") ? about.get("blockAffinities").asString() : "none";
    if (!affinities.equals("none")) {
      names.add(affinities);
    }
    if (Files.exists(folder.resolve("secrets.yaml")) && !names.contains("secrets.yaml")) {
      names.add("secrets.yaml");
    }
    for (var name : names) {
      var text = read(folder.resolve(name));
      if (notes.contains(".status as absent")) {
        text = text.replaceAll("(?m)^status:.*\\n(?:[ #].*\\n|\\n)*", "");
      }
      if (name.contains("patch")) {
        documents.replaceAll(
            d -> new Document(d.name(), merged(d.text(), read(folder.resolve(name)))));
      } else {
        documents.add(new Document(name, text));
      }
    }
    var loaded = ResourceLoader.parse(documents);
    assertThat(loaded.isValid()).as(() -> loaded.getError().mkString("\n")).isTrue();
    var all = new ArrayList<>(loaded.get().resources().all());
    var deleted = DELETED.matcher(notes);
    while (deleted.find()) {
      var kind = deleted.group(1) + "Resource";
      var name = deleted.group(2);
      all.removeIf(
          r ->
              r.getClass().getSimpleName().equalsIgnoreCase(kind)
                  && r.metadata().name().equals(name));
    }
    return new Resources(all);
  }

  /** {@code text} with the spec of {@code patch} laid over that of the same resource. */
  private static String merged(String text, String patch) {
    var over = (ObjectNode) YAML.readTree(patch);
    var out = new StringBuilder();
    for (var document : text.split("(?m)^---.*$", -1)) {
      if (document.isBlank()) {
        continue;
      }
      var tree = (ObjectNode) YAML.readTree(document);
      if (tree.get("kind").equals(over.get("kind"))
          && tree.get("metadata").get("name").equals(over.get("metadata").get("name"))) {
        ((ObjectNode) tree.get("spec")).setAll((ObjectNode) over.get("spec"));
        out.append("---\n").append(YAML.writeValueAsString(tree).replaceFirst("^---\n", ""));
      } else {
        out.append("---\n").append(document);
      }
    }
    return out.toString();
  }

  private static List<LocalWorkload> workloads(Path folder) throws IOException {
    var status = folder.resolve("endpoint-status");
    if (!Files.isDirectory(status)) {
      return List.of();
    }
    var found = new ArrayList<LocalWorkload>();
    try (var files = Files.walk(status)) {
      for (var file : files.filter(Files::isRegularFile).sorted().toList()) {
        var tree = YAML.readTree(read(file));
        if (tree.has("bgpPeerName")) {
          found.add(
              new LocalWorkload(
                  tree.get("bgpPeerName").asString(),
                  first(tree, "ipv4Nets"),
                  first(tree, "ipv6Nets")));
        }
      }
    }
    return found;
  }

  private static Optional<IpAddress> first(JsonNode tree, String field) {
    return tree.has(field) && tree.get(field).size() > 0
        ? IpAddress.parse(tree.get(field).get(0).asString().replaceFirst("/.*", ""))
        : Optional.empty();
  }

  private static List<String> lines(String text) {
    return text.lines().filter(line -> !line.isBlank()).toList();
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
