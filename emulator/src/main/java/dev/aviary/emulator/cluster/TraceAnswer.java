package dev.aviary.emulator.cluster;

import java.util.Optional;

/** A trace, or why there is none: exactly one of the two. */
public record TraceAnswer(Optional<TraceReport> report, Optional<String> error) {
  static TraceAnswer refused(String error) {
    return new TraceAnswer(Optional.empty(), Optional.of(error));
  }

  static TraceAnswer of(TraceReport report) {
    return new TraceAnswer(Optional.of(report), Optional.empty());
  }
}
