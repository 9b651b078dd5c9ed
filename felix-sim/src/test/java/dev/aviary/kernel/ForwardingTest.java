package dev.aviary.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aviary.kernel.command.Commands;
import dev.aviary.kernel.packet.IpProtocol;
import dev.aviary.net.IpAddress;
import dev.aviary.net.IpFamily;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ForwardingTest {
  private static final IpAddress B = IpAddress.of("10.0.2.2");

  private final TwoHosts lab = new TwoHosts();

  private static String run(Kernel kernel, String command) {
    var result = Commands.run(kernel, List.of(command.split(" ", -1)));
    return result.stdout() + result.stderr();
  }

  @Test
  void aConnectionThroughARouterIsAnswered() {
    assertThat(lab.ask(Probe.tcp(B, 80)))
        .isInstanceOfSatisfying(
            Outcome.Answered.class,
            answer -> {
              assertThat(answer.from()).isEqualTo(new Endpoint(B, 80));
              assertThat(answer.ttl()).isEqualTo(63);
              assertThat(answer.payload()).isEqualTo("aviary");
            });
  }

  @Test
  void aPingIsAnswered() {
    assertThat(lab.ask(Probe.ping(B))).isInstanceOf(Outcome.Answered.class);
  }

  @Test
  void aClosedPortRefuses() {
    assertThat(lab.ask(Probe.tcp(B, 81))).isEqualTo(new Outcome.Refused("ECONNREFUSED"));
    assertThat(lab.ask(Probe.udp(B, 81))).isEqualTo(new Outcome.Refused("ECONNREFUSED"));
  }

  @Test
  void aRouteTypeTellsTheSenderWhy() {
    assertThat(error("10.9.0.0/24", "blackhole")).isInstanceOf(Outcome.TimedOut.class);
    assertThat(error("10.9.1.0/24", "unreachable")).hasToString("EHOSTUNREACH 3/1");
    assertThat(error("10.9.2.0/24", "prohibit")).hasToString("EHOSTUNREACH 3/13");
    assertThat(error("10.9.3.0/24", "throw")).hasToString("ENETUNREACH 3/0");
  }

  private Object error(String prefix, String type) {
    lab.advance(Duration.ofSeconds(10)); // or the router would not tell each of them
    assertThat(run(lab.r, "ip route add " + type + " " + prefix)).isEmpty();
    var outcome = lab.ask(Probe.udp(IpAddress.of(prefix.replace("0/24", "9")), 80));
    return outcome instanceof Outcome.Failed(var errno, var packet)
        ? errno + " " + packet.icmpType() + "/" + packet.icmpCode()
        : outcome;
  }

  @Test
  void aNextHopThatDoesNotAnswerIsReported() {
    var outcome = lab.ask(Probe.udp(IpAddress.of("10.0.2.77"), 80));
    assertThat(outcome).isInstanceOf(Outcome.Failed.class);
    assertThat(run(lab.r, "ip neigh show dev eth2")).contains("10.0.2.77 FAILED");
  }

  @Test
  void theTimeToLiveEndsAtTheRouter() {
    assertThat(lab.ask(Probe.udp(B, 80).withTtl(1)))
        .isInstanceOfSatisfying(
            Outcome.Failed.class, failed -> assertThat(failed.error().icmpType()).isEqualTo(11));
  }

  @Test
  void aRouterThatDoesNotForwardIsSilent() {
    lab.r.sysctls().set("net.ipv4.ip_forward", 0);
    assertThat(lab.ask(Probe.udp(B, 80))).isInstanceOf(Outcome.TimedOut.class);
  }

  @Test
  void rulesDropRejectAndReset() throws RestoreException {
    lab.rules("*filter\n-A FORWARD -p udp -j DROP\n-A FORWARD -p tcp -j REJECT\nCOMMIT\n");
    assertThat(lab.ask(Probe.udp(B, 80))).isInstanceOf(Outcome.TimedOut.class);
    assertThat(lab.ask(Probe.tcp(B, 80))).isInstanceOf(Outcome.Refused.class);
  }

  @Test
  void destinationTranslationIsUndoneForAnswers() throws RestoreException {
    lab.rules(
        "*nat\n-A PREROUTING -d 10.50.0.1 -p tcp --dport 8080 -j DNAT --to-destination"
            + " 10.0.2.2:80\n-A POSTROUTING -o eth2 -j MASQUERADE\nCOMMIT\n");
    var service = IpAddress.of("10.50.0.1");
    assertThat(lab.ask(Probe.tcp(service, 8080)))
        .isInstanceOfSatisfying(
            Outcome.Answered.class,
            answer -> assertThat(answer.from()).isEqualTo(new Endpoint(service, 8080)));
    assertThat(run(lab.r, "conntrack -L -p tcp --dport 8080"))
        .contains("TIME_WAIT")
        .contains("dst=10.50.0.1")
        .contains("src=10.0.2.2 dst=10.0.2.1");
  }

  @Test
  void aRefusedRestoreChangesNothing() throws RestoreException {
    lab.rules("*filter\n:X - [0:0]\n-A FORWARD -j X\nCOMMIT\n");
    var before = lab.r.iptablesSave(IpFamily.IPV4, "filter");
    assertThatThrownBy(
            () -> lab.rules("*filter\n-A FORWARD -j ACCEPT\n-A FORWARD -j NOSUCH\nCOMMIT\n"))
        .isInstanceOfSatisfying(RestoreException.class, e -> assertThat(e.line()).isEqualTo(3))
        .hasMessageContaining("Couldn't load target `NOSUCH'");
    assertThatThrownBy(() -> lab.rules("*filter\n:A - [0:0]\n-A FORWARD -j A\n-A A -g A\nCOMMIT\n"))
        .hasMessage("iptables-restore: line 5 failed");
    assertThatThrownBy(
            () -> lab.rules("*filter\n-A FORWARD -m set --match-set no src -j DROP\nCOMMIT\n"))
        .hasMessageContaining("Set no doesn't exist.");
    assertThatThrownBy(() -> lab.rules("*filter\n-A FORWARD -j DROP\n"))
        .hasMessageContaining("COMMIT expected");
    assertThat(lab.r.iptablesSave(IpFamily.IPV4, "filter")).isEqualTo(before);
  }

  @Test
  void aTraceHasTheEvidence() throws RestoreException {
    lab.rules("*filter\n-A FORWARD -p udp -m comment --comment \"no udp\" -j DROP\nCOMMIT\n");
    var walk = PacketWalk.recording();
    var log = new TraceLog(Map.of("r", lab.r), IpProtocol.UDP, lab.r.clock());
    log.start();
    var conversation = Conversation.start(lab.a, Probe.udp(B, 80).withSource(null, 4000), walk);
    log.stop();
    assertThat(new TraceText(Map.of(B, "b")).print("a", walk.traces(), conversation.outcome()))
        .contains("dropped: a rule dropped it (filter:FORWARD:rule:1)")
        .endsWith("=> no answer\n");
    assertThat(log.lines())
        .contains(
            "TRACE: filter:FORWARD:rule:1 IN=eth1 OUT=eth2 "
                + "MAC=02:00:00:00:01:01:02:00:00:00:01:02:08:00 SRC=10.0.1.2 DST=10.0.2.2 LEN=34 ")
        .contains("PROTO=UDP SPT=4000 DPT=80 LEN=14 ");
    assertThat(TraceJson.of("a", "b", "udp", walk.traces(), conversation.outcome()).toString())
        .contains("step=dropped, reason=RULE");
  }

  @Test
  void unknownCommandsSaySo() {
    assertThat(run(lab.a, "nmap")).isEqualTo("nmap: command not found\n");
    assertThat(run(lab.a, "ip fly")).startsWith("Object \"fly\" is unknown");
    assertThat(run(lab.a, "iptables -t nosuch -L"))
        .contains("can't initialize iptables table `nosuch'");
    assertThat(run(lab.a, "iptables -L NOSUCH"))
        .isEqualTo("iptables: No chain/target/match by that name.\n");
  }
}
