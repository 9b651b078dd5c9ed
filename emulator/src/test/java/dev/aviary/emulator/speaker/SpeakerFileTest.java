package dev.aviary.emulator.speaker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.aviary.bgp.NeighborConfig.AddPathMode;
import dev.aviary.bgp.NeighborConfig.LimitAction;
import dev.aviary.bgp.policy.Verdict;
import dev.aviary.bgp.route.AfiSafi;
import dev.aviary.bgp.route.Behavior;
import dev.aviary.bgp.route.Community;
import dev.aviary.bgp.route.Route;
import dev.aviary.emulator.resource.Problem;
import dev.aviary.emulator.resource.ResourceLoader.Document;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SpeakerFileTest {
  private static final Path EXAMPLE = Path.of("..", "docs", "examples", "speaker-400.yaml");

  private static final String WHOLE =
      """
      name: edge
      as: 65000
      routerId: 10.0.0.1
      listen: 127.0.0.1:1790
      ipv4: 192.0.2.1
      ipv6: 2001:db8::1
      clusterId: 10.0.0.9
      behavior: bird-2.0
      selection: {alwaysCompareMed: true, preferOlder: true, comparePathLength: false}
      nextHops: [{prefix: 192.0.2.0/24, cost: 5}, {prefix: 192.0.2.128/25, cost: 1}]
      restart: {recovering: true, wait: 30s}
      prefixLists:
        ours: ["10.0.0.0/8{16,24}", 192.0.2.0/24, "2001:db8::/32+"]
      policies:
        in:
          - match: {prefixList: ours, not: {communities: ["65000:9"]}}
            set: {localPref: 4294967295, med: none, addCommunities: ["65000:1"]}
            action: accept
          - match: {any: [{neighborAs: 65001}, {asPathLength: {min: 3, max: 5}}], external: true}
            set: {prepend: {as: 65000, times: 2}, origin: egp, nextHop: 192.0.2.7}
            action: next
          - match: {localPref: {min: 200}, med: {max: 4294967295}, nextHops: ["192.0.2.0/24+"]}
            set: {removePrivateAs: true}
            action: next
          - {match: {family: ipv6, local: false, origin: igp}, action: reject}
      defaults: {families: [ipv4, ipv6], holdTime: 30}
      neighbors:
        - name: spine1
          address: 127.0.0.2
          as: 65001
          localAs: 65100
          port: 1791
          source: 127.0.0.1
          connectDelay: 500ms
          connectRetry: 2
          openDelay: 1s
          errorWait: {min: 1s, max: 2s, forget: 3s}
          addPath: both
          extendedMessage: true
          extendedNextHop: true
          role: provider
          strictRole: true
          gracefulRestart: able
          restartTime: 60s
          notificationRestart: true
          longLived: {staleTime: 1h, keepTime: 2h}
          import: in
          export: reject
          requirePolicy: true
          nextHop: self
          reflectorClient: false
          clusterId: 10.0.0.7
          allowOwnAs: 2
          maximumPrefixes: {limit: 10, action: warn, restartAfter: 1m}
          password: secret
          gtsm: 1
        - {range: 127.9.0.0/16, as: 65002, holdTime: 9}
      routes:
        - {prefix: 10.1.0.0/16, med: 5, communities: ["65000:1"], asPath: [65010, 65011]}
        - {prefix: "2001:db8:1::/48", nextHop: "2001:db8::9", largeCommunities: ["65000:1:2"]}
      """;

  private static SpeakerFile read(String text) {
    return SpeakerFile.read(new Document("speaker.yaml", text))
        .fold(
            problems -> {
              throw new AssertionError(problems.mkString("\n"));
            },
            file -> file);
  }

  @Test
  void readsEverything() {
    var file = read(WHOLE);
    assertThat(file.config().behavior()).isEqualTo(Behavior.BIRD_20);
    assertThat(file.config().clusterId().toString()).isEqualTo("10.0.0.9");
    assertThat(file.config().restarting()).isTrue();
    assertThat(file.config().restartWait()).isEqualTo(Duration.ofSeconds(30));
    var resolver = file.config().resolver();
    assertThat(resolver.cost(dev.aviary.net.IpAddress.of("192.0.2.1"))).isEqualTo(5);
    assertThat(resolver.cost(dev.aviary.net.IpAddress.of("192.0.2.200"))).isEqualTo(1);
    assertThat(resolver.cost(dev.aviary.net.IpAddress.of("198.51.100.1")))
        .isEqualTo(Integer.MAX_VALUE);
    var spine = file.neighbors().getFirst();
    assertThat(spine.endpoint().dial().orElseThrow().getPort()).isEqualTo(1791);
    assertThat(spine.endpoint().passive()).isFalse();
    assertThat(spine.timers().hold()).isEqualTo(Duration.ofSeconds(30));
    assertThat(spine.timers().connectDelay()).isEqualTo(Duration.ofMillis(500));
    assertThat(spine.offer().families())
        .containsExactlyInAnyOrder(AfiSafi.IPV4_UNICAST, AfiSafi.IPV6_UNICAST);
    assertThat(spine.offer().addPath()).isEqualTo(AddPathMode.BOTH);
    assertThat(spine.offer().helperStaleTime()).isEqualTo(Duration.ofHours(2));
    assertThat(spine.exchange().maximum().orElseThrow().action()).isEqualTo(LimitAction.WARN);
    assertThat(spine.exchange().clusterId().orElseThrow().toString()).isEqualTo("10.0.0.7");
    assertThat(spine.wire().minimumTtl()).hasValue(255);
    var range = file.ranges().getFirst();
    assertThat(range.template().endpoint().passive()).isTrue();
    assertThat(range.template().timers().hold()).isEqualTo(Duration.ofSeconds(9));
    assertThat(file.routes()).hasSize(2);
    assertThat(file.routes().getFirst().attributes().asPath().toString()).contains("65010 65011");
  }

  @Test
  void aPolicyDoesWhatItSays() {
    var file = read(WHOLE);
    var policy = file.neighbors().getFirst().exchange().importPolicy().orElseThrow();
    var origination = file.routes().getFirst();
    var route =
        new Route(
            origination.prefix(),
            0,
            origination.attributes(),
            new dev.aviary.bgp.route.RouteSource.Local("static1", 200));
    assertThat(policy.apply(route))
        .isInstanceOfSatisfying(
            Verdict.Accepted.class,
            accepted -> {
              assertThat(accepted.attributes().localPref()).hasValue(-1);
              assertThat(accepted.attributes().med()).isEmpty();
              assertThat(accepted.attributes().has(Community.parse("65000:1").orElseThrow()))
                  .isTrue();
            });
  }

  @Test
  void theExampleHasFourHundredNeighbors() throws Exception {
    var file = read(Files.readString(EXAMPLE, StandardCharsets.UTF_8));
    assertThat(file.neighbors()).hasSize(400);
  }

  @Test
  void theSchemaAcceptsWhatIsRead() throws Exception {
    assertThat(validate(WHOLE)).isEmpty();
    assertThat(validate(Files.readString(EXAMPLE, StandardCharsets.UTF_8))).isEmpty();
    assertThat(validate("as: 1\nrouterId: 10.0.0.1\nfoo: 1\n")).isNotEmpty();
    assertThat(validate("as: 1\nrouterId: 10.0.0.1\nneighbors: [{holdTime: soon}]\n")).isNotEmpty();
  }

  private static List<String> validate(String yaml) {
    return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
        .getSchema(SpeakerFile.schema(), InputFormat.JSON)
        .validate(yaml, InputFormat.YAML)
        .stream()
        .map(Object::toString)
        .toList();
  }

  static Stream<Arguments> mistakes() {
    return Stream.of(
        argumentSet("no AS", "routerId: 10.0.0.1", "speaker.yaml:1: as: is required"),
        argumentSet(
            "unknown field",
            "as: 1\nrouterId: 10.0.0.1\nhold: 3",
            "speaker.yaml:3: hold: unknown field"),
        argumentSet(
            "a neighbor's field",
            "as: 1\nrouterId: 10.0.0.1\nneighbors:\n- {name: a, address: 10.0.0.2, as: 2}\n"
                + "- {name: b, address: 10.0.0.3, as: 2,\n   holdTime: 2}",
            "speaker.yaml:6: neighbors[b].holdTime: must be 0 or 3 to 65535 seconds"),
        argumentSet(
            "a default",
            "as: 1\nrouterId: 10.0.0.1\ndefaults: {gtsm: 300}\nneighbors:\n"
                + "- {address: 10.0.0.2, as: 2}",
            "speaker.yaml:3: neighbors[peer_10.0.0.2].gtsm: must be 1 to 255, is '300'"),
        argumentSet(
            "a policy that is not there",
            "as: 1\nrouterId: 10.0.0.1\nneighbors:\n- {address: 10.0.0.2, as: 2, import: nope}",
            "speaker.yaml:4: neighbors[peer_10.0.0.2].import: must be accept, reject or a policy"
                + " here, is 'nope'"),
        argumentSet(
            "a prefix list's entry",
            "as: 1\nrouterId: 10.0.0.1\nprefixLists: {a: ['10.0.0.0/8{24,16}']}",
            "speaker.yaml:3: prefixLists.a: must be a prefix, such as 10.0.0.0/8,"
                + " 10.0.0.0/8{16,24}, is '10.0.0.0/8{24,16}'"),
        argumentSet(
            "a statement without an action",
            "as: 1\nrouterId: 10.0.0.1\npolicies:\n  a:\n  - set: {localPref: 5}",
            "speaker.yaml:5: policies.a[0].action: is required"),
        argumentSet(
            "two of one name",
            "as: 1\nrouterId: 10.0.0.1\nneighbors:\n- {name: a, address: 10.0.0.2, as: 2}\n"
                + "- {name: a, address: 10.0.0.3, as: 2}",
            "speaker.yaml:5: neighbors[1].name: there are two neighbors called a"),
        argumentSet(
            "two passwords at one address",
            """
            as: 1
            routerId: 10.0.0.1
            neighbors:
            - {name: a, address: 10.0.0.2, as: 2, password: x}
            - {name: b, address: 10.0.0.2, port: 180, as: 2, password: y}
            """,
            "speaker.yaml:5: neighbors[b].password: must be that of the others at this address"),
        argumentSet("no mapping", "- 1", "speaker.yaml: must be one document, a mapping"),
        argumentSet(
            "a password too long",
            "as: 1\nrouterId: 10.0.0.1\nneighbors:\n- {name: a, address: 10.0.0.2, as: 2,"
                + " password: "
                + "x".repeat(81)
                + "}",
            "speaker.yaml:4: neighbors[a].password: must be 1 to 80 octets (RFC 2385)"));
  }

  @ParameterizedTest
  @MethodSource("mistakes")
  void aMistakeIsOneLine(String text, String expected) {
    var problems = SpeakerFile.read(new Document("speaker.yaml", text)).getError();
    assertThat(problems.map(Problem::toString)).containsExactly(expected);
  }
}
