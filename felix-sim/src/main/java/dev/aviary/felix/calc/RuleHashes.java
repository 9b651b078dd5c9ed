package dev.aviary.felix.calc;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * The hashes that Felix writes into its rules' comments. A rule's hash covers the chain's name and
 * every rule before it, so equal hashes mean that the chain is equal up to there.
 */
public final class RuleHashes {
  private static final int LENGTH = 16;
  private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

  private RuleHashes() {}

  /** The hash of each of {@code fragments}: what follows "-A chain" and the hash comment. */
  public static List<String> of(String chain, List<String> fragments) {
    if (fragments.isEmpty()) {
      return List.of();
    }
    var sha = sha224();
    byte[] digest = sha.digest(utf8(chain));
    var hashes = new ArrayList<String>(fragments.size());
    for (var fragment : fragments) {
      sha.update(digest);
      digest =
          sha.digest(utf8("-A " + chain + " HASH" + (fragment.isEmpty() ? "" : " " + fragment)));
      hashes.add(BASE64.encodeToString(digest).substring(0, LENGTH));
    }
    return List.copyOf(hashes);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static MessageDigest sha224() {
    try {
      return MessageDigest.getInstance("SHA-224");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-224", e);
    }
  }
}
