package dev.aviary.kernel;

import static org.junit.jupiter.api.Assertions.fail;

import dev.aviary.net.Vectors;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The seed cluster: every probe ends as it did in the real kernel. */
class SeedProbesVectorsTest {
  private static final JsonMapper JSON = new JsonMapper();

  @TestFactory
  List<DynamicTest> probes() throws RestoreException {
    var scenario = JSON.readTree(Vectors.text("kernel-golden/seed/scenario.json"));
    var results = new ArrayList<JsonNode>();
    Vectors.text("kernel-golden/seed/results.jsonl")
        .lines()
        .forEach(line -> results.add(JSON.readTree(line)));
    return tests(scenario, results, "");
  }

  /** One test a probe; they run in order, on one lab. */
  static List<DynamicTest> tests(JsonNode scenario, List<JsonNode> results, String prefix)
      throws RestoreException {
    var run = new LabRun(scenario);
    var tests = new ArrayList<DynamicTest>();
    int at = 0;
    for (var probe : scenario.path("probes")) {
      var expected = results.get(at++);
      tests.add(
          DynamicTest.dynamicTest(
              prefix + probe.path("id").asString(),
              () -> {
                var differences = run.run(probe, expected);
                if (!differences.isEmpty()) {
                  fail("\n    " + String.join("\n    ", differences));
                }
              }));
    }
    return tests;
  }
}
