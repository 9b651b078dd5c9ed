package dev.aviary.emulator.bird;

import dev.aviary.emulator.bird.filter.Definitions;
import dev.aviary.emulator.bird.filter.Statement;
import dev.aviary.emulator.bird.filter.Token;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A daemon's configuration, as far as its users ask for it: which protocols there are, in order,
 * and what the filters do.
 *
 * @param file its name
 * @param words names that are no symbols, outside of filters: 2.0 lists them as undefined
 */
record BirdConfiguration(
    String file,
    List<Section> protocols,
    List<BirdSymbol> symbols,
    Definitions definitions,
    Set<String> words) {
  static final BirdConfiguration EMPTY =
      new BirdConfiguration("", List.of(), List.of(), Definitions.NONE, Set.of());

  BirdConfiguration {
    protocols = List.copyOf(protocols);
    symbols = List.copyOf(symbols);
    words = Set.copyOf(words);
  }

  /** The protocol called {@code name}. */
  Optional<Section> protocol(String name) {
    return protocols.stream().filter(each -> each.name().equals(name)).findFirst();
  }

  /**
   * A protocol, or one of its channels.
   *
   * @param kind static, kernel, bgp; of a channel ipv4, ipv6
   * @param options in order; those of its template come first
   */
  record Section(String kind, String name, List<Option> options, List<Section> channels) {
    Section {
      options = List.copyOf(options);
      channels = List.copyOf(channels);
    }

    /** The last option that begins with {@code words}: it is the one that counts. */
    Optional<Option> option(String... words) {
      return options.reversed().stream().filter(each -> each.begins(words)).findFirst();
    }

    /** What is run over routes on their way in ("import") or out ("export"). */
    Optional<Option> filtering(String side) {
      return options.reversed().stream()
          .filter(each -> each.begins(side) && each.filter().isPresent())
          .findFirst();
    }

    /** All options that begin with {@code words}. */
    List<Option> all(String... words) {
      return options.stream().filter(each -> each.begins(words)).toList();
    }

    /** The channel of a family; in 1.6 the protocol itself. */
    Section channel(String name) {
      return channels.reversed().stream()
          .filter(each -> each.kind().equals(name))
          .findFirst()
          .orElse(this);
    }
  }

  /**
   * One option.
   *
   * @param words all of it without the semicolon
   * @param filter what is run over routes, where it has one
   */
  record Option(List<Token> words, Optional<Statement> filter) {
    Option {
      words = List.copyOf(words);
    }

    boolean begins(String... with) {
      if (words.size() < with.length) {
        return false;
      }
      for (int i = 0; i < with.length; i++) {
        if (!words.get(i).text().equals(with[i])) {
          return false;
        }
      }
      return true;
    }

    /** The word at {@code index}, empty if there are fewer. */
    String word(int index) {
      return index < words.size() ? words.get(index).text() : "";
    }
  }
}
