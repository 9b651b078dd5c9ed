package dev.aviary.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aviary.kernel.command.Commands;
import dev.aviary.kernel.packet.Frame;
import dev.aviary.kernel.packet.IpProtocol;
import dev.aviary.kernel.packet.MacAddress;
import dev.aviary.kernel.packet.Packet;
import dev.aviary.kernel.packet.PacketCodec;
import dev.aviary.kernel.packet.SctpChunk;
import dev.aviary.net.IpAddress;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Associations through a router with rules as kube-proxy writes them. */
class SctpTest {
  private static final IpAddress B = IpAddress.of("10.0.2.2");
  private static final IpAddress SERVICE = IpAddress.of("10.96.0.1");

  private final TwoHosts lab = new TwoHosts();

  private String connections() {
    return Commands.run(lab.r, List.of("conntrack", "-L", "-p", "sctp")).stdout();
  }

  @Test
  void aServiceOverSctpIsTranslatedAndItsStateFollowed() throws RestoreException {
    lab.b.sockets().listen(IpProtocol.SCTP, null, 3868, Sockets.echo());
    lab.rules(
        """
        *nat
        -A PREROUTING -d 10.96.0.1/32 -p sctp -m sctp --dport 80 -j DNAT --to-destination 10.0.2.2:3868
        -A POSTROUTING -j MASQUERADE
        COMMIT
        *filter
        -A FORWARD -p sctp -m conntrack --ctstate INVALID -j DROP
        COMMIT
        """);
    var walk = PacketWalk.silent();
    var association =
        Conversation.start(lab.a, Probe.sctp(SERVICE, 80).withSource(null, 4000), walk);
    walk.giveUpOnNeighbors();
    assertThat(association.outcome())
        .isInstanceOfSatisfying(
            Outcome.Answered.class,
            answer -> {
              assertThat(answer.from()).isEqualTo(new Endpoint(SERVICE, 80));
              assertThat(answer.payload()).isEqualTo("aviary");
            });
    assertThat(connections())
        .isEqualTo(
            "sctp     132 210 ESTABLISHED src=10.0.1.2 dst=10.96.0.1 sport=4000 dport=80"
                + " src=10.0.2.2 dst=10.0.2.1 sport=3868 dport=4000 [ASSURED] mark=0 use=1\n");
    association.close();
    assertThat(connections()).startsWith("sctp     132 10 CLOSED ");
  }

  @Test
  void aPortWithoutAListenerAbortsAndAHostWithoutSctpDoesNotKnowIt() {
    var unknown = lab.ask(Probe.sctp(B, 81));
    assertThat(unknown)
        .isInstanceOfSatisfying(
            Outcome.Failed.class, failed -> assertThat(failed.errno()).isEqualTo("ENOPROTOOPT"));
    lab.b.sockets().listen(IpProtocol.SCTP, null, 80, Sockets.echo());
    assertThat(lab.ask(Probe.sctp(B, 81))).isEqualTo(new Outcome.Refused("ECONNREFUSED"));
    assertThat(lab.ask(Probe.sctp(B, 80))).isInstanceOf(Outcome.Answered.class);
  }

  @Test
  void whatRejectAnswersIsNotTakenForAnEnd() throws RestoreException {
    lab.b.sockets().listen(IpProtocol.SCTP, null, 80, Sockets.echo());
    lab.rules("*filter\n-A FORWARD -p sctp -j REJECT\nCOMMIT\n");
    assertThat(lab.ask(Probe.sctp(B, 80))).isInstanceOf(Outcome.TimedOut.class);
  }

  @Test
  void octetsAndSumAreThoseThatAnotherProgramMakes() {
    var packet = new Packet(IpAddress.of("10.1.0.2"), B, IpProtocol.SCTP);
    packet.setPorts(4000, 80);
    packet.setPayload(SctpChunk.encode(List.of(SctpChunk.init(SctpChunk.INIT, 0xaaaa, 1))));
    var octets = PacketCodec.encode(new Frame.Ip(MacAddress.ZERO, MacAddress.ZERO, packet));
    assertThat(HexFormat.of().formatHex(octets, 34, octets.length))
        .isEqualTo("0fa0005000000000063afef5010000140000aaaa0001a000000affff00000001");
  }
}
