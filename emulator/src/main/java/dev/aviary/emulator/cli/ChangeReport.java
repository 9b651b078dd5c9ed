package dev.aviary.emulator.cli;

import dev.aviary.emulator.resource.Resource;
import dev.aviary.emulator.resource.ResourceEdits.Outcome;
import dev.aviary.emulator.resource.ResourceEdits.Verb;
import java.util.List;
import java.util.Optional;

/** What calicoctl v3.22 says after it has changed something. */
final class ChangeReport {
  private final Verb verb;
  private final int count;
  private final String kind;

  ChangeReport(Verb verb, List<Resource> resources) {
    this.verb = verb;
    this.count = resources.size();
    var kinds = resources.stream().map(ChangeCommand::kind).distinct().toList();
    this.kind = kinds.size() == 1 ? kinds.getFirst() : "";
  }

  private String past() {
    return switch (verb) {
      case APPLY -> "applied";
      case CREATE -> "created";
      case REPLACE -> "replaced";
      case DELETE -> "deleted";
    };
  }

  private String quoted() {
    return kind.isEmpty() ? "" : "'" + kind + "' ";
  }

  Optional<String> success(Outcome outcome) {
    if (outcome.errors().isEmpty() || (verb == Verb.DELETE && outcome.handled() > 0)) {
      return Optional.of(
          "Successfully %s %d %sresource(s)".formatted(past(), outcome.handled(), quoted()));
    }
    int failed = verb == Verb.REPLACE ? 0 : outcome.errors().size();
    return outcome.handled() - failed > 0 && verb != Verb.DELETE
        ? Optional.of(
            "Partial success: %s the first %d out of %d %sresources:"
                .formatted(past(), outcome.handled(), count, quoted()))
        : Optional.empty();
  }

  Optional<String> failure(Outcome outcome) {
    if (outcome.errors().isEmpty()) {
      return Optional.empty();
    }
    if (verb == Verb.DELETE) {
      return Optional.of(
          String.join(
              "\n",
              outcome.errors().stream()
                  .map(e -> "Failed to delete %sresource: %s".formatted(quoted(), e))
                  .toList()));
    }
    var errors =
        verb == Verb.REPLACE
            ? outcome.errors().getFirst()
            : "[" + String.join(" ", outcome.errors()) + "]";
    return Optional.of(outcome.handled() > 0 ? "Hit error: " + errors : refusal(errors));
  }

  /** When all of it was refused. */
  String refused(String reason) {
    return refusal(verb == Verb.REPLACE || verb == Verb.DELETE ? reason : "[" + reason + "]");
  }

  private String refusal(String reason) {
    var name = ChangeCommand.name(verb);
    if (count == 1) {
      return "Failed to %s '%s' resource: %s".formatted(name, kind, reason);
    }
    return "Failed to %s any %sresources: %s".formatted(name, quoted(), reason);
  }
}
