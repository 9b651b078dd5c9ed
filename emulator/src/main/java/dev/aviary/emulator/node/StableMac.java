package dev.aviary.emulator.node;

import dev.aviary.kernel.packet.MacAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * A link-layer address for an interface whose owner gave it none. Linux draws one at random; here
 * it follows from the names, so that two runs print the same.
 */
public final class StableMac {
  private static final int LOCAL_UNICAST = 0x02;

  private StableMac() {}

  /** A locally administered address (IEEE 802, bit 1 of the first octet) for {@code device}. */
  public static MacAddress of(String host, String device) {
    try {
      var digest =
          MessageDigest.getInstance("SHA-256")
              .digest((host + "/" + device).getBytes(StandardCharsets.UTF_8));
      long bits = (digest[0] & 0xfcL) | LOCAL_UNICAST;
      for (int i = 1; i < 6; i++) {
        bits = bits << 8 | (digest[i] & 0xff);
      }
      return new MacAddress(bits);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
