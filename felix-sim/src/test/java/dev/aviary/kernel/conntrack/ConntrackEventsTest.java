package dev.aviary.kernel.conntrack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aviary.kernel.Conversation;
import dev.aviary.kernel.Kernel;
import dev.aviary.kernel.PacketWalk;
import dev.aviary.kernel.Probe;
import dev.aviary.kernel.RestoreException;
import dev.aviary.kernel.Sockets;
import dev.aviary.kernel.command.Commands;
import dev.aviary.net.IpAddress;
import dev.aviary.net.IpFamily;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * {@code conntrack -E}: what was seen in a namespace of Linux 6.18 when the same was done there
 * with conntrack 1.4.7.
 */
class ConntrackEventsTest {
  private static final IpAddress LOCALHOST = IpAddress.of("127.0.0.1");

  private Instant now = Instant.parse("2026-11-28T12:00:00.5Z");
  private final Kernel kernel = new Kernel("n", () -> now, new Random(1));

  @BeforeEach
  void rules() throws RestoreException {
    restore("-A INPUT -m conntrack --ctstate NEW\n-A INPUT -p udp -m udp --dport 7 -j DROP");
    kernel.sockets().listen(6, null, 99, Sockets.echo());
    kernel.sockets().listen(17, null, 77, Sockets.echo());
  }

  private void restore(String rules) throws RestoreException {
    kernel.iptablesRestore(IpFamily.IPV4, "*filter\n" + rules + "\nCOMMIT\n", false);
  }

  private Conversation send(Probe probe, int source) {
    return Conversation.start(
        kernel, probe.withSource(null, source).withPayload("x"), PacketWalk.silent());
  }

  private List<String> events(String options) {
    var words = ("conntrack -E" + options).split(" ", -1);
    var result = Commands.run(kernel, List.of(words));
    assertThat(result.exit()).as(result.stderr()).isZero();
    return result.stdout().lines().map(line -> line.replaceAll("id=\\d+", "id=*")).toList();
  }

  @Test
  void aTcpConnectionFromItsFirstSegmentToItsDeletion() {
    events("");
    send(Probe.tcp(LOCALHOST, 99), 45008).close();
    Commands.run(kernel, List.of("conntrack", "-D"));
    var tuple = "src=127.0.0.1 dst=127.0.0.1 sport=45008 dport=99";
    var reply = "src=127.0.0.1 dst=127.0.0.1 sport=99 dport=45008";
    var both = tuple + " " + reply;
    assertThat(events(""))
        .containsExactly(
            "    [NEW] tcp      6 120 SYN_SENT " + tuple + " [UNREPLIED] " + reply,
            " [UPDATE] tcp      6 60 SYN_RECV " + both,
            " [UPDATE] tcp      6 432000 ESTABLISHED " + both + " [ASSURED]",
            " [UPDATE] tcp      6 120 FIN_WAIT " + both + " [ASSURED]",
            " [UPDATE] tcp      6 30 LAST_ACK " + both + " [ASSURED]",
            " [UPDATE] tcp      6 120 TIME_WAIT " + both + " [ASSURED]",
            "[DESTROY] tcp      6 120 TIME_WAIT " + both + " [ASSURED] [USERSPACE] portid=*");
  }

  @Test
  void aResetEndsAConnectionThatHadNoAnswer() {
    events("");
    send(Probe.tcp(LOCALHOST, 9), 48404);
    assertThat(events(""))
        .containsExactly(
            "    [NEW] tcp      6 120 SYN_SENT src=127.0.0.1 dst=127.0.0.1 sport=48404 dport=9"
                + " [UNREPLIED] src=127.0.0.1 dst=127.0.0.1 sport=9 dport=48404",
            "[DESTROY] tcp      6 120 CLOSE src=127.0.0.1 dst=127.0.0.1 sport=48404 dport=9"
                + " [UNREPLIED] src=127.0.0.1 dst=127.0.0.1 sport=9 dport=48404");
  }

  @Test
  void whatEndsByItselfHasNoTimeLeft() {
    events(" -p udp -o extended,timestamp -e NEW,DESTROY");
    send(Probe.udp(LOCALHOST, 77), 60839);
    send(Probe.tcp(LOCALHOST, 99), 45009);
    now = now.plus(Duration.ofSeconds(40));
    assertThat(events(" -p udp -o extended,timestamp -e NEW,DESTROY"))
        .containsExactly(
            "[1795867200.500000]\t    [NEW] ipv4     2 udp      17 30 src=127.0.0.1"
                + " dst=127.0.0.1 sport=60839 dport=77 [UNREPLIED] src=127.0.0.1 dst=127.0.0.1"
                + " sport=77 dport=60839",
            "[1795867240.500000]\t[DESTROY] ipv4     2 udp      17 src=127.0.0.1 dst=127.0.0.1"
                + " sport=60839 dport=77 src=127.0.0.1 dst=127.0.0.1 sport=77 dport=60839");
  }

  @Test
  void aMarkAloneIsToldWithoutTheState() throws RestoreException {
    kernel.iptablesRestore(
        IpFamily.IPV4,
        "*mangle\n-A PREROUTING -m conntrack --ctstate NEW -j CONNMARK --set-mark 5\nCOMMIT\n",
        false);
    events(" -e UPDATES");
    send(Probe.tcp(LOCALHOST, 9), 48404);
    assertThat(events(" -e UPDATES"))
        .containsExactly(
            " [UPDATE] tcp      6 120 src=127.0.0.1 dst=127.0.0.1 sport=48404 dport=9 [UNREPLIED]"
                + " src=127.0.0.1 dst=127.0.0.1 sport=9 dport=48404 mark=5");
  }

  @Test
  void nobodyIsToldOfConnectionsFromBefore() {
    var before = send(Probe.tcp(LOCALHOST, 99), 45008);
    events("");
    before.close();
    kernel.conntrack().flush();
    assertThat(events("")).isEmpty();
  }

  @Test
  void aPacketThatIsDroppedTellsWithTheNextOne() throws RestoreException {
    events(" -o id");
    restore("-A INPUT -p udp -m conntrack --ctdir REPLY -j DROP");
    send(Probe.udp(LOCALHOST, 77), 60839);
    assertThat(events(" -o id")).hasSize(2); // the answer went through OUTPUT and POSTROUTING
    restore("-A OUTPUT -p udp -m conntrack --ctdir REPLY -j DROP");
    send(Probe.udp(LOCALHOST, 77), 60840);
    assertThat(events(" -o id")).hasSize(1);
    restore("-A INPUT -m conntrack --ctstate NEW");
    send(Probe.udp(LOCALHOST, 77), 60840);
    assertThat(events(" -o id"))
        .containsExactly(
            " [UPDATE] udp      17 30 src=127.0.0.1 dst=127.0.0.1 sport=60840 dport=77"
                + " src=127.0.0.1 dst=127.0.0.1 sport=77 dport=60840 id=*");
  }
}
