package dev.aviary.felix.calc;

import dev.aviary.net.IpFamily;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

/** The names of Calico's interfaces, chains and sets, and how to recognise ours. */
public final class CalicoNames {
  /** What stands for the interface of a host endpoint that is for all interfaces. */
  public static final String ALL_INTERFACES = "any-interface-at-all";

  private static final int MAX_CHAIN_NAME = 28;
  private static final int MAX_SET_NAME = 31;
  private static final int INTERFACE_HASH = 11;
  private static final List<String> OUR_CHAINS =
      List.of("cali-", "califw-", "calitw-", "califh-", "calith-", "calipi-", "calipo-", "felix-");
  private static final List<String> OUR_SETS_V4 =
      List.of("cali4", "felix-4", "felix-masq-ipam-pools", "felix-all-ipam-pools");
  private static final List<String> OUR_SETS_V6 = List.of("cali6", "felix-6");

  private CalicoNames() {}

  /** The host side of a pod's veth pair: {@code prefix} and 11 hex digits. */
  public static String interfaceName(String prefix, String namespace, String pod) {
    return prefix
        + HexFormat.of()
            .formatHex(digest("SHA-1", namespace + "." + pod))
            .substring(0, INTERFACE_HASH);
  }

  /** {@code prefix} and {@code name}, where that is too long a hash of the name. */
  public static String chainName(String prefix, String name) {
    int length = prefix.length() + name.length();
    // A name that begins like a hash could be taken for one if it had a hash's length.
    if (length < MAX_CHAIN_NAME || (length == MAX_CHAIN_NAME && !name.startsWith("_"))) {
      return prefix + name;
    }
    return prefix
        + "_"
        + base64(digest("SHA-256", name)).substring(0, MAX_CHAIN_NAME - 1 - prefix.length());
  }

  public static String policyChain(Direction direction, String policy) {
    return chainName(direction == Direction.INGRESS ? "cali-pi-" : "cali-po-", policy);
  }

  public static String profileChain(Direction direction, String profile) {
    return chainName(direction == Direction.INGRESS ? "cali-pri-" : "cali-pro-", profile);
  }

  /** True for the name of a chain that this or an earlier Felix made. */
  public static boolean isOurChain(String name) {
    return OUR_CHAINS.stream().anyMatch(name::startsWith);
  }

  /** The name in the kernel of the set with this id. */
  public static String setName(IpFamily family, String id) {
    var name = setPrefix(family) + id;
    return name.length() <= MAX_SET_NAME ? name : name.substring(0, MAX_SET_NAME);
  }

  private static String setPrefix(IpFamily family) {
    return family == IpFamily.IPV4 ? "cali40" : "cali60";
  }

  /** The name of the {@code index}th set that is filled aside before it is swapped in. */
  public static String temporarySetName(IpFamily family, int index) {
    return (family == IpFamily.IPV4 ? "cali4t" : "cali6t") + index;
  }

  /** True for the name of a set of {@code family} that this or an earlier Felix made. */
  public static boolean isOurSet(IpFamily family, String name) {
    var prefixes = family == IpFamily.IPV4 ? OUR_SETS_V4 : OUR_SETS_V6;
    return prefixes.stream().anyMatch(name::startsWith);
  }

  /** {@code kind}, a colon and 38 characters that stand for {@code content}. */
  public static String uniqueId(String kind, String content) {
    return kind + ":" + base64(digest("SHA-224", kind + ":" + content));
  }

  private static String base64(byte[] octets) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(octets);
  }

  private static byte[] digest(String algorithm, String text) {
    try {
      return MessageDigest.getInstance(algorithm).digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has " + algorithm, e);
    }
  }
}
