package dev.aviary.emulator.resource;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aviary.emulator.resource.KubeControllersConfigurationResource.NodeController;
import dev.aviary.emulator.resource.ResourceLoader.Document;
import io.vavr.control.Validation;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KubeControllersConfigurationTest {
  private static String named(String name, String spec) {
    return """
        apiVersion: projectcalico.org/v3
        kind: KubeControllersConfiguration
        metadata: {name: %s}
        spec: %s
        """
        .formatted(name, spec);
  }

  private static Optional<NodeController> node(String spec) {
    var loaded =
        ResourceLoader.parse(List.of(new Document("t.yaml", named("default", spec)))).get();
    return loaded
        .resources()
        .find(KubeControllersConfigurationResource.class, "", "default")
        .orElseThrow()
        .node();
  }

  @Test
  void whatCalicoWritesByItselfIsRead() {
    var spec =
        "{logSeverityScreen: Info, healthChecks: Enabled, prometheusMetricsPort: 9094,"
            + " etcdV3CompactionPeriod: 10m0s, controllers: {node: {reconcilerPeriod: 5m0s,"
            + " syncLabels: Enabled, hostEndpoint: {autoCreate: Disabled}, leakGracePeriod:"
            + " 15m0s}, policy: {reconcilerPeriod: 5m0s}, workloadEndpoint: {reconcilerPeriod:"
            + " 5m0s}, serviceAccount: {reconcilerPeriod: 5m0s}, namespace: {reconcilerPeriod:"
            + " 5m0s}}}";
    assertThat(node(spec)).contains(new NodeController(Optional.of(Duration.ofMinutes(15))));
  }

  @Test
  void aControllerThatIsLeftOutDoesNotRun() {
    assertThat(node("{controllers: {node: {}}}")).contains(new NodeController(Optional.empty()));
    assertThat(node("{controllers: {policy: {}}}")).isEmpty();
    assertThat(node("{}")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{controllers: {node: {leakGracePeriod: soon}}} | spec.controllers.node.leakGracePeriod",
        "{controllers: {node: {syncLabels: on}}} | spec.controllers.node.syncLabels",
        "{controllers: {node: {hostEndpoint: {autoCreate: Enabled}}}}"
            + " | spec.controllers.node.hostEndpoint.autoCreate",
        "{controllers: {nodes: {}}} | spec.controllers.nodes",
        "{prometheusMetricsPort: 70000} | spec.prometheusMetricsPort",
      })
  void mistakesAreToldWithTheirField(String spec, String field) {
    var loaded = ResourceLoader.parse(List.of(new Document("t.yaml", named("default", spec))));
    assertThat(loaded).isInstanceOf(Validation.Invalid.class);
    assertThat(loaded.getError().map(Problem::field)).containsExactly(field);
  }

  @Test
  void thereIsOneOnly() {
    var loaded = ResourceLoader.parse(List.of(new Document("t.yaml", named("other", "{}"))));
    assertThat(loaded.getError().map(Problem::text))
        .containsExactly(
            "Cannot create a Kube Controllers Configuration resource with a name other than"
                + " \"default\"");
  }
}
