package dev.aviary.ipam;

import dev.aviary.net.Prefix;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;

/** How the objects are called where Kubernetes is the datastore. */
public final class CrdNames {
  /** What a name of Kubernetes must be shorter than. */
  private static final int LIMIT = 253;

  private static final int HASH_DIGITS = 11;
  private static final String BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

  private CrdNames() {}

  /** Of a block: "10-244-1-0-26". */
  public static String block(Prefix cidr) {
    return cidr.toString().replace('.', '-').replace(':', '-').replace('/', '-');
  }

  /** Of an affinity; a long one is cut and told apart by a hash. */
  public static String affinity(String host, Prefix cidr) {
    var block = block(cidr);
    var name = host + "-" + block;
    if (name.length() < LIMIT) {
      return name;
    }
    int room = LIMIT - 1 - block.length() - HASH_DIGITS - 2;
    var hash = HexFormat.of().formatHex(digest("SHA-256", host + "+" + block));
    return host.substring(0, room) + "-" + block + "-" + hash.substring(0, HASH_DIGITS);
  }

  /** Of a handle. */
  public static String handle(String handle) {
    return handle.toLowerCase(Locale.ROOT);
  }

  /** The label by which a host's affinities are found (from v3.31 on). */
  public static String hostNameHash(String host) {
    return base32(digest("SHA3-256", host));
  }

  private static byte[] digest(String algorithm, String text) {
    try {
      return MessageDigest.getInstance(algorithm).digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has " + algorithm, e);
    }
  }

  /** RFC 4648 §6, without padding. */
  private static String base32(byte[] octets) {
    var out = new StringBuilder();
    int buffer = 0;
    int bits = 0;
    for (byte octet : octets) {
      buffer = (buffer << 8) | (octet & 0xff);
      bits += 8;
      while (bits >= 5) {
        bits -= 5;
        out.append(BASE32.charAt((buffer >> bits) & 31));
      }
      buffer &= (1 << bits) - 1;
    }
    if (bits > 0) {
      out.append(BASE32.charAt((buffer << (5 - bits)) & 31));
    }
    return out.toString();
  }
}
