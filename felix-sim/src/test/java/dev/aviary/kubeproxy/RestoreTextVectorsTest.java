package dev.aviary.kubeproxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.aviary.net.Vectors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class RestoreTextVectorsTest {
  @TestFactory
  Stream<DynamicTest> everyVersionWritesWhatTheRealOneWrote() {
    return Vectors.list("kube-proxy/code-golden", "*").stream()
        .flatMap(
            folder ->
                Vectors.list("kube-proxy/code-golden/" + folder.getFileName(), "v*.restore.txt")
                    .stream())
        .filter(file -> !file.getFileName().toString().contains(".step"))
        .map(
            file ->
                dynamicTest(
                    caseName(file),
                    () -> {
                      var yaml = new ServiceYaml(read(file.resolveSibling("input.yaml")));
                      var name = file.getFileName().toString().replace(".restore.txt", "");
                      assertThat(GroupedText.of(text(yaml, KubeProxyVersion.of(name))))
                          .isEqualTo(GroupedText.of(read(file)));
                    }));
  }

  @TestFactory
  Stream<DynamicTest> everyUnitTestOfKubeProxyHolds() {
    return Vectors.list("kube-proxy/kube-tests", "*.restore.txt").stream()
        .map(
            file ->
                dynamicTest(
                    file.getFileName().toString(),
                    () -> {
                      var input =
                          file.getFileName().toString().replace(".restore.txt", ".input.yaml");
                      var yaml = new ServiceYaml(read(file.resolveSibling(input)));
                      assertThat(GroupedText.byChain(text(yaml, yaml.generation())))
                          .isEqualTo(GroupedText.byChain(read(file)));
                    }));
  }

  private static String text(ServiceYaml yaml, KubeProxyVersion version) {
    var config = yaml.config(version);
    var shared = new SharedRules(config, yaml.localAddresses());
    var inputs = yaml.inputs();
    var ports = new ServicePorts(config);
    var slices = ports.byService(inputs.slices());
    var setting = new ServiceRules.Setting(config, inputs.node(), shared.hasNodeAddress(), false);
    var rules =
        inputs.services().stream()
            .flatMap(
                s ->
                    ports
                        .of(
                            s,
                            slices.getOrDefault(s.namespace() + "/" + s.name(), List.of()),
                            inputs.node())
                        .stream())
            .map(port -> ServiceRules.of(port, setting))
            .toList();
    return RestoreText.full(shared, rules, List.of()).replace("0x00004000", yaml.markText());
  }

  private static String caseName(Path file) {
    int names = file.getNameCount();
    return file.getName(names - 2) + " " + file.getName(names - 1);
  }

  private static String read(Path file) throws IOException {
    return Files.readString(file);
  }
}
