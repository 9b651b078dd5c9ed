package dev.aviary.bgp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.aviary.bgp.message.Capability;
import dev.aviary.bgp.message.NotificationMessage;
import dev.aviary.bgp.message.OpenMessage;
import dev.aviary.bgp.message.WireVectors;
import dev.aviary.bgp.route.AsNumber;
import dev.aviary.bgp.route.Behavior;
import dev.aviary.bgp.route.BgpIdentifier;
import dev.aviary.bgp.transport.RawPeer;
import dev.aviary.net.IpFamily;
import dev.aviary.net.Prefix;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;

/** A whole speaker, told malformed things in each state, reacts as the RFCs say. */
class MalformedVectorsTest {
  private static final String PEER = "10.0.0.2";

  @TestFactory
  Stream<DynamicTest> react() {
    return WireVectors.rows("malformed.tsv").stream()
        .map(row -> dynamicTest(row[0] + " " + row[1], () -> check(row)));
  }

  private static void check(String[] row) {
    var context = WireVectors.json(row[5]);
    var wanted = new ArrayList<JsonNode>();
    wanted.add(WireVectors.json(row[6]));
    WireVectors.json(row[7]).forEach(wanted::add);
    var failures = new ArrayList<String>();
    for (var each : wanted) {
      try {
        run(context, each, HexFormat.of().parseHex(row[8]));
        return;
      } catch (AssertionError e) {
        failures.add(each + ": " + e.getMessage());
      }
    }
    throw new AssertionError(String.join("\n", failures));
  }

  private static void run(JsonNode context, JsonNode wanted, byte[] octets) {
    long localAs = context.get("local_as").asLong();
    long peerAs = context.get("peer_as").asLong();
    var lab =
        new SpeakerLab(
            SpeakerLab.config(localAs, context.get("local_id").asString(), Behavior.RFC).build());
    lab.neighbor(
        PEER,
        peerAs,
        n -> {
          if (!context.get("addpath").isEmpty()) {
            n.addPath(NeighborConfig.AddPathMode.BOTH);
          }
          if (context.has("local_role")) {
            n.role(role(context.get("local_role").asString()), false);
          }
          return n.extendedMessage(context.get("ext_msg").asBoolean());
        });
    RawPeer peer =
        switch (context.get("state").asString()) {
          case "OpenSent" -> lab.connect(PEER);
          case "OpenConfirm" -> lab.connect(PEER, open(context), false);
          case "Established" -> lab.connect(PEER, open(context), true);
          default -> throw new AssertionError("a state that is not known here: " + context);
        };
    boolean established = context.get("state").asString().equals("Established");
    if (established) {
      for (var family : List.of("withdraw")) {
        wanted.path(family).forEach(prefix -> peer.send(announcement(prefix.asString(), context)));
      }
      if (wanted.get("action").asString().equals("afi-safi-disable")) {
        peer.send(
            announcement(
                wanted.get("afi").asInt() == 2 ? "2001:db8:f::/48" : "198.51.100.0/24", context));
      }
      lab.settle();
    }
    peer.send(octets);
    lab.settle();
    judge(lab, peer, wanted, context, established);
  }

  private static int role(String name) {
    return switch (name) {
      case "provider" -> Capability.Role.PROVIDER;
      case "rs" -> Capability.Role.ROUTE_SERVER;
      case "rs-client" -> Capability.Role.ROUTE_SERVER_CLIENT;
      case "customer" -> Capability.Role.CUSTOMER;
      case "peer" -> Capability.Role.PEER;
      default -> throw new AssertionError("a role that is not known here: " + name);
    };
  }

  private static void judge(
      SpeakerLab lab, RawPeer peer, JsonNode wanted, JsonNode context, boolean established) {
    var notification = peer.last(NotificationMessage.class);
    switch (wanted.get("action").asString()) {
      case "notification" -> {
        assertThat(notification).isPresent();
        assertThat(notification.get().code()).isEqualTo(wanted.get("code").asInt());
        assertThat(notification.get().subcode()).isEqualTo(wanted.get("subcode").asInt());
        if (wanted.has("data")) {
          assertThat(notification.get().data().toString()).isEqualTo(wanted.get("data").asString());
        }
        assertThat(peer.isOpen()).isFalse();
      }
      case "session-reset" -> {
        assertThat(notification).isPresent();
        assertThat(notification.get().code()).isEqualTo(3);
        assertThat(peer.isOpen()).isFalse();
      }
      case "close" -> {
        assertThat(notification).isEmpty();
        assertThat(peer.isOpen()).isFalse();
      }
      case "treat-as-withdraw" -> {
        isUp(peer);
        wanted
            .path("withdraw")
            .forEach(p -> assertThat(lab.has(p.asString())).as("%s", p).isFalse());
      }
      case "attribute-discard" -> {
        isUp(peer);
        for (var prefix : wanted.path("announce")) {
          var route = route(lab, prefix.asString());
          for (var code : wanted.path("discard")) {
            assertThat(route.attributes().all())
                .noneMatch(attribute -> attribute.code() == code.asInt());
          }
        }
      }
      case "afi-safi-disable" -> {
        isUp(peer);
        boolean v6 = wanted.get("afi").asInt() == 2;
        var another = v6 ? "2001:db8:e::/48" : "192.0.2.0/24";
        peer.send(announcement(another, context));
        lab.settle();
        assertThat(lab.routes(v6 ? SpeakerLab.V6 : SpeakerLab.V4)).isEmpty();
        isUp(peer);
      }
      case "accept" -> {
        if (!established) {
          assertThat(peer.isOpen()).isTrue();
          assertThat(notification).isEmpty();
          return;
        }
        isUp(peer);
        for (var prefix : wanted.path("announce")) {
          var attributes = route(lab, prefix.asString()).attributes();
          for (var code : wanted.path("keep_first")) {
            if (code.asInt() == 1) {
              assertThat(attributes.originCode()).isZero();
            }
          }
          if (wanted.has("as_path")) {
            var path = new ArrayList<Long>();
            wanted.get("as_path").forEach(as -> path.add(as.asLong()));
            assertThat(attributes.asPath().flattened().stream().map(AsNumber::value))
                .isEqualTo(path);
          }
        }
        if (!wanted.path("usable").asBoolean(true)) {
          assertThat(lab.routes(SpeakerLab.V4)).isEmpty();
          assertThat(lab.routes(SpeakerLab.V6)).isEmpty();
        }
      }
      default -> throw new AssertionError("an action that is not known here: " + wanted);
    }
  }

  private static void isUp(RawPeer peer) {
    assertThat(peer.last(NotificationMessage.class)).isEmpty();
    assertThat(peer.isOpen()).isTrue();
  }

  private static dev.aviary.bgp.route.Route route(SpeakerLab lab, String prefix) {
    var wanted = Prefix.of(prefix);
    var found =
        lab.routes(wanted.family() == IpFamily.IPV4 ? SpeakerLab.V4 : SpeakerLab.V6).stream()
            .filter(view -> view.route().prefix().equals(wanted))
            .toList();
    assertThat(found).as("%s", prefix).hasSize(1);
    return found.getFirst().route();
  }

  private static OpenMessage open(JsonNode context) {
    long as = context.get("peer_as").asLong();
    var capabilities = new ArrayList<Capability>();
    WireVectors.families(context.get("families"))
        .forEach(family -> capabilities.add(new Capability.Multiprotocol(family)));
    capabilities.add(new Capability.RouteRefresh());
    capabilities.add(new Capability.EnhancedRefresh());
    if (context.get("as4").asBoolean()) {
      capabilities.add(new Capability.FourOctetAs(AsNumber.of(as)));
    }
    var addPath = WireVectors.families(context.get("addpath"));
    if (!addPath.isEmpty()) {
      capabilities.add(
          new Capability.AddPath(
              addPath.stream()
                  .map(f -> new Capability.AddPath.AddPathFamily(f, Capability.AddPath.SEND))
                  .toList()));
    }
    if (context.get("ext_msg").asBoolean()) {
      capabilities.add(new Capability.ExtendedMessage());
    }
    return OpenMessage.of(AsNumber.of(as), 90, BgpIdentifier.of(PEER), capabilities);
  }

  /** A sound UPDATE that announces {@code text}. */
  private static byte[] announcement(String text, JsonNode context) {
    var prefix = Prefix.of(text);
    boolean v6 = prefix.family() == IpFamily.IPV6;
    boolean internal = context.get("peer").asString().equals("ibgp");
    boolean wide = context.get("as4").asBoolean();
    var attributes = ByteBuffer.allocate(512);
    attributes.put(HexFormat.of().parseHex("40010100"));
    if (internal) {
      attributes.put(HexFormat.of().parseHex("400200"));
    } else {
      int as = context.get("peer_as").asInt();
      attributes.put(HexFormat.of().parseHex(wide ? "4002060201" : "4002040201"));
      if (wide) {
        attributes.putInt(as);
      } else {
        attributes.putShort((short) as);
      }
    }
    int size = (prefix.length() + 7) / 8;
    var path = WireVectors.families(context.get("addpath"));
    boolean withId = path.contains(v6 ? SpeakerLab.V6 : SpeakerLab.V4);
    var nlri = ByteBuffer.allocate(32);
    if (withId) {
      nlri.putInt(1);
    }
    nlri.put((byte) prefix.length()).put(prefix.address().octets(), 0, size);
    nlri.flip();
    if (!v6) {
      attributes.put(HexFormat.of().parseHex("4003040a000002"));
    }
    if (internal) {
      attributes.put(HexFormat.of().parseHex("40050400000064"));
    }
    if (v6) {
      attributes.put((byte) 0x80).put((byte) 14).put((byte) (21 + nlri.remaining()));
      attributes.put(HexFormat.of().parseHex("00020110"));
      attributes.put(HexFormat.of().parseHex("20010db8000000000000000000000002")).put((byte) 0);
      attributes.put(nlri.array(), 0, nlri.limit());
    }
    attributes.flip();
    int length = 23 + attributes.remaining() + (v6 ? 0 : nlri.remaining());
    var out = ByteBuffer.allocate(length);
    out.putLong(-1).putLong(-1).putShort((short) length).put((byte) 2).putShort((short) 0);
    out.putShort((short) attributes.remaining()).put(attributes);
    if (!v6) {
      out.put(nlri);
    }
    return out.array();
  }
}
