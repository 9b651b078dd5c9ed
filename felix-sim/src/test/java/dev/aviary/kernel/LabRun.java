package dev.aviary.kernel;

import dev.aviary.kernel.netfilter.TableName;
import dev.aviary.kernel.packet.Frame;
import dev.aviary.kernel.packet.IpProtocol;
import dev.aviary.kernel.packet.MacAddress;
import dev.aviary.kernel.packet.Packet;
import dev.aviary.kernel.packet.TcpFlags;
import dev.aviary.net.IpAddress;
import dev.aviary.net.IpFamily;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** Runs the probes of a scenario one after the other and compares each with its recorded result. */
final class LabRun {

  private static final Pattern CHOICE = Pattern.compile("nat:(KUBE-SVC-\\w+):rule:(\\d+)");

  private final Lab lab;
  private final JsonNode scenario;
  private final LabComparison comparison;
  private final Map<String, Conversation> open = new HashMap<>();

  LabRun(JsonNode scenario) throws RestoreException {
    this.scenario = scenario;
    this.lab = new Lab(scenario);
    this.comparison = new LabComparison(scenario, lab);
  }

  /** The differences between what happens here and what is recorded, one line each. */
  List<String> run(JsonNode probe, JsonNode expected) {
    var local = expected.path("local");
    if (local.size() == 2) {
      comparison.know(local.get(1).asInt());
    }
    boolean flush = scenario.path("flush_ct").asBoolean(true);
    if (probe.path("flush_ct").asBoolean(flush) && !probe.has("op")) {
      for (var kernel : lab.all()) {
        kernel.conntrack().flush();
      }
    }
    lab.advance(Duration.ofMillis(probe.has("op") ? 0 : 100));
    steer(expected);
    var differences = new ArrayList<String>();
    switch (probe.path("op").asString(probe.path("proto").asString(""))) {
      case "inject" -> inject(probe, expected, differences);
      case "arp" -> arp(probe, expected, differences);
      case "exec" -> exec(probe);
      case "conntrack" -> comparison.compareConntrack(expected, differences, "conntrack");
      case "ct_flush" -> flush(probe);
      case "send" -> send(probe, expected, differences);
      case "close" -> conversation(probe).close();
      default -> talk(probe, expected, differences);
    }
    return differences;
  }

  /** Lets services with several endpoints choose the one that was chosen in the recording. */
  private void steer(JsonNode expected) {
    for (var node : expected.path("trace").properties()) {
      var misses = new ArrayList<Integer>();
      var tables = lab.get(node.getKey()).netfilter(IpFamily.IPV4);
      for (var pass : node.getValue()) {
        for (var hit : pass.path("hits")) {
          var match = CHOICE.matcher(hit.asString());
          if (match.lookingAt()) {
            var rules = tables.rules(TableName.NAT, match.group(1)).orElse(List.of());
            int number = Integer.parseInt(match.group(2));
            long before =
                rules.stream()
                    .limit(number - 1)
                    .filter(rule -> rule.toString().contains("-m statistic"))
                    .count();
            boolean chosen = rules.get(number - 1).toString().contains("-m statistic");
            if (chosen || before > 0) {
              misses.add((int) before);
            }
          }
        }
      }
      lab.steer(node.getKey(), misses);
    }
  }

  private void flush(JsonNode probe) {
    if (probe.has("ns")) {
      lab.get(probe.path("ns").asString()).conntrack().flush();
    } else {
      for (var kernel : lab.all()) {
        kernel.conntrack().flush();
      }
    }
  }

  private Conversation conversation(JsonNode probe) {
    var found = open.get(probe.path("conn").asString());
    if (found == null) {
      throw new IllegalArgumentException("no open connection for " + probe);
    }
    return found;
  }

  private void exec(JsonNode probe) {
    for (var line : probe.path("cmd").asString().split(";", -1)) {
      Lab.command(lab.get(probe.path("ns").asString()), line.strip());
    }
  }

  private void send(JsonNode probe, JsonNode expected, List<String> differences) {
    var conversation = conversation(probe);
    var walk = conversation.rewalk();
    conversation.exchange(probe.path("payload").asString("more\n"));
    comparison.compareOutcome(conversation, expected, differences);
    comparison.compareTraces(walk, expected, differences, true);
    comparison.compareConntrack(expected, differences, "conntrack");
  }

  private void talk(JsonNode probe, JsonNode expected, List<String> differences) {
    var from = lab.get(probe.path("from").asString());
    var destination = IpAddress.of(probe.path("dst").asString());
    var proto = probe.path("proto").asString();
    int port = probe.path("dport").asInt(0);
    var made =
        switch (proto) {
          case "tcp" -> Probe.tcp(destination, port);
          case "udp" -> Probe.udp(destination, port);
          default -> Probe.ping(destination);
        };
    int source =
        probe.has("sport")
            ? probe.path("sport").asInt()
            : probe.path("icmp_id").asInt(expected.path("local").path(1).asInt(0));
    var bound = probe.has("src") ? IpAddress.of(probe.path("src").asString()) : null;
    var payload = probe.path("payload").asString(probe.path("id").asString());
    if (probe.has("size")) {
      payload = "x".repeat(probe.path("size").asInt());
    }
    made =
        made.withSource(bound, source)
            .withTtl(probe.path("ttl").asInt(0))
            .withDontFragment(probe.path("df").asBoolean(true))
            .withPayload(payload);
    var walk = PacketWalk.recording();
    var conversation = Conversation.start(from, made, walk);
    if (expected.path("icmp_errors").toString().contains("\"code\":1,")) {
      walk.giveUpOnNeighbors();
    }
    comparison.compareOutcome(conversation, expected, differences);
    comparison.compareErrors(from, walk, expected, differences);
    if (!proto.equals("tcp") || conversation.isConnected()) {
      comparison.compareDelivered(
          walk, expected, differences, proto.equals("icmp") ? from.hostName() : "");
    } else {
      LabComparison.compare(
          "delivered", "", expected.path("delivered").path("at").asString(""), differences);
    }
    comparison.compareConntrack(expected, differences, "conntrack");
    if (probe.path("hold").asBoolean(false)) {
      open.put(probe.path("id").asString(), conversation);
    } else {
      conversation.close();
    }
    if (expected.has("conntrack_after")) {
      comparison.compareConntrack(expected, differences, "conntrack_after");
    }
    comparison.compareTraces(walk, expected, differences, true);
    comparison.compareArp(walk, expected, differences);
    for (var kernel : lab.all()) {
      kernel.egress().forgetWaiting();
    }
  }

  private void inject(JsonNode probe, JsonNode expected, List<String> differences) {
    var from = lab.get(probe.path("from").asString());
    var wanted = probe.path("packet");
    var payload = wanted.path("payload").asString("").getBytes(StandardCharsets.ISO_8859_1);
    int protocol =
        switch (wanted.path("proto").asString()) {
          case "tcp" -> IpProtocol.TCP;
          case "udp" -> IpProtocol.UDP;
          case "icmp" -> IpProtocol.ICMP;
          default -> Integer.parseInt(wanted.path("proto").asString());
        };
    var packet =
        new Packet(
            IpAddress.of(wanted.path("src").asString()),
            IpAddress.of(wanted.path("dst").asString()),
            protocol);
    packet.setTtl(wanted.path("ttl").asInt(64));
    if (protocol == IpProtocol.SCTP) {
      sctp(packet, payload);
    } else {
      packet.setPayload(payload);
    }
    if (protocol == IpProtocol.TCP) {
      packet.setTcp(
          TcpFlags.parse(wanted.path("flags").asString("S")).orElseThrow(),
          wanted.path("seq").asInt(1),
          wanted.path("ack").asInt(0),
          8192);
    } else if (protocol == IpProtocol.ICMP) {
      packet.setIcmp(wanted.path("type").asInt(0), 0, wanted.path("id").asInt(1), 1);
    }
    if (IpProtocol.hasPorts(protocol) && protocol != IpProtocol.SCTP) {
      packet.setPorts(wanted.path("sport").asInt(), wanted.path("dport").asInt());
    }
    var walk = PacketWalk.recording();
    from.inject(
        probe.path("dev").asString(),
        MacAddress.of(probe.path("eth_dst").asString()),
        packet,
        walk);
    if (IpProtocol.hasPorts(protocol) || protocol == IpProtocol.ICMP) {
      comparison.compareErrors(from, walk, expected, differences);
    }
    if (protocol == IpProtocol.UDP) {
      comparison.compareDelivered(walk, expected, differences, "");
    }
    comparison.compareConntrack(expected, differences, "conntrack");
    comparison.compareTraces(walk, expected, differences, true);
    comparison.compareArp(walk, expected, differences);
    for (var kernel : lab.all()) {
      kernel.egress().forgetWaiting();
    }
  }

  /** What was injected is all that is behind the IP header: ports, tag, sum, and the rest. */
  private static void sctp(Packet packet, byte[] octets) {
    var header = ByteBuffer.wrap(octets, 0, 12);
    packet.setPorts(header.getShort(), header.getShort());
    packet.setVerificationTag(header.getInt());
    packet.setPayload(Arrays.copyOfRange(octets, 12, octets.length));
  }

  private void arp(JsonNode probe, JsonNode expected, List<String> differences) {
    var from = lab.get(probe.path("from").asString());
    var link = from.links().get(probe.path("dev").asString());
    var walk = PacketWalk.recording();
    from.resolver()
        .send(
            link,
            MacAddress.BROADCAST,
            new dev.aviary.kernel.packet.Arp(
                false,
                link.mac(),
                IpAddress.of(probe.path("sender_ip").asString()),
                MacAddress.ZERO,
                IpAddress.of(probe.path("target").asString())),
            walk);
    walk.run();
    var replies = new ArrayList<String>();
    for (var event : walk.resolutions()) {
      if (!event.out()
          && event.link() == link
          && event.frame() instanceof Frame.Resolution(_, _, var arp)
          && arp.reply()) {
        replies.add(arp.senderMac() + " from " + event.frame().source());
      }
    }
    var wanted = new ArrayList<String>();
    for (var reply : expected.path("replies")) {
      wanted.add(reply.path("mac").asString() + " from " + reply.path("eth_src").asString());
    }
    LabComparison.compare("replies", wanted.toString(), replies.toString(), differences);
  }
}
