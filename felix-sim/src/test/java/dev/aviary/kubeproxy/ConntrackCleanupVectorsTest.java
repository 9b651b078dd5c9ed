package dev.aviary.kubeproxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.aviary.net.Vectors;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class ConntrackCleanupVectorsTest {
  @TestFactory
  Stream<DynamicTest> everyStepForgetsWhatTheRealOneForgot() {
    return Vectors.list("kube-proxy/code-golden", "*").stream()
        .filter(
            folder ->
                Vectors.exists("kube-proxy/code-golden/" + folder.getFileName() + "/input.yaml"))
        .map(folder -> "kube-proxy/code-golden/" + folder.getFileName())
        .flatMap(
            folder ->
                Vectors.list(folder, "*.conntrack-commands.txt").stream()
                    .map(
                        file -> dynamicTest(folder + " " + name(file), () -> check(folder, file))));
  }

  private static String name(Path file) {
    return String.valueOf(file.getFileName());
  }

  private static void check(String folder, Path file) {
    var version = KubeProxyVersion.of(name(file).replace(".conntrack-commands.txt", ""));
    var yaml = new ServiceYaml(Vectors.text(folder + "/input.yaml"));
    var servicePorts = new ServicePorts(yaml.config(version));
    var cleanup = new ConntrackCleanup(yaml.config(version));
    var actual = new ArrayList<String>();
    Map<String, ServicePort> before = Map.of();
    for (int step = 0; step < yaml.steps().size(); step++) {
      var after = ports(servicePorts, yaml.steps().get(step));
      actual.add("== step " + step);
      cleanup.between(before, after).stream()
          .map(ConntrackCleanup.Flows::command)
          .forEach(actual::add);
      before = after;
    }
    assertThat(actual)
        .isEqualTo(
            Vectors.text(folder + "/" + name(file))
                .lines()
                .filter(l -> !l.startsWith("#"))
                .toList());
  }

  private static Map<String, ServicePort> ports(ServicePorts servicePorts, ServiceInputs inputs) {
    var slices = servicePorts.byService(inputs.slices());
    var ports = new ArrayList<ServicePort>();
    for (var service : inputs.services()) {
      ports.addAll(
          servicePorts.of(
              service,
              slices.getOrDefault(service.namespace() + "/" + service.name(), List.of()),
              inputs.node()));
    }
    return ConntrackCleanup.byKey(ports);
  }
}
