package dev.aviary.ipam;

import dev.aviary.net.Vectors;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** The cases of a file of kind "table". */
final class TableCases {
  private TableCases() {}

  /** What a group of cases is held against. */
  interface Check {
    void run(JsonNode row) throws Exception;
  }

  /** A test per case; a group that nobody checks fails. */
  static Stream<DynamicTest> of(String file, Map<String, Check> checks) {
    var groups = new YAMLMapper().readTree(Vectors.text("ipam/" + file)).get("groups");
    return groups
        .valueStream()
        .flatMap(
            group -> {
              var name = group.get("group").asString();
              var check = checks.get(name);
              return group
                  .get("cases")
                  .valueStream()
                  .map(
                      row ->
                          DynamicTest.dynamicTest(
                              name + " " + shortened(row),
                              () -> {
                                if (check == null) {
                                  throw new AssertionError("group " + name + " is not checked");
                                }
                                check.run(row);
                              }));
            });
  }

  private static String shortened(JsonNode row) {
    var text = row.toString();
    return text.length() < 120 ? text : text.substring(0, 120);
  }
}
