package dev.aviary.bgp;

import dev.aviary.bgp.route.AfiSafi;
import dev.aviary.bgp.route.AttributeType;
import dev.aviary.bgp.route.AttributesBuilder;
import dev.aviary.bgp.route.BgpIdentifier;
import dev.aviary.bgp.route.PathAttributes;
import dev.aviary.bgp.route.RouteSource;
import dev.aviary.net.IpAddress;
import dev.aviary.net.IpFamily;
import dev.aviary.net.Prefix;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes a table as an MRT dump (RFC 6396 §4.3, TABLE_DUMP_V2), as route collectors publish them:
 *
 * <pre>
 * +-----------+------+---------+--------+---------+
 * | timestamp | type | subtype | length | message |
 * |     4     |  2   |    2    |   4    |         |
 * +-----------+------+---------+--------+---------+
 * </pre>
 */
public final class MrtTable {
  private static final int TABLE_DUMP_V2 = 13;
  private static final int PEER_INDEX_TABLE = 1;
  private static final int RIB_IPV4_UNICAST = 2;
  private static final int RIB_IPV6_UNICAST = 4;
  private static final int FOUR_OCTET_AS = 2;
  private static final int IPV6_PEER = 1;

  /** The length of a next hop, or a whole NEXT_HOP. */
  private static final int MORE_OCTETS = 8;

  private final DataOutputStream out;
  private final long time;
  private final List<RouteSource> peers = new ArrayList<>();

  private MrtTable(OutputStream out, Instant at) {
    this.out = new DataOutputStream(out);
    this.time = at.getEpochSecond();
  }

  /**
   * Writes all routes of {@code view}.
   *
   * @throws IOException if {@code out} does
   */
  public static void write(SpeakerView view, OutputStream out) throws IOException {
    var table = new MrtTable(out, view.at());
    table.peers(view);
    int sequence = 0;
    for (var family : List.of(AfiSafi.IPV4_UNICAST, AfiSafi.IPV6_UNICAST)) {
      Map<Prefix, List<RouteView>> byPrefix = new LinkedHashMap<>();
      for (var route : view.routes(family)) {
        byPrefix.computeIfAbsent(route.route().prefix(), _ -> new ArrayList<>()).add(route);
      }
      for (var each : byPrefix.entrySet()) {
        table.entry(sequence++, each.getKey(), each.getValue());
      }
    }
    table.out.flush();
  }

  /** RFC 6396 §4.3.1; the router itself is the peer 0.0.0.0 of its own AS. */
  private void peers(SpeakerView view) throws IOException {
    for (var routes : view.routes().values()) {
      for (var route : routes) {
        if (!peers.contains(route.route().source())) {
          peers.add(route.route().source());
        }
      }
    }
    record(
        PEER_INDEX_TABLE,
        body -> {
          body.writeInt(view.config().identifier().bits());
          body.writeShort(0); // a view without a name
          body.writeShort(peers.size());
          for (var peer : peers) {
            switch (peer) {
              case RouteSource.Learned(var learned) ->
                  peer(body, learned.identifier(), learned.address(), learned.as().bits());
              case RouteSource.Local _ ->
                  peer(
                      body,
                      view.config().identifier(),
                      IpAddress.of("0.0.0.0"),
                      view.config().as().bits());
            }
          }
        });
  }

  private static void peer(DataOutputStream body, BgpIdentifier id, IpAddress address, int as)
      throws IOException {
    boolean v6 = address.family() == IpFamily.IPV6;
    body.writeByte(FOUR_OCTET_AS | (v6 ? IPV6_PEER : 0));
    body.writeInt(id.bits());
    body.write(address.octets());
    body.writeInt(as);
  }

  /** RFC 6396 §4.3.2, §4.3.4: MP_REACH_NLRI has the next hop only, which is how it is kept here. */
  private void entry(int sequence, Prefix prefix, List<RouteView> routes) throws IOException {
    boolean v4 = prefix.family() == IpFamily.IPV4;
    record(
        v4 ? RIB_IPV4_UNICAST : RIB_IPV6_UNICAST,
        body -> {
          body.writeInt(sequence);
          body.writeByte(prefix.length());
          body.write(prefix.address().octets(), 0, (prefix.length() + 7) / 8);
          body.writeShort(routes.size());
          for (var route : routes) {
            var attributes = attributes(route.route().attributes(), v4);
            body.writeShort(peers.indexOf(route.route().source()));
            body.writeInt((int) route.since().getEpochSecond());
            body.writeShort(attributes.length);
            body.write(attributes);
          }
        });
  }

  /**
   * What the router originates itself has the next hop 0.0.0.0 there, as other routers write it.
   */
  private static byte[] attributes(PathAttributes attributes, boolean v4) {
    var builder = new AttributesBuilder(attributes);
    var type = AttributeType.MP_REACH_NLRI;
    if (attributes.has(type)) {
      var hop = attributes.value(type);
      var value = new byte[hop.length + 1];
      value[0] = (byte) hop.length;
      System.arraycopy(hop, 0, value, 1, hop.length);
      builder.put(type.flags(), type.code(), value, 0, value.length);
    }
    if (v4 && attributes.nextHop().isEmpty()) {
      builder.putInt(AttributeType.NEXT_HOP.flags(), AttributeType.NEXT_HOP.code(), 0);
    }
    var octets = new byte[attributes.size() + MORE_OCTETS];
    return Arrays.copyOf(octets, builder.copyTo(octets, 0));
  }

  @FunctionalInterface
  private interface Body {
    void write(DataOutputStream body) throws IOException;
  }

  private void record(int subtype, Body body) throws IOException {
    var octets = new ByteArrayOutputStream();
    body.write(new DataOutputStream(octets));
    out.writeInt((int) time);
    out.writeShort(TABLE_DUMP_V2);
    out.writeShort(subtype);
    out.writeInt(octets.size());
    octets.writeTo(out);
  }
}
