package dev.aviary.bgp.message;

import dev.aviary.bgp.route.AfiSafi;
import dev.aviary.bgp.route.Nlri;
import dev.aviary.bgp.route.Octets;
import dev.aviary.bgp.route.PrefixVisitor;
import dev.aviary.net.IpFamily;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Destinations (RFC 4271 §4.3, RFC 7911 §3, RFC 8277 §2, RFC 4364 §4.3.4):
 *
 * <pre>
 * +---------------+--------+----------------+--------------------+---------+
 * | path id (4)   | length | labels (3 each | distinguisher (8)  | prefix  |
 * | with ADD-PATH |   1    | labeled, VPN)  | VPN only           |         |
 * +---------------+--------+----------------+--------------------+---------+
 * </pre>
 */
final class NlriCodec {
  private static final int LABELED = 4;
  private static final int VPN = 128;
  private static final int BOTTOM = 1;
  private static final int WITHDRAWN_LABEL = 0x800000;

  private NlriCodec() {}

  /** True if destinations of {@code family} can be read here. */
  static boolean understands(AfiSafi family) {
    return (family.afi() == 1 || family.afi() == 2)
        && switch (family.safi()) {
          case 1, 2, LABELED, VPN -> true;
          default -> false;
        };
  }

  /** Null if the field is sound, else what is wrong with it. */
  static @Nullable String check(byte[] octets, int from, int to, AfiSafi family, boolean pathIds) {
    int bits = family.addressBits();
    int at = from;
    while (at < to) {
      if (pathIds) {
        at += 4;
        if (at >= to) {
          return "path identifier cut short";
        }
      }
      int length = octets[at++] & 0xff;
      if (length > bits) {
        return "prefix of " + length + " bits";
      }
      at += (length + 7) >>> 3;
    }
    return at == to ? null : "prefix cut short";
  }

  /** Visits a unicast field that was found sound; host bits come out as zero. */
  static void forEach(
      byte[] octets, int from, int to, AfiSafi family, boolean pathIds, PrefixVisitor visitor) {
    int at = from;
    boolean v4 = family.afi() == 1;
    while (at < to) {
      int pathId = 0;
      if (pathIds) {
        pathId = readInt(octets, at);
        at += 4;
      }
      int length = octets[at++] & 0xff;
      if (v4) {
        int address = 0;
        switch ((length + 7) >>> 3) {
          case 4 -> address = readInt(octets, at);
          case 3 ->
              address =
                  (octets[at] & 0xff) << 24
                      | (octets[at + 1] & 0xff) << 16
                      | (octets[at + 2] & 0xff) << 8;
          case 2 -> address = (octets[at] & 0xff) << 24 | (octets[at + 1] & 0xff) << 16;
          case 1 -> address = (octets[at] & 0xff) << 24;
          default -> {}
        }
        address &= length == 0 ? 0 : -1 << (32 - length);
        visitor.prefix((long) address << 32, 0, length, pathId);
      } else {
        int size = (length + 7) >>> 3;
        long high = readLong(octets, at, Math.min(size, 8));
        long low = size > 8 ? readLong(octets, at + 8, size - 8) : 0;
        high &= length == 0 ? 0 : length >= 64 ? -1 : -1L << (64 - length);
        low &= length <= 64 ? 0 : -1L << (128 - length);
        visitor.prefix(high, low, length, pathId);
      }
      at += (length + 7) >>> 3;
    }
  }

  private static int readInt(byte[] octets, int at) {
    return (octets[at] & 0xff) << 24
        | (octets[at + 1] & 0xff) << 16
        | (octets[at + 2] & 0xff) << 8
        | (octets[at + 3] & 0xff);
  }

  /** {@code count} octets as the upper ones of a long. */
  private static long readLong(byte[] octets, int at, int count) {
    long value = 0;
    for (int i = 0; i < count; i++) {
      value |= (octets[at + i] & 0xffL) << (56 - 8 * i);
    }
    return value;
  }

  /** Reads any family that is understood; null if the field is not sound. */
  static @Nullable List<Nlri> read(
      byte[] octets, int from, int to, AfiSafi family, boolean pathIds) {
    var found = new ArrayList<Nlri>();
    var ip = family.afi() == 1 ? IpFamily.IPV4 : IpFamily.IPV6;
    int at = from;
    while (at < to) {
      var pathId = OptionalInt.empty();
      if (pathIds) {
        if (to - at < 5) {
          return null;
        }
        pathId = OptionalInt.of(readInt(octets, at));
        at += 4;
      }
      int bits = octets[at++] & 0xff;
      int end = at + ((bits + 7) >>> 3);
      if (end > to) {
        return null;
      }
      var labels = new ArrayList<Integer>();
      if (family.safi() == LABELED || family.safi() == VPN) {
        int label;
        do {
          if (end - at < 3 || bits < 24) {
            return null;
          }
          label =
              (octets[at] & 0xff) << 16 | (octets[at + 1] & 0xff) << 8 | (octets[at + 2] & 0xff);
          labels.add(label >>> 4);
          at += 3;
          bits -= 24;
        } while ((label & BOTTOM) == 0 && label != WITHDRAWN_LABEL && label != 0);
      }
      Optional<Octets> distinguisher = Optional.empty();
      if (family.safi() == VPN) {
        if (bits < 64) {
          return null;
        }
        distinguisher = Optional.of(Octets.of(octets, at, 8));
        at += 8;
        bits -= 64;
      }
      if (bits > family.addressBits()) {
        return null;
      }
      int size = end - at;
      long high = readLong(octets, at, Math.min(size, 8));
      long low = size > 8 ? readLong(octets, at + 8, size - 8) : 0;
      found.add(new Nlri(Nlri.prefix(ip, high, low, bits), pathId, labels, distinguisher));
      at = end;
    }
    return found;
  }

  /** Writes one unicast destination. */
  static void write(
      ByteBuf out, boolean v4, boolean pathIds, long high, long low, int length, int pathId) {
    if (pathIds) {
      out.writeInt(pathId);
    }
    out.writeByte(length);
    int size = (length + 7) >>> 3;
    if (v4 || size <= 8) {
      switch (size) {
        case 0 -> {}
        case 1 -> out.writeByte((int) (high >>> 56));
        case 2 -> out.writeShort((int) (high >>> 48));
        case 3 -> out.writeMedium((int) (high >>> 40));
        case 4 -> out.writeInt((int) (high >>> 32));
        default -> {
          for (int i = 0; i < size; i++) {
            out.writeByte((int) (high >>> (56 - 8 * i)));
          }
        }
      }
    } else {
      out.writeLong(high);
      for (int i = 8; i < size; i++) {
        out.writeByte((int) (low >>> (120 - 8 * i)));
      }
    }
  }
}
