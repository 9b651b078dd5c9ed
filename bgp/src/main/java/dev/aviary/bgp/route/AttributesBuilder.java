package dev.aviary.bgp.route;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Puts a set of attributes together in canonical form: type order, shortest length fields. */
public final class AttributesBuilder {
  private byte[] octets;
  private int size;

  /** An empty set. */
  public AttributesBuilder() {
    octets = new byte[256];
  }

  /** Begins with what {@code base} has. */
  public AttributesBuilder(PathAttributes base) {
    octets = Arrays.copyOf(base.raw(), base.size() + 64);
    size = base.size();
  }

  /** Forgets everything, to be used again. */
  public void clear() {
    size = 0;
  }

  /** Adds {@code attribute} unless one of its type is there. */
  public AttributesBuilder add(PathAttribute attribute) {
    return find(attribute.code()) < 0 ? put(attribute) : this;
  }

  /** Adds {@code attribute}, or puts it in the place of the one of its type. */
  public AttributesBuilder put(PathAttribute attribute) {
    var type = AttributeType.find(attribute.code());
    int flags =
        type != null
            ? type.flags()
            : attribute instanceof PathAttribute.Unrecognized(int _, int received, var _)
                ? received & 0xe0
                : 0xc0;
    var value = AttributeOctets.write(attribute);
    return put(flags, attribute.code(), value, 0, value.length);
  }

  /** Adds or replaces the attribute {@code code} with a value in canonical form. */
  public AttributesBuilder put(int flags, int code, byte[] value, int offset, int length) {
    int at = reserve(flags, code, length);
    System.arraycopy(value, offset, octets, at, length);
    return this;
  }

  /** Adds or replaces the attribute {@code code} with the four octets of {@code value}. */
  public AttributesBuilder putInt(int flags, int code, int value) {
    int at = reserve(flags, code, 4);
    writeInt(octets, at, value);
    return this;
  }

  private static void writeInt(byte[] octets, int at, int value) {
    octets[at] = (byte) (value >>> 24);
    octets[at + 1] = (byte) (value >>> 16);
    octets[at + 2] = (byte) (value >>> 8);
    octets[at + 3] = (byte) value;
  }

  /** Makes room for a value and writes its header; says where the value goes. */
  private int reserve(int flags, int code, int length) {
    remove(code);
    int at = 0;
    while (at < size && (octets[at + 1] & 0xff) < code) {
      at = PathAttributes.end(octets, at);
    }
    int header = length > 255 ? 4 : 3;
    if (size + header + length > octets.length) {
      octets = Arrays.copyOf(octets, (size + header + length) * 2);
    }
    System.arraycopy(octets, at, octets, at + header + length, size - at);
    size += header + length;
    int bits = flags & ~AttributeType.EXTENDED_LENGTH;
    octets[at] = (byte) (length > 255 ? bits | AttributeType.EXTENDED_LENGTH : bits);
    octets[at + 1] = (byte) code;
    if (length > 255) {
      octets[at + 2] = (byte) (length >>> 8);
    }
    octets[at + header - 1] = (byte) length;
    return at + header;
  }

  /** Takes the attribute {@code code} out, if it is there. */
  public AttributesBuilder remove(int code) {
    int at = find(code);
    if (at >= 0) {
      int end = PathAttributes.end(octets, at);
      System.arraycopy(octets, end, octets, at, size - end);
      size -= end - at;
    }
    return this;
  }

  /** True if the attribute {@code code} is there. */
  public boolean has(int code) {
    return find(code) >= 0;
  }

  private int find(int code) {
    for (int at = 0; at < size; at = PathAttributes.end(octets, at)) {
      if ((octets[at + 1] & 0xff) == code) {
        return at;
      }
    }
    return -1;
  }

  /**
   * Puts {@code as} in front of AS_PATH; opens a segment where the first is full or no sequence.
   */
  public AttributesBuilder prepend(AsNumber as) {
    int at = find(AttributeType.AS_PATH.code());
    byte[] old = {};
    if (at >= 0) {
      old =
          Arrays.copyOfRange(
              octets, PathAttributes.value(octets, at), PathAttributes.end(octets, at));
    }
    boolean join = old.length > 0 && old[0] == 2 && (old[1] & 0xff) < AsPath.SEGMENT_LIMIT;
    var path = new byte[old.length + (join ? 4 : 6)];
    path[0] = 2;
    path[1] = (byte) (join ? old[1] + 1 : 1);
    writeInt(path, 2, as.bits());
    int rest = join ? 2 : 0;
    System.arraycopy(old, rest, path, 6, old.length - rest);
    return put(0x40, AttributeType.AS_PATH.code(), path, 0, path.length);
  }

  /** Puts {@code cluster} in front of CLUSTER_LIST (RFC 4456 §8). */
  public AttributesBuilder prependCluster(BgpIdentifier cluster) {
    int at = find(AttributeType.CLUSTER_LIST.code());
    byte[] old = {};
    if (at >= 0) {
      old =
          Arrays.copyOfRange(
              octets, PathAttributes.value(octets, at), PathAttributes.end(octets, at));
    }
    var list = new byte[old.length + 4];
    writeInt(list, 0, cluster.bits());
    System.arraycopy(old, 0, list, 4, old.length);
    return put(0x80, AttributeType.CLUSTER_LIST.code(), list, 0, list.length);
  }

  /** Puts the values of {@code type}, each four octets, in order, and each of them once. */
  public AttributesBuilder sortWords(AttributeType type) {
    int at = find(type.code());
    if (at < 0) {
      return this;
    }
    int from = PathAttributes.value(octets, at);
    int count = (PathAttributes.end(octets, at) - from) / 4;
    var words = new int[count];
    boolean ascending = count > 0;
    for (int i = 0; i < count; i++) {
      words[i] = PathAttributes.intAt(octets, from + 4 * i) ^ Integer.MIN_VALUE; // unsigned
      ascending &= i == 0 || words[i - 1] < words[i];
    }
    if (ascending) {
      return this;
    }
    Arrays.sort(words);
    var sorted = new byte[4 * count];
    int length = 0;
    for (int i = 0; i < count; i++) {
      if (i == 0 || words[i] != words[i - 1]) {
        writeInt(sorted, length, words[i] ^ Integer.MIN_VALUE);
        length += 4;
      }
    }
    return length == 0 ? remove(type.code()) : put(type.flags(), type.code(), sorted, 0, length);
  }

  /** Copies the octets so far to {@code target}; says where they end. */
  public int copyTo(byte[] target, int offset) {
    System.arraycopy(octets, 0, target, offset, size);
    return offset + size;
  }

  /** The set. */
  public PathAttributes build() {
    return PathAttributes.ofCanonical(Arrays.copyOf(octets, size));
  }

  /** The set as {@code cache} shares it; the caller holds one use of it. */
  public PathAttributes build(AttributeCache cache) {
    return cache.intern(octets, size);
  }

  /** The set that {@code cache} has already, null if it has none. */
  @Nullable PathAttributes found(AttributeCache cache) {
    return cache.find(octets, 0, size);
  }
}
