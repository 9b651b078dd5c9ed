package dev.aviary.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aviary.kernel.netfilter.TableName;
import dev.aviary.net.IpAddress;
import dev.aviary.net.IpFamily;
import org.junit.jupiter.api.Test;

/** What a socket is told of its own datagrams that OUTPUT rejects, as seen with Linux 6.18. */
class RejectedOutputTest {
  private static final String REJECT =
      "*filter\n-A OUTPUT -p udp -j REJECT --reject-with icmp-port-unreachable\nCOMMIT\n";

  private final TwoHosts lab = new TwoHosts();

  private Outcome send(String to) {
    var conversation =
        Conversation.start(lab.r, Probe.udp(IpAddress.of(to), 80), PacketWalk.silent());
    conversation.close();
    return conversation.outcome();
  }

  private String counted() {
    return lab.r.iptablesSave(IpFamily.IPV4, TableName.FILTER, true);
  }

  @Test
  void theRulesAnswerIsWaitingAtTheSocket() throws RestoreException {
    lab.rules(REJECT);
    assertThat(send("10.0.2.2")).isEqualTo(new Outcome.LocalError("ECONNREFUSED"));
  }

  @Test
  void translationDoesNotChangeThat() throws RestoreException {
    for (var target : new String[] {"DNAT --to-destination 10.0.1.2:99", "REDIRECT"}) {
      lab.rules(REJECT + "*nat\n-A OUTPUT -p udp -j " + target + "\nCOMMIT\n");
      assertThat(send("10.0.2.2")).isEqualTo(new Outcome.LocalError("ECONNREFUSED"));
    }
  }

  @Test
  void whereTheAnswerIsLostOnlySendtoSpeaks() throws RestoreException {
    lab.rules(REJECT + "*raw\n-A PREROUTING -p icmp -j DROP\nCOMMIT\n");
    assertThat(send("10.0.2.2")).isEqualTo(new Outcome.LocalError("EPERM"));
  }

  @Test
  void aRejectionOfAnotherKindSaysItsErrno() throws RestoreException {
    lab.rules(REJECT.replace("port-unreachable", "net-unreachable"));
    assertThat(send("10.0.2.2")).isEqualTo(new Outcome.LocalError("ENETUNREACH"));
    lab.rules(REJECT.replace("REJECT --reject-with icmp-port-unreachable", "DROP"));
    assertThat(send("10.0.2.2")).isEqualTo(new Outcome.LocalError("EPERM"));
  }

  @Test
  void theAnswerComesFromWhereTheTranslatedRouteLeads() throws RestoreException {
    // Redirected, the datagram is for 127.0.0.1, which answers; filter still sees the old device.
    lab.rules(
        """
        *nat
        -A OUTPUT -p udp -j REDIRECT --to-ports 53
        COMMIT
        *filter
        -A OUTPUT -s 127.0.0.1 -p icmp
        -A OUTPUT -o eth2 -p udp -j REJECT
        COMMIT
        """);
    send("10.0.2.2");
    assertThat(counted()).contains("[1:62] -A OUTPUT -s 127.0.0.1/32 -p icmp");
    // The other way round: what was for this host itself is for another one now.
    lab.rules(
        """
        *nat
        -A OUTPUT -p udp -j DNAT --to-destination 10.0.2.2
        COMMIT
        *filter
        -A OUTPUT -s 10.0.2.2 -p icmp
        -A OUTPUT -o lo -p udp -j REJECT
        COMMIT
        """);
    send("10.0.1.1");
    assertThat(counted()).contains("[0:0] -A OUTPUT -s 10.0.2.2/32 -p icmp");
  }

  @Test
  void aTranslationThatLeadsNowhereEndsBeforeTheFilter() throws RestoreException {
    lab.rules(
        """
        *nat
        -A OUTPUT -p udp -j DNAT --to-destination 10.9.9.9
        COMMIT
        *filter
        -A OUTPUT -p udp
        COMMIT
        """);
    assertThat(send("10.0.2.2")).isEqualTo(new Outcome.LocalError("ENETUNREACH"));
    assertThat(counted()).contains("[0:0] -A OUTPUT -p udp");
  }
}
