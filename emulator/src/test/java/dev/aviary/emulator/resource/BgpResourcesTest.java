package dev.aviary.emulator.resource;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aviary.emulator.resource.ResourceLoader.Document;
import dev.aviary.net.IpFamily;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class BgpResourcesTest {
  private static Resources load(String yaml) {
    var loaded = ResourceLoader.parse(List.of(new Document("t.yaml", yaml)));
    assertThat(loaded.isValid()).as("%s", loaded).isTrue();
    return loaded.get().resources();
  }

  private static List<String> problems(String yaml) {
    var loaded = ResourceLoader.parse(List.of(new Document("t.yaml", yaml)));
    return loaded.isValid() ? List.of() : loaded.getError().map(Problem::toString).toJavaList();
  }

  private static String calico(String kind, String spec) {
    return "apiVersion: projectcalico.org/v3\nkind: %s\nmetadata: {name: x}\nspec: %s\n"
        .formatted(kind, spec);
  }

  @ParameterizedTest
  @CsvSource({"10s, 10000", "1m30s, 90000", "1.5h, 5400000", "250ms, 250", "0, 0"})
  void durationsAreGos(String text, long millis) {
    assertThat(GoDuration.parse(text)).contains(Duration.ofMillis(millis));
  }

  @ParameterizedTest
  @CsvSource({"10", "s", "1d", "-3s", "''", "99999999999999h"})
  void otherTextsAreNone(String text) {
    assertThat(GoDuration.parse(text)).isEmpty();
  }

  @Property
  void anyTextIsADurationOrNone(@ForAll String text) {
    GoDuration.parse(text);
    BgpCommunity.parse(text);
    Cidr.parse(text);
  }

  @Test
  void labelsAreReadWithYaml11sEyes() {
    var node =
        load("""
                apiVersion: projectcalico.org/v3
                kind: Node
                metadata: {name: x, labels: {a: yes, b: "yes", c: off, d: true}}
                spec: {}
                """)
            .of(NodeResource.class)
            .getFirst();
    assertThat(node.metadata().labels())
        .containsEntry("a", "true")
        .containsEntry("b", "yes")
        .containsEntry("c", "false")
        .containsEntry("d", "true");
  }

  static Stream<Arguments> refused() {
    return Stream.of(
        Arguments.of(
            "BGPPeer",
            "{node: a, nodeSelector: all(), peerIP: 1.2.3.4, asNumber: 1}",
            "spec.node: Node field must be empty when NodeSelector is specified"),
        Arguments.of(
            "BGPPeer",
            "{peerSelector: all(), peerIP: 1.2.3.4}",
            "spec.peerIP: PeerIP field must be empty when PeerSelector is specified"),
        Arguments.of(
            "BGPPeer",
            "{peerSelector: all(), asNumber: 64512}",
            "spec.asNumber: ASNumber field must be empty when PeerSelector is specified"),
        Arguments.of(
            "BGPPeer",
            "{peerSelector: all(), reachableBy: 1.2.3.4}",
            "spec.reachableBy: ReachableBy field must be empty when PeerIP is empty"),
        Arguments.of(
            "BGPPeer",
            "{peerIP: 1.2.3.4, asNumber: 1, reachableBy: fd00::1}",
            "spec.reachableBy: ReachableBy and PeerIP address family mismatched"),
        Arguments.of(
            "BGPPeer",
            "{peerIP: 1.2.3.4, asNumber: 1, maxRestartTime: soon}",
            "spec.maxRestartTime: must be a duration such as 120s or 1m30s, is 'soon'"),
        Arguments.of(
            "BGPConfiguration",
            "{communities: [{name: a, value: '1:2'}]}",
            "spec.communities: need prefixAdvertisements"),
        Arguments.of(
            "BGPConfiguration",
            "{prefixAdvertisements: [{cidr: 10.0.0.0/8, communities: [blue]}]}",
            "spec.prefixAdvertisements[0].communities: community 'blue' is not defined in"
                + " communities"),
        Arguments.of(
            "BGPConfiguration",
            "{nodeToNodeMeshEnabled: false, nodeMeshMaxRestartTime: 10s}",
            "spec.nodeMeshMaxRestartTime: spec.NodeMeshMaxRestartTime cannot be set if"
                + " spec.NodeToNodeMesh is disabled"),
        Arguments.of(
            "BGPFilter",
            "{importV4: [{action: Accept, cidr: 10.0.0.0/8}]}",
            "spec.importV4[0].cidr: CIDR and MatchOperator must both be set or both be empty"),
        Arguments.of(
            "BGPFilter",
            "{importV4: [{action: Perhaps}]}",
            "spec.importV4[0].action: must be one of Accept, Reject, is 'Perhaps'"),
        Arguments.of(
            "HostEndpoint",
            "{node: a}",
            "spec.interfaceName: no interface or expected IPs have been specified"),
        Arguments.of(
            "IPReservation",
            "{reservedCIDRs: [nonsense]}",
            "spec.reservedCIDRs: 'nonsense' is no prefix"),
        Arguments.of(
            "CalicoNodeStatus",
            "{node: a, classes: [Weather]}",
            "spec.classes: must be one of Agent, BGP, Routes, is 'Weather'"));
  }

  @ParameterizedTest
  @MethodSource("refused")
  void mistakesAreToldInCalicosWords(String kind, String spec, String text) {
    assertThat(problems(calico(kind, spec))).anySatisfy(p -> assertThat(p).endsWith(text));
  }

  @Test
  void aFilterThatNobodyReachesIsFound() {
    var filter =
        load(calico(
                "BGPFilter",
                "{importV4: [{action: Reject}, {action: Accept, source: RemotePeers}],"
                    + " exportV6: [{action: Accept, matchOperator: In, cidr: 'fd00::/64',"
                    + " prefixLength: {max: 48}}]}"))
            .of(BgpFilterResource.class)
            .getFirst();
    assertThat(filter.rules(BgpFilterResource.Direction.IMPORT, IpFamily.IPV4)).hasSize(2);
    assertThat(filter.deadRules())
        .extracting(Problem::toString)
        .containsExactly(
            "t.yaml:4: spec.importV4: rule 2 can never match: rule 1 decides every route",
            "t.yaml:4: spec.exportV6: rule 1 can never match: no prefix has such a length");
  }

  @Test
  void secretsAreReadFromEitherField() {
    var secret =
        load("""
                apiVersion: v1
                kind: Secret
                metadata: {name: s, namespace: kube-system}
                type: Opaque
                data: {a: c2VjcmV0}
                stringData: {b: plain}
                """)
            .of(SecretResource.class)
            .getFirst();
    assertThat(secret.values()).containsEntry("a", "secret").containsEntry("b", "plain");
    assertThat(secret.toString()).doesNotContain("plain");
  }

  @Test
  void theDatastoresOwnFormsAreRead() {
    var all =
        load(
            """
            apiVersion: crd.projectcalico.org/v1
            kind: IPAMConfig
            metadata: {name: default}
            spec: {strictAffinity: true, maxBlocksPerHost: 3}
            ---
            apiVersion: crd.projectcalico.org/v1
            kind: BlockAffinity
            metadata: {name: a-10-0-0-0-26}
            spec: {node: a, cidr: 10.0.0.0/26, state: pending}
            ---
            apiVersion: crd.projectcalico.org/v1
            kind: BlockAffinity
            metadata: {name: gone}
            spec: {node: a, cidr: 10.0.1.0/26, deleted: "true"}
            """);
    assertThat(all.of(IpamConfigResource.class).getFirst().maxBlocksPerHost()).isEqualTo(3);
    assertThat(all.of(BlockAffinityResource.class))
        .singleElement()
        .satisfies(a -> assertThat(a.state()).isEqualTo(BlockAffinityResource.State.PENDING));
  }

  @Test
  void anUnknownKindIsAWarningOrAnError() {
    var documents =
        List.of(
            new Document("t.yaml", "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: x}\n"));
    assertThat(ResourceLoader.parse(documents).get().warnings())
        .containsExactly("t.yaml:1: kind Deployment of apps/v1 is not looked at");
    var strict = new ResourceLoader.Reading(true, Optional.empty(), false);
    assertThat(ResourceLoader.parse(documents, strict).getError().head())
        .hasToString("t.yaml:2: kind: kind Deployment of apps/v1 is not looked at");
  }

  @Test
  void aNamespaceOfTheCommandLineFillsIn() {
    var pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: x%s}\nspec: {containers: []}\n";
    var reading = new ResourceLoader.Reading(false, Optional.of("test"), false);
    assertThat(
            ResourceLoader.parse(List.of(new Document("t", pod.formatted(""))), reading)
                .get()
                .resources()
                .all()
                .getFirst()
                .metadata()
                .namespace())
        .isEqualTo("test");
    assertThat(
            ResourceLoader.parse(
                    List.of(new Document("t", pod.formatted(", namespace: other"))), reading)
                .getError()
                .head()
                .text())
        .isEqualTo("resource namespace does not match client namespace. other != test");
  }
}
