package dev.aviary.ipam;

import static org.junit.jupiter.api.Assumptions.abort;

import dev.aviary.net.Vectors;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** Every scenario, under every semantics that it holds for; Calico's defects too. */
class IpamScenarioVectorsTest {

  static Stream<DynamicTest> scenarios(
      IpamVariant variant, String semantics, Function<IpamVariant, RawStore> stores)
      throws Exception {
    var tests = new ArrayList<DynamicTest>();
    for (var file : Vectors.list("ipam", "*.yaml")) {
      var document = new YAMLMapper().readTree(Files.readString(file));
      if (!document.get("kind").asString().equals("scenarios")) {
        continue;
      }
      for (var scenario : document.get("scenarios")) {
        if (semantics(scenario).contains(semantics)) {
          tests.add(
              DynamicTest.dynamicTest(
                  scenario.get("id").asString() + " " + scenario.get("title").asString(),
                  () -> new Scenario(variant, stores.apply(variant)).run(scenario)));
        }
      }
    }
    return tests.stream();
  }

  private static List<String> semantics(JsonNode scenario) {
    return scenario.get("semantics").valueStream().map(JsonNode::asString).toList();
  }

  private static RawStore plain(IpamVariant variant) {
    var texts = RawStore.inMemory(variant);
    var objects = new InMemoryIpamStore();
    return new RawStore() {
      @Override
      public IpamStore store() {
        return objects;
      }

      @Override
      public void put(String key, String text) throws IpamException {
        var parsed = IpamKey.parse(key);
        if (parsed.isPresent()) {
          try {
            objects.apply(parsed.get(), new IpamJson(variant).read(parsed.get(), text));
          } catch (IpamException e) {
            abort("a store of objects holds no other values: " + e.getMessage());
          }
        } else {
          texts.put(key, text);
        }
      }

      @Override
      public void delete(String key) {
        objects.remove(key);
      }
    };
  }

  @TestFactory
  Stream<DynamicTest> v322InMemory() throws Exception {
    return scenarios(IpamVariant.V3_22, "v3.22", IpamScenarioVectorsTest::plain);
  }

  @TestFactory
  Stream<DynamicTest> masterInMemory() throws Exception {
    return scenarios(IpamVariant.MASTER, "master", IpamScenarioVectorsTest::plain);
  }

  /** The same through the JSON of the store, without etcd. */
  @TestFactory
  Stream<DynamicTest> v322ThroughJson() throws Exception {
    return scenarios(IpamVariant.V3_22, "v3.22", RawStore::inMemory);
  }

  @TestFactory
  Stream<DynamicTest> masterThroughJson() throws Exception {
    return scenarios(IpamVariant.MASTER, "master", RawStore::inMemory);
  }
}
