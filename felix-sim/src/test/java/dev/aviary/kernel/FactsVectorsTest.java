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

/** Labs with one question each: a router between two hosts. */
class FactsVectorsTest {
  private static final JsonMapper JSON = new JsonMapper();

  @TestFactory
  List<DynamicTest> facts() throws IOException, RestoreException {
    var tests = new ArrayList<DynamicTest>();
    for (var file : Vectors.list("kernel-golden/facts", "*.json")) {
      var lab = JSON.readTree(Files.readString(file));
      var results = new ArrayList<JsonNode>();
      lab.path("results").forEach(results::add);
      tests.addAll(
          SeedProbesVectorsTest.tests(lab.path("scenario"), results, file.getFileName() + " "));
    }
    return tests;
  }
}
