package dev.aviary.kernel;

import dev.aviary.net.Vectors;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Clusters made by a generator, each with its probes. */
class RandomClustersVectorsTest {
  private static final JsonMapper JSON = new JsonMapper();

  @TestFactory
  List<DynamicTest> clusters() throws IOException, RestoreException {
    var tests = new ArrayList<DynamicTest>();
    for (var file : Vectors.list("kernel-golden/random", "*.scenario.json")) {
      var name = String.valueOf(file.getFileName()).replace(".scenario.json", "");
      var results = new ArrayList<JsonNode>();
      for (var line : Files.readAllLines(file.resolveSibling(name + ".results.jsonl"))) {
        results.add(JSON.readTree(line));
      }
      tests.addAll(
          SeedProbesVectorsTest.tests(JSON.readTree(Files.readString(file)), results, name + " "));
    }
    return tests;
  }
}
