package dev.aviary.emulator.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a program gets of every {@code ipam} verb: one JSON document, with what the text says. */
class IpamJsonTest {
  private static final String CLUSTER =
      """
      apiVersion: projectcalico.org/v3
      kind: IPPool
      metadata: {name: pool}
      spec: {cidr: 10.244.0.0/16}
      ---
      apiVersion: projectcalico.org/v3
      kind: Node
      metadata: {name: a}
      spec: {bgp: {ipv4Address: 10.0.0.1/24}}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec: {nodeName: a, containers: [{name: c}]}
      """;

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "show; 10.244.0.0/16",
        "show --show-blocks; /26",
        "show --show-borrowed; []",
        "show --show-configuration; false",
        "show --ip=ADDRESS; ADDRESS",
        "check; ADDRESS",
        "release --ip=ADDRESS; ADDRESS",
        "configure --strictaffinity=true; true",
        "split --cidr=10.244.0.0/16 2; 10.244.128.0/17",
      })
  void aVerbAnswersWithOneDocument(String words, String said) throws Exception {
    try (var terminal = Terminal.open(CLUSTER, "v3.22")) {
      var address =
          terminal.cluster().pods().stream()
              .flatMap(pod -> pod.addresses().stream())
              .findFirst()
              .orElseThrow()
              .toString();
      if (words.startsWith("split")) {
        assertThat(terminal.run("datastore", "migrate", "lock").code()).isZero();
      }
      var command = ("ipam " + words + " -o json").replace("ADDRESS", address);
      var answer = terminal.run(command.split(" ", -1));
      assertThat(answer.code()).as(answer.err()).isZero();
      JsonNode document = JsonMapper.shared().readTree(answer.out());
      assertThat(document.isContainer()).isTrue();
      assertThat(answer.out()).contains(said.replace("ADDRESS", address));
    }
  }
}
