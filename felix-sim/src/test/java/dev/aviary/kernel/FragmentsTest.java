package dev.aviary.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aviary.kernel.packet.IpProtocol;
import dev.aviary.kernel.packet.Packet;
import dev.aviary.kernel.packet.PacketCodec;
import dev.aviary.kernel.route.KernelRoute;
import dev.aviary.net.IpAddress;
import dev.aviary.net.IpFamily;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Fragments of both families; what is told of those that wait was seen with Linux 6.18. */
class FragmentsTest {
  private static final IpAddress B = IpAddress.of("10.0.2.2");
  private static final IpAddress B6 = IpAddress.of("fd00:2::2");
  private static final String BIG = "x".repeat(4000);

  private final TwoHosts lab = new TwoHosts();

  FragmentsTest() {
    address(lab.a, "eth0", "fd00:1::2");
    address(lab.r, "eth1", "fd00:1::1");
    address(lab.r, "eth2", "fd00:2::1");
    address(lab.b, "eth0", "fd00:2::2");
    lab.r.sysctls().set("net.ipv6.conf.all.forwarding", 1);
    byDefault(lab.a, "fd00:1::1");
    byDefault(lab.b, "fd00:2::1");
  }

  private static void address(Kernel host, String link, String address) {
    host.links().addAddress(link, InterfaceAddress.of(IpAddress.of(address), 64, link));
  }

  private static void byDefault(Kernel host, String gateway) {
    host.addRoute(
        KernelRoute.via(KernelRoute.everything(IpFamily.IPV6), IpAddress.of(gateway), "eth0"));
  }

  private Probe big(IpAddress to) {
    return Probe.udp(to, 80).withPayload(BIG).withDontFragment(false);
  }

  private void track(IpFamily family) throws RestoreException {
    lab.r.iptablesRestore(
        family, "*filter\n-A FORWARD -m conntrack --ctstate NEW -j ACCEPT\nCOMMIT\n", false);
  }

  @Test
  void aBigDatagramIsFragmentedByItsSenderAndAnsweredAlike() throws RestoreException {
    for (var to : List.of(B, B6)) {
      assertThat(lab.ask(big(to)))
          .isInstanceOfSatisfying(
              Outcome.Answered.class, answer -> assertThat(answer.payload()).isEqualTo(BIG));
      track(to.family());
      assertThat(lab.ask(big(to))).isInstanceOf(Outcome.Answered.class);
      assertThat(lab.ask(big(to).withDontFragment(true)))
          .isEqualTo(new Outcome.LocalError("EMSGSIZE"));
    }
  }

  @Test
  void octetsOfAnIpv6Fragment() {
    var packet = new Packet(IpAddress.of("fd00::1"), IpAddress.of("fd00::2"), IpProtocol.UDP);
    packet.setPorts(4000, 80);
    packet.setId(0x1234);
    packet.setPayload(new byte[24]);
    var part = Packet.fragment(packet, 8, 8, true);
    assertThat(part.length()).isEqualTo(56);
    // RFC 8200 §4.5: next header, reserved, offset and more, identification.
    assertThat(HexFormat.of().formatHex(PacketCodec.encode(part)))
        .isEqualTo(
            "60000000"
                + "00102c40"
                + "fd000000000000000000000000000001"
                + "fd000000000000000000000000000002"
                + "11000009"
                + "00001234"
                + "0000000000000000");
  }

  /** Sends the first fragment or the last one, lets time pass, and says what came back. */
  private List<String> after(IpAddress to, boolean first) {
    var source = IpAddress.of(to.family() == IpFamily.IPV4 ? "10.0.1.2" : "fd00:1::2");
    var told = new ArrayList<String>();
    var probe = Probe.udp(to, 80).withSource(source, 4000);
    var conversation = Conversation.start(lab.a, probe, PacketWalk.silent());
    var packet = new Packet(source, to, IpProtocol.UDP);
    packet.setPorts(4000, 80);
    packet.setId(7);
    packet.setPayload(new byte[1592]);
    var part =
        first ? Packet.fragment(packet, 0, 800, true) : Packet.fragment(packet, 800, 800, false);
    lab.a.inject("eth0", lab.r.links().get("eth1").mac(), part, PacketWalk.silent());
    lab.advance(Duration.ofSeconds(61));
    lab.ask(Probe.udp(to, 81)); // whatever comes next finds that it is late
    for (var error : conversation.errors()) {
      told.add(
          error.source()
              + " "
              + error.icmpType()
              + "/"
              + error.icmpCode()
              + " "
              + error.quotedLength());
    }
    conversation.close();
    return told;
  }

  @Test
  void aHostTellsWhoSentTheFirstOfThemThatTheRestDidNotCome() {
    assertThat(after(B, true)).containsExactly("10.0.2.2 11/1 548");
    assertThat(after(B, false)).isEmpty();
    assertThat(after(B6, true)).containsExactly("fd00:2::2 3/1 848");
    assertThat(after(B6, false)).isEmpty();
  }

  @Test
  void conntrackOnTheWayTellsInIpv6Only() throws RestoreException {
    track(IpFamily.IPV4);
    track(IpFamily.IPV6);
    assertThat(after(B, true)).isEmpty();
    assertThat(after(B6, true)).containsExactly("fd00:1::1 3/1 848");
    assertThat(after(IpAddress.of("10.0.1.1"), true)).contains("10.0.1.1 11/1 548");
  }
}
