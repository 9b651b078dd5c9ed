package dev.aviary.emulator.bird;

import dev.aviary.emulator.bird.filter.Token;
import java.util.ArrayList;

/** Static routes, as a configuration has them. */
final class BirdStatics {
  private BirdStatics() {}

  /** {@code route 10.0.0.0/8 via 192.0.2.1}: how it is listed. */
  static BirdState.StaticRoute of(String protocol, BirdConfiguration.Option option) {
    var prefix = new StringBuilder();
    int at = 1;
    while (at < option.words().size() && option.words().get(at).kind() != Token.Kind.NAME) {
      prefix.append(option.word(at++));
    }
    var words = new ArrayList<String>();
    for (; at < option.words().size(); at++) {
      words.add(
          switch (option.word(at)) {
            case "reject" -> "unreachable";
            case "prohibit" -> "prohibited";
            default -> option.word(at);
          });
    }
    return new BirdState.StaticRoute(protocol, prefix.toString(), String.join(" ", words));
  }
}
