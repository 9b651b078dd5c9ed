package dev.aviary.felix.calc;

import java.util.Locale;

/**
 * An IP protocol as the user wrote it, since Felix hands it on in that form: a name in lower case,
 * or a number.
 */
public record Protocol(String text) {
  public static final Protocol TCP = new Protocol("tcp");
  public static final Protocol UDP = new Protocol("udp");
  public static final Protocol SCTP = new Protocol("sctp");
  public static final Protocol ICMP = new Protocol("icmp");
  public static final Protocol ICMPV6 = new Protocol("icmpv6");

  public Protocol {
    text = text.toLowerCase(Locale.ROOT);
  }

  /** Protocol number {@code number}, 1 to 255. */
  public static Protocol of(int number) {
    if (number < 1 || number > 255) {
      throw new IllegalArgumentException("protocol " + number + " is not in 1 to 255");
    }
    return new Protocol(Integer.toString(number));
  }

  @Override
  public String toString() {
    return text;
  }
}
