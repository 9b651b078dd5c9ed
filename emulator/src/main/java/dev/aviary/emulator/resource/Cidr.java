package dev.aviary.emulator.resource;

import dev.aviary.net.Prefix;
import java.util.Comparator;
import java.util.Optional;

/**
 * A prefix and how it was written. Calico's generated texts repeat the writing: {@code 9000:0::/64}
 * stays as it is.
 */
public record Cidr(String text, Prefix prefix) {
  /** The order of Calico's keys: "10.244.10.0-26" is before "10.244.2.0-26". */
  public static final Comparator<Cidr> KEY_ORDER = Comparator.comparing(Cidr::key);

  /** A prefix written as it is printed. */
  public static Cidr of(Prefix prefix) {
    return new Cidr(prefix.toString(), prefix);
  }

  /** Empty if {@code text} is no prefix. */
  public static Optional<Cidr> parse(String text) {
    return text.indexOf('/') < 0
        ? Optional.empty()
        : Prefix.parse(text).map(prefix -> new Cidr(text, prefix));
  }

  /** As a key of Calico's data model has it: a dash in place of the slash. */
  public String key() {
    return text.replace('/', '-');
  }

  @Override
  public String toString() {
    return text;
  }
}
