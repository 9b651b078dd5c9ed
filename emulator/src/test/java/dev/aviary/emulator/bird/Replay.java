package dev.aviary.emulator.bird;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.aviary.emulator.bird.BirdConfigurationReader.BadConfigurationException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;

/**
 * Plays recorded dialogs again, command by command: a daemon with the recorded configuration and
 * the facts that the replies of a moment say answers every command of the moment as the real one
 * did. What is counted, chosen, filtered, exported, ordered, framed and refused is computed.
 */
final class Replay {
  /** Later than every recorded time, and within the hours that are printed as a time of day. */
  private static final Instant NOW = Instant.parse("2026-11-22T18:00:00Z");

  private Replay() {}

  static Stream<DynamicNode> of(List<Recording> recordings) {
    return recordings.stream()
        .map(
            recording ->
                DynamicContainer.dynamicContainer(recording.name(), tests(recording).stream()));
  }

  private static List<DynamicTest> tests(Recording recording) {
    try {
      var daemon = new RecordedDaemon(recording);
      var console = new BirdConsole(daemon, ZoneOffset.UTC);
      recording.commands().stream().findFirst().ifPresent(c -> daemon.learn(moment(recording, c)));
      var tests = new ArrayList<DynamicTest>();
      recording
          .banner()
          .ifPresent(
              banner ->
                  tests.add(
                      DynamicTest.dynamicTest(
                          "banner", () -> assertThat(console.banner()).isEqualTo(banner))));
      for (var command : recording.commands()) {
        // All commands are given, in order: what one does is there for the next.
        if (!Recording.changes(command.text())) {
          daemon.learn(moment(recording, command));
        }
        boolean known = isKnown(daemon, command);
        var answer = known ? console.answer(command.text(), NOW) : "";
        if (Recording.changes(command.text())) {
          daemon.learn(moment(recording, command));
        }
        command
            .reply()
            .ifPresent(
                reply ->
                    tests.add(
                        DynamicTest.dynamicTest(
                            command.number() + " " + command.text(),
                            () -> {
                              assumeTrue(known, "no reply says what this one is computed from");
                              assertThat(masked(answer)).isEqualTo(masked(reply));
                            })));
      }
      return tests;
    } catch (BadConfigurationException e) {
      throw new AssertionError(recording.name(), e);
    }
  }

  /**
   * The replies of the command's moment, its own last. Before it come those that list all routes:
   * the order of networks with one hash is theirs.
   */
  private static List<Recording.Command> moment(Recording recording, Recording.Command command) {
    var facts = new ArrayList<Recording.Command>();
    for (var each : recording.commands()) {
      if (each.moment() == command.moment() && !each.equals(command) && each.reply().isPresent()) {
        facts.add(each);
      }
    }
    facts.sort(Comparator.comparing(each -> RecordedTables.isWhole(each.text())));
    if (command.reply().isPresent()) {
      facts.add(command);
    }
    return facts;
  }

  /** False if the answer needs facts that no reply has: then there is nothing to compare. */
  private static boolean isKnown(RecordedDaemon daemon, Recording.Command command) {
    var words = List.of(command.text().strip().split("\\s+", -1));
    if (!words.getFirst().equals("show") || words.size() < 2) {
      return true;
    }
    return switch (words.get(1)) {
      case "memory" -> daemon.knowsMemory();
      case "status" -> words.size() > 2 || daemon.knowsStatus();
      case "interfaces" -> daemon.knowsInterfaces();
      case "bfd" -> daemon.knowsBfd();
      case "route" ->
          (daemon.isComplete()
                  || !has(words, "count|stats|primary|export|noexport|preexport|filter"))
              && (daemon.isDetailed() || !has(words, "export|noexport|preexport|filter|bgp_.*"));
      default -> true;
    };
  }

  private static boolean has(List<String> words, String pattern) {
    return words.stream().anyMatch(word -> word.matches(pattern));
  }

  /** Without what differs from run to run. */
  private static String masked(String reply) {
    var text =
        reply
            .replace("<<TIMEOUT>>", "")
            .replaceAll("\\d{4}-\\d\\d-\\d\\d", "DATE")
            .replaceAll("\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?", "TIME")
            .replaceAll("(timer|wait|delay|timer is)(:?) +[\\d.]+/", "$1$2 N/")
            .replaceAll("undo in [\\d.]+ s", "undo in N s")
            .replaceAll(
                "(?m)^(....-|[ ])?([A-Z][A-Za-z ]+:) +[\\d.]+ [ kMG]B( +[\\d.]+ [ kMG]B)?$",
                "$1$2 N")
            .replaceAll("fe80::[0-9a-f:]+", "LINKLOCAL")
            .replaceAll("index=\\d+", "index=N")
            .replaceAll("Hostname is .*", "Hostname is HOST")
            .replaceAll("/lab/\\S+", "PATH");
    // Symbols come in the order of a hash of their names.
    return text.startsWith("1010-")
        ? text.substring(5).lines().map(String::strip).sorted().toList().toString()
        : text;
  }
}
