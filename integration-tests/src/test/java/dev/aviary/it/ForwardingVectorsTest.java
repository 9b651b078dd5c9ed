package dev.aviary.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aviary.emulator.cluster.Cluster;
import dev.aviary.emulator.cluster.ClusterOptions;
import dev.aviary.kernel.Conversation;
import dev.aviary.kernel.Outcome;
import dev.aviary.kernel.PacketWalk;
import dev.aviary.kernel.Probe;
import dev.aviary.kernel.Step;
import dev.aviary.net.IpAddress;
import dev.aviary.net.Vectors;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The probes of the golden cluster, sent through the same cluster as it comes up from its
 * manifests: the routes are BGP's, the rules Felix's and kube-proxy's.
 */
class ForwardingVectorsTest {
  private static final JsonMapper JSON = new JsonMapper();
  private static @Nullable Cluster cluster;

  @AfterAll
  static void stop() {
    if (cluster != null) {
      cluster.close();
    }
  }

  @TestFactory
  Stream<DynamicTest> probes() throws Exception {
    var scenario = JSON.readTree(Vectors.text("kernel-golden/seed/scenario.json"));
    var results = Files.readAllLines(Vectors.path("kernel-golden/seed/results.jsonl"));
    var running = Clusters.seed(ClusterOptions.inVirtualTime());
    cluster = running;
    running.awaitConverged();
    var tests = new ArrayList<DynamicTest>();
    for (int i = 0; i < results.size(); i++) {
      var probe = scenario.get("probes").get(i);
      var result = JSON.readTree(results.get(i));
      boolean covered =
          List.of("tcp", "udp", "icmp").contains(probe.path("proto").asString(""))
              && !probe.has("random")
              && running.find(probe.path("from").asString("")).isPresent();
      if (covered) {
        tests.add(
            DynamicTest.dynamicTest(
                probe.get("id").asString(), () -> check(running, probe, result)));
      }
    }
    return tests.stream();
  }

  private static void check(Cluster running, JsonNode probe, JsonNode expected) {
    var from = running.find(probe.get("from").asString()).orElseThrow().kernel();
    running.onLoop(
        () -> {
          var walk = PacketWalk.recording();
          var conversation = Conversation.start(from, request(probe), walk);
          walk.giveUpOnNeighbors();
          assertThat(outcome(conversation.outcome())).isEqualTo(expected.get("outcome").asString());
          if (expected.hasNonNull("errno")) {
            assertThat(errno(conversation.outcome()))
                .isEqualTo(Optional.of(expected.get("errno").asString()));
          }
          var delivered = expected.path("delivered");
          if (delivered.isObject()) {
            var at = delivered(walk);
            assertThat(at).as("%s", walk.traces().getFirst().steps()).isPresent();
            assertThat(at.get().kernel()).isEqualTo(delivered.get("at").asString());
            assertThat(at.get().packet().destinationText())
                .isEqualTo(delivered.get("dst").asString());
            // A port that was chosen at random differs; the address does not.
            assertThat(at.get().packet().source().toString())
                .isEqualTo(delivered.get("src").asString().replaceAll(":\\d+$", ""));
          }
          conversation.close();
          return true;
        });
  }

  private static Probe request(JsonNode probe) {
    var to = IpAddress.of(probe.get("dst").asString());
    var plain =
        switch (probe.get("proto").asString()) {
          case "tcp" -> Probe.tcp(to, probe.get("dport").asInt());
          case "udp" -> Probe.udp(to, probe.get("dport").asInt());
          default -> Probe.ping(to);
        };
    return plain
        .withTtl(probe.path("ttl").asInt(64))
        .withSource(null, probe.path("sport").asInt(probe.path("icmp_id").asInt(0)));
  }

  private static String outcome(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Answered _ -> "ok";
      case Outcome.Refused _ -> "refused";
      case Outcome.Failed _ -> "error";
      case Outcome.LocalError _ -> "local-error";
      case Outcome.TimedOut _ -> "timeout";
    };
  }

  private static Optional<String> errno(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Refused(var errno) -> Optional.of(errno);
      case Outcome.Failed(var errno, _) -> Optional.of(errno);
      case Outcome.LocalError(var errno) -> Optional.of(errno);
      case Outcome.Answered _, Outcome.TimedOut _ -> Optional.empty();
    };
  }

  private static Optional<Step.Delivered> delivered(PacketWalk walk) {
    for (var trace : walk.traces()) {
      for (var step : trace.steps()) {
        if (step instanceof Step.Delivered delivered) {
          return Optional.of(delivered);
        }
      }
    }
    return Optional.empty();
  }
}
