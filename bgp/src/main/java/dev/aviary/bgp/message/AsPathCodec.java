package dev.aviary.bgp.message;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * AS_PATH with AS numbers of two or four octets (RFC 4271 §5.1.2, RFC 6793):
 *
 * <pre>
 * +------+-------+---------------------+
 * | type | count | count AS numbers    |  one or more times
 * +------+-------+---------------------+
 * </pre>
 */
final class AsPathCodec {
  private static final int SET = 1;
  private static final int SEQUENCE = 2;
  private static final int CONFED_SET = 4;
  static final int TRANS = 23456;

  private AsPathCodec() {}

  /**
   * Null if the value is sound, else what is wrong (RFC 7606 §7.2). An empty segment is named only
   * where nothing else is wrong: BIRD 1.6.8 takes that one.
   */
  static @Nullable String check(byte[] octets, int from, int to, int width) {
    boolean empty = false;
    int at = from;
    while (at < to) {
      if (to - at < 2) {
        return "stray octet";
      }
      int type = octets[at];
      if (type < SET || type > CONFED_SET) {
        return "segment type " + (type & 0xff);
      }
      int count = octets[at + 1] & 0xff;
      empty |= count == 0;
      at += 2 + count * width;
    }
    if (at != to) {
      return "segment cut short";
    }
    return empty ? "empty segment" : null;
  }

  static boolean hasConfederation(byte[] octets, int from, int to, int width) {
    for (int at = from; at < to; at += 2 + (octets[at + 1] & 0xff) * width) {
      if (octets[at] > SEQUENCE) {
        return true;
      }
    }
    return false;
  }

  /** RFC 7607 §2. */
  static boolean hasZero(byte[] octets, int from, int to, int width) {
    for (int at = from; at < to; ) {
      int count = octets[at + 1] & 0xff;
      at += 2;
      for (int i = 0; i < count; i++, at += width) {
        if (octets[at] == 0
            && octets[at + 1] == 0
            && (width == 2 || (octets[at + 2] == 0 && octets[at + 3] == 0))) {
          return true;
        }
      }
    }
    return false;
  }

  /** A two-octet path with four octets each. */
  static byte[] widen(byte[] octets, int from, int to) {
    var wide = new byte[(to - from) * 2];
    int out = 0;
    for (int at = from; at < to; ) {
      int count = octets[at + 1] & 0xff;
      wide[out++] = octets[at++];
      wide[out++] = octets[at++];
      for (int i = 0; i < count; i++) {
        out += 2;
        wide[out++] = octets[at++];
        wide[out++] = octets[at++];
      }
    }
    return Arrays.copyOf(wide, out);
  }

  /** A four-octet path with two octets each; AS_TRANS where a number does not fit. */
  static byte[] narrow(byte[] octets, int from, int to) {
    var narrow = new byte[to - from];
    int out = 0;
    for (int at = from; at < to; ) {
      int count = octets[at + 1] & 0xff;
      narrow[out++] = octets[at++];
      narrow[out++] = octets[at++];
      for (int i = 0; i < count; i++, at += 4) {
        boolean fits = octets[at] == 0 && octets[at + 1] == 0;
        narrow[out++] = fits ? octets[at + 2] : (byte) (TRANS >>> 8);
        narrow[out++] = fits ? octets[at + 3] : (byte) TRANS;
      }
    }
    return Arrays.copyOf(narrow, out);
  }

  /** True if a four-octet path has a number that does not fit two octets. */
  static boolean needsFourOctets(byte[] octets, int from, int to) {
    for (int at = from; at < to; ) {
      int count = octets[at + 1] & 0xff;
      at += 2;
      for (int i = 0; i < count; i++, at += 4) {
        if (octets[at] != 0 || octets[at + 1] != 0) {
          return true;
        }
      }
    }
    return false;
  }

  /** Hops of a four-octet path: a set counts one, confederations none. */
  private static int hops(byte[] path) {
    int hops = 0;
    for (int at = 0; at < path.length; at += 2 + (path[at + 1] & 0xff) * 4) {
      hops += path[at] == SEQUENCE ? path[at + 1] & 0xff : path[at] == SET ? 1 : 0;
    }
    return hops;
  }

  /**
   * The path behind an old speaker (RFC 6793 §4.2.3): the leading ASes of {@code path}, as many as
   * it is longer by, then {@code as4}. {@code path} as it is where {@code as4} is the longer one.
   */
  static byte[] merge(byte[] path, byte[] as4) {
    int keep = hops(path) - hops(as4);
    if (keep < 0) {
      return path;
    }
    var merged = new byte[path.length + as4.length];
    int out = 0;
    int at = 0;
    while (at < path.length) {
      int type = path[at];
      int count = path[at + 1] & 0xff;
      int take = type == SEQUENCE ? Math.min(keep, count) : type == SET && keep == 0 ? 0 : count;
      // Confederation segments lead the path and are not in AS4_PATH.
      if (take == 0) {
        break;
      }
      merged[out] = path[at];
      merged[out + 1] = (byte) take;
      System.arraycopy(path, at + 2, merged, out + 2, take * 4);
      out += 2 + take * 4;
      keep -= type == SEQUENCE ? take : type == SET ? 1 : 0;
      if (take < count) {
        break;
      }
      at += 2 + count * 4;
    }
    return join(merged, out, as4);
  }

  /** Appends {@code as4}; two sequences that meet become one if it fits. */
  private static byte[] join(byte[] merged, int size, byte[] as4) {
    int last = -1;
    for (int at = 0; at < size; at += 2 + (merged[at + 1] & 0xff) * 4) {
      last = at;
    }
    boolean fuse =
        last >= 0
            && as4.length > 0
            && merged[last] == SEQUENCE
            && as4[0] == SEQUENCE
            && (merged[last + 1] & 0xff) + (as4[1] & 0xff) <= 255;
    int skip = fuse ? 2 : 0;
    if (fuse) {
      merged[last + 1] = (byte) ((merged[last + 1] & 0xff) + (as4[1] & 0xff));
    }
    System.arraycopy(as4, skip, merged, size, as4.length - skip);
    return Arrays.copyOf(merged, size + as4.length - skip);
  }

  /** A path without its confederation segments, which AS4_PATH must not have (RFC 6793 §3). */
  static byte[] withoutConfederations(byte[] octets, int from, int to) {
    var kept = new byte[to - from];
    int out = 0;
    for (int at = from; at < to; ) {
      int size = 2 + (octets[at + 1] & 0xff) * 4;
      if (octets[at] <= SEQUENCE) {
        System.arraycopy(octets, at, kept, out, size);
        out += size;
      }
      at += size;
    }
    return Arrays.copyOf(kept, out);
  }
}
