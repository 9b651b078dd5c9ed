package dev.aviary.emulator.cli;

/** How a report is printed where not for people. */
enum OutputFormat {
  wide,
  yaml,
  json
}
