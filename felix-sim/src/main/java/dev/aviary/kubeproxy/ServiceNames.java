package dev.aviary.kubeproxy;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The names of chains that belong to a port of a service or to an endpoint of it. */
final class ServiceNames {
  private static final String BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  private static final int LENGTH = 16;

  private ServiceNames() {}

  /** 16 characters of RFC 4648 §6's base 32 over a SHA-256: the first 80 bits. */
  static String hash(String text) {
    var digest = sha256().digest(text.getBytes(StandardCharsets.UTF_8));
    var name = new StringBuilder(LENGTH);
    int bits = 0;
    int buffer = 0;
    for (int i = 0; name.length() < LENGTH; i++) {
      buffer = (buffer << 8) | (digest[i] & 0xff);
      bits += 8;
      while (bits >= 5) {
        bits -= 5;
        name.append(BASE32.charAt((buffer >>> bits) & 31));
      }
    }
    return name.toString();
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** True for a chain that stands for a port or an endpoint: to delete when nothing needs it. */
  static boolean isPerService(String chain) {
    return chain.startsWith("KUBE-SVC-")
        || chain.startsWith("KUBE-SEP-")
        || chain.startsWith("KUBE-FW-")
        || chain.startsWith("KUBE-XLB-")
        || chain.startsWith("KUBE-SVL-")
        || chain.startsWith("KUBE-EXT-");
  }
}
