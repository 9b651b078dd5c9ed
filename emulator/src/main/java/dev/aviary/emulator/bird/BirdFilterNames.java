package dev.aviary.emulator.bird;

/** What reports call a filter. */
final class BirdFilterNames {
  private BirdFilterNames() {}

  /** Of an import or export option. */
  static String of(BirdConfiguration.Option option) {
    return switch (option.word(1)) {
      case "all" -> "ACCEPT";
      case "none" -> "REJECT";
      case "where" -> "(unnamed)";
      case "filter" -> option.words().size() > 2 ? option.word(2) : "(unnamed)";
      default -> option.word(1);
    };
  }
}
