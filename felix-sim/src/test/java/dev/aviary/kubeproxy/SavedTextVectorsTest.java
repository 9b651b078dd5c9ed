package dev.aviary.kubeproxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.aviary.kernel.InterfaceAddress;
import dev.aviary.kernel.Kernel;
import dev.aviary.kernel.packet.MacAddress;
import dev.aviary.net.IpFamily;
import dev.aviary.net.Vectors;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class SavedTextVectorsTest {
  @TestFactory
  Stream<DynamicTest> everyVersionLeavesWhatTheRealOneLeft() {
    return Vectors.list("kube-proxy/code-golden", "*").stream()
        .map(folder -> "kube-proxy/code-golden/" + folder.getFileName())
        .flatMap(
            folder ->
                Vectors.list(folder, "v*.iptables-save.txt").stream()
                    .map(
                        file ->
                            dynamicTest(
                                folder + " " + name(file),
                                () -> {
                                  var yaml = new ServiceYaml(Vectors.text(folder + "/input.yaml"));
                                  var version =
                                      KubeProxyVersion.of(
                                          name(file).replace(".iptables-save.txt", ""));
                                  check(yaml, version, Vectors.text(folder + "/" + name(file)));
                                })));
  }

  @TestFactory
  Stream<DynamicTest> everyUnitTestOfKubeProxyHoldsInTheKernel() {
    return inputsBeside("kube-proxy/kube-tests")
        .map(
            name ->
                dynamicTest(
                    name,
                    () -> {
                      var yaml = yaml("kube-proxy/kube-tests", name);
                      check(yaml, yaml.generation(), saved("kube-proxy/kube-tests", name));
                    }));
  }

  @TestFactory
  Stream<DynamicTest> everyNodeOfTheLabHasItsRules() {
    return inputsBeside("kube-proxy/lab")
        .map(
            name ->
                dynamicTest(
                    name,
                    () ->
                        check(
                            yaml("kube-proxy/lab", name),
                            KubeProxyVersion.of(name.substring(0, name.indexOf('-'))),
                            saved("kube-proxy/lab", name))));
  }

  /** The cases of a folder in which each has an input and a saved text side by side. */
  private static Stream<String> inputsBeside(String folder) {
    return Vectors.list(folder, "*.iptables-save.txt").stream()
        .map(file -> name(file).replace(".iptables-save.txt", ""));
  }

  private static ServiceYaml yaml(String folder, String name) {
    return new ServiceYaml(Vectors.text(folder + "/" + name + ".input.yaml"));
  }

  private static String saved(String folder, String name) {
    return Vectors.text(folder + "/" + name + ".iptables-save.txt");
  }

  private static String name(Path file) {
    return String.valueOf(file.getFileName());
  }

  private static void check(ServiceYaml yaml, KubeProxyVersion version, String expected) {
    var config = yaml.config(version);
    var kernel = kernel(yaml);
    new KubeletChains(version, config.family(), kernel).ensure();
    var kubeProxy = new KubeProxy(config, kernel);
    yaml.steps().forEach(kubeProxy::apply);
    assertThat(SavedTables.of(kernel.iptablesSave(config.family(), null)))
        .isEqualTo(SavedTables.of(expected));
  }

  private static Kernel kernel(ServiceYaml yaml) {
    var kernel =
        new Kernel(
            "node", InstantSource.fixed(Instant.EPOCH), RandomGenerator.of("L64X128MixRandom"));
    kernel.links().addBridge("eth0", MacAddress.of("00:00:00:00:00:01"));
    kernel.links().up("eth0");
    for (var address : yaml.localAddresses()) {
      if (!address.isLoopback()) {
        int length = address.family() == IpFamily.IPV4 ? 24 : 64;
        kernel.links().addAddress("eth0", InterfaceAddress.of(address, length, "eth0"));
      }
    }
    return kernel;
  }
}
