package dev.aviary.bgp.message;

import dev.aviary.bgp.message.Capability.AddPath;
import dev.aviary.bgp.message.Capability.EnhancedRefresh;
import dev.aviary.bgp.message.Capability.ExtendedMessage;
import dev.aviary.bgp.message.Capability.ExtendedNextHop;
import dev.aviary.bgp.message.Capability.FourOctetAs;
import dev.aviary.bgp.message.Capability.Fqdn;
import dev.aviary.bgp.message.Capability.GracefulRestart;
import dev.aviary.bgp.message.Capability.LongLivedGracefulRestart;
import dev.aviary.bgp.message.Capability.Multiprotocol;
import dev.aviary.bgp.message.Capability.Role;
import dev.aviary.bgp.message.Capability.RouteRefresh;
import dev.aviary.bgp.message.Capability.Unrecognized;
import dev.aviary.bgp.route.AfiSafi;
import dev.aviary.bgp.route.AsNumber;
import dev.aviary.bgp.route.Octets;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.ArrayList;

/**
 * One capability (RFC 5492 §4):
 *
 * <pre>
 * +------+--------+-----------------+
 * | code | length | value (length)  |
 * +------+--------+-----------------+
 * </pre>
 *
 * A known one whose value has the wrong form is kept as unrecognized: it was not understood, and
 * what is not understood is not used (§3).
 */
final class CapabilityCodec {
  private CapabilityCodec() {}

  static Capability decode(int code, byte[] octets, int offset, int length) {
    if (!isSound(code, octets, offset, length)) {
      return new Unrecognized(code, Octets.of(octets, offset, length));
    }
    var in = ByteBuffer.wrap(octets, offset, length);
    return switch (code) {
      case 1 -> {
        int afi = in.getShort() & 0xffff;
        in.get();
        yield new Multiprotocol(new AfiSafi(afi, in.get() & 0xff));
      }
      case 2 -> new RouteRefresh();
      case 5 -> {
        var tuples = new ArrayList<ExtendedNextHop.Tuple>();
        while (in.hasRemaining()) {
          // The SAFI has two octets here (RFC 8950 §4).
          var family = new AfiSafi(in.getShort() & 0xffff, in.getShort() & 0xffff);
          tuples.add(new ExtendedNextHop.Tuple(family, in.getShort() & 0xffff));
        }
        yield new ExtendedNextHop(tuples);
      }
      case 6 -> new ExtendedMessage();
      case 9 -> new Role(in.get() & 0xff);
      case 64 -> {
        int bits = in.getShort() & 0xffff;
        var families = new ArrayList<GracefulRestart.RestartFamily>();
        while (in.hasRemaining()) {
          var family = family(in);
          families.add(new GracefulRestart.RestartFamily(family, (in.get() & 0x80) != 0));
        }
        yield new GracefulRestart(
            (bits & 0x8000) != 0, (bits & 0x4000) != 0, bits & 0xfff, families);
      }
      case 65 -> new FourOctetAs(new AsNumber(in.getInt()));
      case 69 -> {
        var families = new ArrayList<AddPath.AddPathFamily>();
        while (in.hasRemaining()) {
          var family = family(in);
          families.add(new AddPath.AddPathFamily(family, in.get() & 0xff));
        }
        yield new AddPath(families);
      }
      case 70 -> new EnhancedRefresh();
      case 71 -> {
        var families = new ArrayList<LongLivedGracefulRestart.LongLivedFamily>();
        while (in.hasRemaining()) {
          var family = family(in);
          boolean forwarding = (in.get() & 0x80) != 0;
          int time = (in.get() & 0xff) << 16 | (in.getShort() & 0xffff);
          families.add(new LongLivedGracefulRestart.LongLivedFamily(family, forwarding, time));
        }
        yield new LongLivedGracefulRestart(families);
      }
      case 73 -> {
        int host = in.get() & 0xff;
        int domain = octets[offset + 1 + host] & 0xff;
        yield new Fqdn(
            Octets.of(octets, offset + 1, host), Octets.of(octets, offset + 2 + host, domain));
      }
      default -> new Unrecognized(code, Octets.of(octets, offset, length));
    };
  }

  private static boolean isSound(int code, byte[] octets, int offset, int length) {
    return switch (code) {
      case 1, 65 -> length == 4;
      case 2, 6, 70 -> length == 0;
      case 5 -> length % 6 == 0;
      case 9 -> length == 1;
      case 64 -> length >= 2 && length % 4 == 2;
      case 69 -> length % 4 == 0;
      case 71 -> length % 7 == 0;
      case 73 -> isFqdn(octets, offset, length);
      default -> true;
    };
  }

  private static boolean isFqdn(byte[] octets, int offset, int length) {
    if (length < 2) {
      return false;
    }
    int host = octets[offset] & 0xff;
    return host + 2 <= length && host + 2 + (octets[offset + 1 + host] & 0xff) == length;
  }

  private static AfiSafi family(ByteBuffer in) {
    return new AfiSafi(in.getShort() & 0xffff, in.get() & 0xff);
  }

  static void encode(Capability capability, ByteBuf out) {
    out.writeByte(capability.code());
    int lengthAt = out.writerIndex();
    out.writeByte(0);
    switch (capability) {
      case Multiprotocol(var family) ->
          out.writeShort(family.afi()).writeByte(0).writeByte(family.safi());
      case ExtendedNextHop(var tuples) ->
          tuples.forEach(
              t ->
                  out.writeShort(t.family().afi())
                      .writeShort(t.family().safi())
                      .writeShort(t.nextHopAfi()));
      case Role(int role) -> out.writeByte(role);
      case GracefulRestart restart -> {
        int bits = restart.time() & 0xfff;
        bits |= restart.restarting() ? 0x8000 : 0;
        bits |= restart.notification() ? 0x4000 : 0;
        out.writeShort(bits);
        restart
            .families()
            .forEach(f -> write(f.family(), out).writeByte(f.forwarding() ? 0x80 : 0));
      }
      case FourOctetAs(var as) -> out.writeInt(as.bits());
      case AddPath(var families) ->
          families.forEach(f -> write(f.family(), out).writeByte(f.mode()));
      case LongLivedGracefulRestart(var families) ->
          families.forEach(
              f ->
                  write(f.family(), out)
                      .writeByte(f.forwarding() ? 0x80 : 0)
                      .writeMedium(f.staleTime()));
      case Fqdn(var host, var domain) ->
          out.writeByte(host.length())
              .writeBytes(host.toArray())
              .writeByte(domain.length())
              .writeBytes(domain.toArray());
      case Unrecognized(int _, var value) -> out.writeBytes(value.toArray());
      case RouteRefresh _, ExtendedMessage _, EnhancedRefresh _ -> {}
    }
    out.setByte(lengthAt, out.writerIndex() - lengthAt - 1);
  }

  private static ByteBuf write(AfiSafi family, ByteBuf out) {
    return out.writeShort(family.afi()).writeByte(family.safi());
  }
}
