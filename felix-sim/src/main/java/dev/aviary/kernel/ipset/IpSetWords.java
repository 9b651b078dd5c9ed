package dev.aviary.kernel.ipset;

import dev.aviary.net.IpAddress;
import dev.aviary.net.IpFamily;
import dev.aviary.net.Prefix;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Reads what follows the commands of {@code ipset}. */
final class IpSetWords {
  private static final int MOST_ELEMENTS = 65536;

  private IpSetWords() {}

  static List<String> split(String line) throws IpSetException {
    var words = new ArrayList<String>();
    var word = new StringBuilder();
    boolean quoted = false;
    boolean inWord = false;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (c == '"') {
        quoted = !quoted;
        inWord = true;
      } else if (!quoted && (c == ' ' || c == '\t')) {
        if (inWord) {
          words.add(word.toString());
          word.setLength(0);
          inWord = false;
        }
      } else {
        word.append(c);
        inWord = true;
      }
    }
    if (quoted) {
      throw new IpSetException("Missing close quote!");
    }
    if (inWord) {
      words.add(word.toString());
    }
    return words;
  }

  private static IpSetException syntax(String text) {
    return new IpSetException("Syntax error: " + text);
  }

  private static int number(String text, int max) throws IpSetException {
    try {
      long value = Long.decode(text);
      if (value >= 0 && value <= max) {
        return (int) value;
      }
    } catch (NumberFormatException _) {
      // falls through to the complaint
    }
    throw syntax("'" + text + "' is out of range 0-" + max);
  }

  static IpSet.Options options(IpSetType type, List<String> words, RandomGenerator random)
      throws IpSetException {
    var family = IpFamily.IPV4;
    int hashSize = 1024;
    int maxElements = 65536;
    int timeout = -1;
    boolean counters = false;
    boolean comment = false;
    int bucketSize = 12;
    int initval = random.nextInt();
    int low = 0;
    int high = 65535;
    int size = 8;
    for (int i = 0; i < words.size(); i++) {
      var word = words.get(i);
      switch (word) {
        case "counters" -> counters = true;
        case "comment" -> comment = true;
        case "skbinfo", "forceadd" -> {}
        default -> {
          if (i + 1 >= words.size()) {
            throw new IpSetException("Unknown argument: `" + word + "'");
          }
          var value = words.get(++i);
          switch (word) {
            case "family", "-6" -> family = family(value);
            case "hashsize" -> hashSize = number(value, Integer.MAX_VALUE);
            case "maxelem" -> maxElements = number(value, Integer.MAX_VALUE);
            case "timeout" -> timeout = number(value, 2147483);
            case "bucketsize" -> bucketSize = number(value, 255);
            case "initval" -> initval = (int) (Long.decode(checkHex(value)) & 0xffff_ffffL);
            case "size" -> size = number(value, 65536);
            case "range" -> {
              int dash = value.indexOf('-');
              if (dash < 0 || type != IpSetType.BITMAP_PORT) {
                throw syntax("cannot parse range " + value);
              }
              low = number(value.substring(0, dash), 65535);
              high = number(value.substring(dash + 1), 65535);
            }
            default -> throw new IpSetException("Unknown argument: `" + word + "'");
          }
        }
      }
    }
    // The kernel rounds the hash up to a power of two.
    int rounded = Integer.highestOneBit(Math.max(1, Math.min(hashSize, 1 << 30) - 1)) * 2;
    return new IpSet.Options(
        family,
        Math.max(64, rounded),
        maxElements,
        timeout,
        counters,
        comment,
        bucketSize,
        initval,
        low,
        high,
        size);
  }

  private static String checkHex(String value) throws IpSetException {
    boolean sound = value.matches("0[xX][0-9a-fA-F]{1,8}") || value.matches("[0-9]{1,10}");
    if (!sound) {
      throw syntax("'" + value + "' is invalid as number");
    }
    return value.matches("0[0-9]+") ? value.replaceFirst("^0+(?=.)", "") : value;
  }

  private static IpFamily family(String value) throws IpSetException {
    return switch (value) {
      case "inet", "ipv4", "-4" -> IpFamily.IPV4;
      case "inet6", "ipv6", "-6" -> IpFamily.IPV6;
      default -> throw syntax("unknown inet family " + value);
    };
  }

  static IpSet.Entry entry(IpSet set, List<String> words, long now) throws IpSetException {
    boolean nomatch = false;
    var comment = "";
    int timeout = Math.max(0, set.options().timeout());
    for (int i = 0; i < words.size(); i++) {
      var word = words.get(i);
      if (word.equals("nomatch")) {
        nomatch = true;
        continue;
      }
      if (i + 1 >= words.size()) {
        throw new IpSetException("Unknown argument: `" + word + "'");
      }
      var value = words.get(++i);
      switch (word) {
        case "timeout" -> {
          if (set.options().timeout() < 0) {
            throw new IpSetException(
                "Timeout cannot be used: set was created without timeout support");
          }
          timeout = number(value, 2147483);
        }
        case "comment" -> {
          if (!set.options().comment()) {
            throw new IpSetException(
                "Comment cannot be used: set was created without comment support");
          }
          comment = value;
        }
        case "packets", "bytes" -> number(value, Integer.MAX_VALUE);
        default -> throw new IpSetException("Unknown argument: `" + word + "'");
      }
    }
    if (nomatch && !set.type().parts().contains(IpSetType.Part.NET)) {
      throw new IpSetException("Unknown argument: `nomatch'");
    }
    return new IpSet.Entry(nomatch, timeout == 0 ? 0 : now + timeout * 1000L, comment);
  }

  /** The elements that a text means: one, or all of a range of ports or addresses. */
  static List<Element> elements(IpSet set, String text) throws IpSetException {
    var type = set.type();
    var parts = text.split(",", -1);
    if (parts.length != type.parts().size()) {
      throw syntax(
          (parts.length < type.parts().size() ? "Second" : "Too many")
              + " element is missing from "
              + text
              + ".");
    }
    var found = new ArrayList<Element>();
    expand(set, parts, 0, new Element(null, 0, -1, null, null), found);
    return found;
  }

  private static void expand(IpSet set, String[] parts, int at, Element soFar, List<Element> found)
      throws IpSetException {
    if (found.size() >= MOST_ELEMENTS) {
      throw syntax("range is too large");
    }
    if (at == parts.length) {
      found.add(soFar);
      return;
    }
    var text = parts[at];
    switch (set.type().parts().get(at)) {
      case IP, NET -> {
        for (var prefix : prefixes(set, text, set.type().parts().get(at))) {
          var next =
              soFar.first() == null
                  ? new Element(prefix, soFar.protocol(), soFar.port(), null, null)
                  : new Element(soFar.first(), soFar.protocol(), soFar.port(), prefix, null);
          expand(set, parts, at + 1, next, found);
        }
      }
      case PORT -> ports(set, parts, at, soFar, found);
      case SET -> found.add(new Element(null, 0, -1, null, text));
    }
  }

  private static void ports(IpSet set, String[] parts, int at, Element soFar, List<Element> found)
      throws IpSetException {
    var text = parts[at];
    int colon = text.indexOf(':');
    int protocol = set.type() == IpSetType.BITMAP_PORT ? 0 : 6;
    if (colon >= 0) {
      protocol = protocol(text.substring(0, colon));
      text = text.substring(colon + 1);
    }
    int dash = text.indexOf('-');
    int low = number(dash < 0 ? text : text.substring(0, dash), 65535);
    int high = dash < 0 ? low : number(text.substring(dash + 1), 65535);
    for (int port = low; port <= high; port++) {
      expand(set, parts, at + 1, new Element(soFar.first(), protocol, port, null, null), found);
    }
  }

  private static int protocol(String text) throws IpSetException {
    return switch (text.toLowerCase(java.util.Locale.ROOT)) {
      case "tcp" -> 6;
      case "udp" -> 17;
      case "sctp" -> 132;
      case "udplite" -> 136;
      case "icmp" -> 1;
      case "icmpv6", "ipv6-icmp" -> 58;
      default -> number(text, 255);
    };
  }

  private static List<Prefix> prefixes(IpSet set, String text, IpSetType.Part part)
      throws IpSetException {
    var family = set.options().family();
    int dash = text.indexOf('-');
    if (dash > 0) {
      return range(
          address(text.substring(0, dash), family), address(text.substring(dash + 1), family));
    }
    int slash = text.indexOf('/');
    if (slash < 0) {
      return List.of(address(text, family).toPrefix());
    }
    var base = address(text.substring(0, slash), family);
    int length = number(text.substring(slash + 1), family.bits());
    if (part == IpSetType.Part.NET) {
      if (length == 0) {
        throw new IpSetException("The value of the CIDR parameter of the IP address is invalid");
      }
      return List.of(Prefix.of(base, length));
    }
    var prefix = Prefix.of(base, length);
    return range(prefix.address(), prefix.last());
  }

  private static List<Prefix> range(IpAddress low, IpAddress high) throws IpSetException {
    var found = new ArrayList<Prefix>();
    for (var next = low; next.compareTo(high) <= 0; next = next.plus(1)) {
      if (found.size() >= MOST_ELEMENTS) {
        throw syntax("range " + low + "-" + high + " is too large");
      }
      found.add(next.toPrefix());
      if (next.equals(high)) {
        break;
      }
    }
    return found;
  }

  private static IpAddress address(@Nullable String text, IpFamily family) throws IpSetException {
    var parsed = text == null ? null : IpAddress.parse(text).orElse(null);
    if (parsed == null) {
      throw syntax("cannot parse " + text + ": resolving to IP address failed");
    }
    if (parsed.family() != family) {
      throw syntax(
          "cannot parse "
              + text
              + ": "
              + (family == IpFamily.IPV4 ? "IPv4" : "IPv6")
              + " address expected");
    }
    return parsed;
  }
}
