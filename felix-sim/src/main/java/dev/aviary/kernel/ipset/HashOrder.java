package dev.aviary.kernel.ipset;

import dev.aviary.net.Prefix;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * Where the kernel's hash sets keep an element: Bob Jenkins' hash (lookup3, as Linux's jhash2) over
 * the words of its struct. {@code ipset list} shows elements in this order.
 */
final class HashOrder {
  private static final int START = 0xdeadbeef;

  private HashOrder() {}

  /** The bucket of {@code element} in a table of {@code size} buckets, a power of two. */
  static int bucket(IpSetType type, Element element, int initval, int size) {
    return hash(words(type, element), initval) & (size - 1);
  }

  /** The element's struct as little-endian words. */
  private static int[] words(IpSetType type, Element element) {
    var out = ByteBuffer.allocate(64).order(ByteOrder.BIG_ENDIAN);
    switch (type) {
      case HASH_IP -> address(out, element.first());
      case HASH_NET -> {
        address(out, element.first());
        out.putShort((short) 0).put((byte) 0).put(length(element.first()));
      }
      case HASH_IP_PORT -> {
        address(out, element.first());
        port(out, element).put((byte) 0);
      }
      case HASH_NET_PORT -> {
        address(out, element.first());
        // Without nomatch the length is kept less one.
        port(out, element).put((byte) (length(element.first()) - 1));
      }
      case HASH_NET_NET -> {
        address(out, element.first());
        address(out, element.second());
        out.put((byte) 0).put((byte) 0);
        out.put(length(element.first())).put(length(element.second()));
      }
      case HASH_IP_PORT_IP -> {
        address(out, element.first());
        address(out, element.second());
        port(out, element).put((byte) 0);
      }
      case HASH_IP_PORT_NET -> {
        address(out, element.first());
        address(out, element.second());
        port(out, element).put((byte) (length(element.second()) - 1));
      }
      case BITMAP_PORT, LIST_SET -> {}
    }
    int count = out.position() / 4;
    out.flip().order(ByteOrder.LITTLE_ENDIAN);
    var words = new int[count];
    for (int i = 0; i < count; i++) {
      words[i] = out.getInt();
    }
    return words;
  }

  private static void address(ByteBuffer out, @Nullable Prefix prefix) {
    if (prefix != null) {
      out.put(prefix.address().octets());
    }
  }

  private static byte length(@Nullable Prefix prefix) {
    return prefix == null ? 0 : (byte) prefix.length();
  }

  private static ByteBuffer port(ByteBuffer out, Element element) {
    return out.putShort((short) element.port()).put((byte) element.protocol());
  }

  /** jhash2. */
  static int hash(int[] words, int initval) {
    int a = START + (words.length << 2) + initval;
    int b = a;
    int c = a;
    int at = 0;
    int left = words.length;
    while (left > 3) {
      a += words[at];
      b += words[at + 1];
      c += words[at + 2];
      a -= c;
      a ^= Integer.rotateLeft(c, 4);
      c += b;
      b -= a;
      b ^= Integer.rotateLeft(a, 6);
      a += c;
      c -= b;
      c ^= Integer.rotateLeft(b, 8);
      b += a;
      a -= c;
      a ^= Integer.rotateLeft(c, 16);
      c += b;
      b -= a;
      b ^= Integer.rotateLeft(a, 19);
      a += c;
      c -= b;
      c ^= Integer.rotateLeft(b, 4);
      b += a;
      at += 3;
      left -= 3;
    }
    if (left >= 3) {
      c += words[at + 2];
    }
    if (left >= 2) {
      b += words[at + 1];
    }
    if (left == 0) {
      return c;
    }
    a += words[at];
    c ^= b;
    c -= Integer.rotateLeft(b, 14);
    a ^= c;
    a -= Integer.rotateLeft(c, 11);
    b ^= a;
    b -= Integer.rotateLeft(a, 25);
    c ^= b;
    c -= Integer.rotateLeft(b, 16);
    a ^= c;
    a -= Integer.rotateLeft(c, 4);
    b ^= a;
    b -= Integer.rotateLeft(a, 14);
    c ^= b;
    c -= Integer.rotateLeft(b, 24);
    return c;
  }
}
