package dev.aviary.ipam;

import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.aviary.net.Vectors;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** Every scenario that holds for v3.22. */
class IpamScenarioVectorsTest {
  private static final String SEMANTICS = "v3.22";

  @TestFactory
  Stream<DynamicTest> scenarios() throws Exception {
    var tests = new ArrayList<DynamicTest>();
    for (var file : Vectors.list("ipam", "*.yaml")) {
      var document = new YAMLMapper().readTree(Files.readString(file));
      if (!document.get("kind").asString().equals("scenarios")) {
        continue;
      }
      for (var scenario : document.get("scenarios")) {
        if (semantics(scenario).contains(SEMANTICS)) {
          tests.add(
              DynamicTest.dynamicTest(
                  scenario.get("id").asString() + " " + scenario.get("title").asString(),
                  () -> {
                    assumeFalse(
                        scenario.has("quirk"),
                        () -> "a defect of Calico's: " + scenario.get("quirk"));
                    new Scenario().run(scenario);
                  }));
        }
      }
    }
    return tests.stream();
  }

  private static List<String> semantics(JsonNode scenario) {
    return scenario.get("semantics").valueStream().map(JsonNode::asString).toList();
  }
}
