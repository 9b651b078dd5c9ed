package dev.aviary.kernel.netfilter;

import dev.aviary.net.IpAddress;
import dev.aviary.net.IpFamily;
import dev.aviary.net.Prefix;

/** Reads the values of options, with the tool's words for what is wrong. */
final class Values {
  private static final int USAGE = 2;

  private Values() {}

  static RuleException bad(String message) {
    return new RuleException(USAGE, message);
  }

  /** A number in decimal, hex or octal, 0 to 2^32-1. */
  static long number(String text, String what) throws RuleException {
    try {
      long value = Long.decode(text);
      if (value >= 0 && value <= 0xffff_ffffL && !text.startsWith("+")) {
        return value;
      }
    } catch (NumberFormatException _) {
      // falls through to the complaint
    }
    throw bad("bad value for option \"" + what + "\": \"" + text + "\"");
  }

  static int small(String text, String what, int max) throws RuleException {
    long value = number(text, what);
    if (value > max) {
      throw bad(
          "bad value for option \""
              + what
              + "\", or out of range (0-"
              + max
              + "): \""
              + text
              + "\"");
    }
    return (int) value;
  }

  /** "value" or "value/mask" as two 32-bit numbers. */
  static int[] masked(String text, String what) throws RuleException {
    int slash = text.indexOf('/');
    if (slash < 0) {
      return new int[] {(int) number(text, what), -1};
    }
    return new int[] {
      (int) number(text.substring(0, slash), what), (int) number(text.substring(slash + 1), what)
    };
  }

  static int port(String text) throws RuleException {
    var named =
        switch (text) {
          case "ssh" -> "22";
          case "domain" -> "53";
          case "bootps" -> "67";
          case "bootpc" -> "68";
          case "http" -> "80";
          case "ntp" -> "123";
          case "bgp" -> "179";
          case "https" -> "443";
          default -> text;
        };
    if (named.isEmpty() || named.length() > 5 || !named.chars().allMatch(Values::isDigit)) {
      throw bad("invalid port/service `" + text + "' specified");
    }
    int port = Integer.parseInt(named);
    if (port > 65535) {
      throw bad("invalid port/service `" + text + "' specified");
    }
    return port;
  }

  private static boolean isDigit(int c) {
    return c >= '0' && c <= '9';
  }

  /** "port" or "low:high", either end left out for the end of the range. */
  static Match.Ports ports(String text) throws RuleException {
    int colon = text.indexOf(':');
    if (colon < 0) {
      int port = port(text);
      return new Match.Ports(port, port);
    }
    int low = colon == 0 ? 0 : port(text.substring(0, colon));
    int high = colon == text.length() - 1 ? 65535 : port(text.substring(colon + 1));
    if (low > high) {
      throw bad("invalid portrange (min > max)");
    }
    return new Match.Ports(low, high);
  }

  /** An address, or an address with length or netmask; host bits are cleared. */
  static Prefix prefix(String text, IpFamily family) throws RuleException {
    int slash = text.indexOf('/');
    var address = address(slash < 0 ? text : text.substring(0, slash), family);
    if (slash < 0) {
      return address.toPrefix();
    }
    var length = text.substring(slash + 1);
    if (!length.isEmpty() && length.length() <= 3 && length.chars().allMatch(Values::isDigit)) {
      int bits = Integer.parseInt(length);
      if (bits <= family.bits()) {
        return Prefix.of(address, bits);
      }
    }
    var mask = IpAddress.parse(length).filter(m -> m.family() == family);
    if (mask.isEmpty()) {
      throw bad("invalid mask `" + length + "' specified");
    }
    int bits = 0;
    while (bits < family.bits() && mask.get().bit(bits) == 1) {
      bits++;
    }
    for (int i = bits; i < family.bits(); i++) {
      if (mask.get().bit(i) == 1) {
        throw bad("mask `" + length + "' has holes, which is not supported");
      }
    }
    return Prefix.of(address, bits);
  }

  static IpAddress address(String text, IpFamily family) throws RuleException {
    var address = IpAddress.parse(text).filter(a -> a.family() == family);
    if (address.isEmpty()) {
      throw bad("host/network `" + text + "' not found");
    }
    return address.get();
  }
}
