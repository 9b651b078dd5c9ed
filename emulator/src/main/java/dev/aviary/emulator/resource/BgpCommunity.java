package dev.aviary.emulator.resource;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A community as Calico writes it: {@code aa:nn}, 16 bits each, or {@code aa:nn:mm}, 32 bits each.
 *
 * @param parts two or three, unsigned
 */
public record BgpCommunity(String text, List<Long> parts) {
  static final String EXPECTED = "a community such as 65000:100 or 65000:100:200";

  public BgpCommunity {
    parts = List.copyOf(parts);
  }

  /** Empty if {@code text} is none. */
  public static Optional<BgpCommunity> parse(String text) {
    var words = text.split(":", -1);
    if (words.length < 2 || words.length > 3) {
      return Optional.empty();
    }
    long most = words.length == 2 ? 0xffffL : 0xffff_ffffL;
    var parts = new ArrayList<Long>();
    for (var word : words) {
      if (!word.matches("[0-9]{1,10}") || Long.parseLong(word) > most) {
        return Optional.empty();
      }
      parts.add(Long.parseLong(word));
    }
    return Optional.of(new BgpCommunity(text, parts));
  }

  /** True if it has three parts. */
  public boolean large() {
    return parts.size() == 3;
  }

  /** As BIRD's configuration has it: {@code (65000, 100)}, each part as it was written. */
  public String birdText() {
    return "(" + String.join(", ", text.split(":", -1)) + ")";
  }
}
