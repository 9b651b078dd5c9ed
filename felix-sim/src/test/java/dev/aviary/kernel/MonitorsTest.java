package dev.aviary.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aviary.kernel.command.Commands;
import dev.aviary.net.IpAddress;
import dev.aviary.net.IpFamily;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What the commands that follow traced packets say, in the words of the real ones. */
class MonitorsTest {
  private static final String NFT = "nft monitor trace";
  private static final String XTABLES = "xtables-monitor --trace";

  private final TwoHosts lab = new TwoHosts();

  private String run(String command) {
    var result = Commands.run(lab.r, List.of(command.split(" ", -1)));
    assertThat(result.exit()).as(result.stderr()).isZero();
    return result
        .stdout()
        .replaceAll("(?<=PACKET: 2 |TRACE: 2 |trace id )[0-9a-f]{8}", "ID")
        .replaceAll("(?<= ID=)\\d+|(?<=ip id )\\d+", "*");
  }

  @Test
  void aMonitorHearsWhatComesAfterItWasStarted() throws RestoreException {
    lab.rules(
        """
        *raw
        -A PREROUTING -p udp -j TRACE
        COMMIT
        *filter
        :X - [0:0]
        [5:600] -A FORWARD -j X
        -A X -d 10.0.2.2/32 -j MARK --set-mark 3
        -A X -j RETURN
        -A FORWARD -p udp -m udp --dport 81 -j DROP
        COMMIT
        """);
    lab.ask(Probe.udp(IpAddress.of("10.0.2.2"), 82).withSource(null, 5000));
    assertThat(run(NFT) + run(XTABLES)).isEmpty();
    lab.ask(Probe.udp(IpAddress.of("10.0.2.2"), 81).withSource(null, 5000).withPayload("AB"));
    assertThat(run(XTABLES))
        .isEqualTo(
            """
            PACKET: 2 ID IN=eth1 MACSRC=2:0:0:0:1:2 MACDST=2:0:0:0:1:1 MACPROTO=0800 \
            SRC=10.0.1.2 DST=10.0.2.2 LEN=30 TOS=0x0 TTL=64 ID=* DF SPORT=5000 DPORT=81\s
             TRACE: 2 ID raw:PREROUTING:rule:0x2:CONTINUE  -4 -t raw -A PREROUTING -p udp -j TRACE
             TRACE: 2 ID raw:PREROUTING:policy:ACCEPT\s
            PACKET: 2 ID IN=eth1 OUT=eth2 MACSRC=2:0:0:0:1:2 MACDST=2:0:0:0:1:1 MACPROTO=0800 \
            SRC=10.0.1.2 DST=10.0.2.2 LEN=30 TOS=0x0 TTL=63 ID=* DF SPORT=5000 DPORT=81\s
             TRACE: 2 ID filter:FORWARD:rule:0x3:JUMP:X  -4 -t filter -A FORWARD -j X
             TRACE: 2 ID filter:X:rule:0x4:CONTINUE  -4 -t filter -A X -d 10.0.2.2/32 -j MARK \
            --set-xmark 0x3/0xffffffff
             TRACE: 2 ID filter:X:rule:0x5:0xfffffffb  -4 -t filter -A X -j RETURN
             TRACE: 2 ID filter:FORWARD:rule:0x6:DROP  -4 -t filter -A FORWARD -p udp -m udp \
            --dport 81 -j DROP
            """);
    assertThat(run(XTABLES)).isEmpty();
    assertThat(run(NFT))
        .isEqualTo(
            """
            trace id ID ip raw PREROUTING packet: iif "eth1" ether saddr 02:00:00:00:01:02 \
            ether daddr 02:00:00:00:01:01 ip saddr 10.0.1.2 ip daddr 10.0.2.2 ip dscp cs0 \
            ip ecn not-ect ip ttl 64 ip id * ip length 30 udp sport 5000 udp dport 81 \
            udp length 10 @th,64,16 0x4142\s
            trace id ID ip raw PREROUTING rule meta l4proto udp counter packets 1 bytes 34 meta \
            nftrace set 1 (verdict continue)
            trace id ID ip raw PREROUTING policy accept\s
            trace id ID ip filter FORWARD packet: iif "eth1" oif "eth2" \
            ether saddr 02:00:00:00:01:02 ether daddr 02:00:00:00:01:01 \
            ip saddr 10.0.1.2 ip daddr 10.0.2.2 ip dscp cs0 ip ecn not-ect ip ttl 63 ip id * \
            ip length 30 udp sport 5000 udp dport 81 udp length 10 @th,64,16 0x4142\s
            trace id ID ip filter FORWARD rule counter packets 7 bytes 696 jump X (verdict jump X)
            trace id ID ip filter X rule ip daddr 10.0.2.2 counter packets 1 bytes 34 meta mark \
            set 0x3 (verdict continue)
            trace id ID ip filter X rule counter packets 2 bytes 96 return (verdict return)
            trace id ID ip filter FORWARD rule udp dport 81 counter packets 0 bytes 0 drop \
            (verdict drop)
            """);
  }

  /** As seen in a namespace of Linux 6.18 with iptables-nft and xtables-monitor 1.8.9. */
  @Test
  void aRejectionsAnswerIsTracedBeforeTheRule() throws RestoreException {
    var kernel = new Kernel("n", () -> Instant.EPOCH, new Random(1));
    kernel.iptablesRestore(
        IpFamily.IPV4,
        """
        *raw
        -A OUTPUT -j TRACE
        -A PREROUTING -j TRACE
        COMMIT
        *filter
        -A OUTPUT -p udp -m udp --dport 9 -j REJECT
        -A INPUT -p udp -m udp --dport 7 -j REJECT
        COMMIT
        """,
        false);
    Commands.run(kernel, List.of("xtables-monitor", "--trace"));
    assertThat(rejected(kernel, 9))
        .containsExactly(
            "raw:OUTPUT:rule:0x2",
            "raw:OUTPUT:policy:ACCEPT",
            "raw:OUTPUT:rule:0x2",
            "raw:OUTPUT:policy:ACCEPT",
            "filter:OUTPUT:policy:ACCEPT",
            "raw:PREROUTING:rule:0x4",
            "raw:PREROUTING:policy:ACCEPT",
            "filter:INPUT:policy:ACCEPT",
            "filter:OUTPUT:rule:0x2");
    assertThat(rejected(kernel, 7))
        .containsExactly(
            "raw:OUTPUT:rule:0x2",
            "raw:OUTPUT:policy:ACCEPT",
            "filter:OUTPUT:policy:ACCEPT",
            "raw:PREROUTING:rule:0x4",
            "raw:PREROUTING:policy:ACCEPT",
            "raw:OUTPUT:rule:0x2",
            "raw:OUTPUT:policy:ACCEPT",
            "filter:OUTPUT:policy:ACCEPT",
            "filter:INPUT:rule:0x4",
            "raw:PREROUTING:rule:0x4",
            "raw:PREROUTING:policy:ACCEPT",
            "filter:INPUT:policy:ACCEPT");
  }

  private static List<String> rejected(Kernel kernel, int port) {
    Conversation.start(kernel, Probe.udp(IpAddress.of("127.0.0.1"), port), PacketWalk.silent());
    return Commands.run(kernel, List.of("xtables-monitor", "--trace"))
        .stdout()
        .lines()
        .filter(line -> line.startsWith(" TRACE"))
        .map(line -> line.split(" ", -1)[4].replaceAll("(0x[0-9a-f]+):.*", "$1"))
        .toList();
  }

  @Test
  void whatIsNotThereIsRefused() {
    for (var command :
        List.of(
            "nft add table ip x",
            "xtables-monitor",
            "xtables-monitor -e",
            "nft list table ip nosuch")) {
      var result = Commands.run(lab.r, List.of(command.split(" ", -1)));
      assertThat(result.exit()).as(command).isNotZero();
      assertThat(result.stderr()).as(command).isNotBlank();
    }
  }

  @Test
  void theLogSaysWhen() throws RestoreException {
    lab.rules("*filter\n-A FORWARD -p tcp -j LOG --log-prefix hello\nCOMMIT\n");
    lab.advance(java.time.Duration.ofMillis(3723_001));
    lab.ask(Probe.tcp(IpAddress.of("10.0.2.2"), 80));
    assertThat(run("dmesg")).startsWith("[ 3723.001000] helloIN=eth1 OUT=eth2 MAC=");
  }
}
