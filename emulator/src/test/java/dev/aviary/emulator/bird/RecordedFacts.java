package dev.aviary.emulator.bird;

import dev.aviary.net.IpAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads interfaces, sizes and BFD sessions of a reply. */
final class RecordedFacts {
  private static final Pattern ADDRESS = Pattern.compile("\\t(\\S+)/(\\d+) \\(.*");
  private static final Pattern MEMORY =
      Pattern.compile("([A-Z][A-Za-z ]+):\\s+([\\d.]+) (.)B(?:\\s+([\\d.]+) (.)B)?");
  private static final List<String> UNITS = List.of(" ", "k", "M", "G");

  private RecordedFacts() {}

  static List<BirdInterface> interfaces(String reply) {
    var found = new ArrayList<BirdInterface>();
    var head = Pattern.compile("(\\S+) (?:up|down|DOWN) \\(index=(\\d+)(?: master=(\\S+))?\\)");
    for (var line : ReplyLines.of(reply)) {
      switch (line.code()) {
        case "1001" -> {
          var m = head.matcher(line.text());
          if (!m.matches()) {
            throw new AssertionError(line.text());
          }
          found.add(
              new BirdInterface(
                  m.group(1),
                  Integer.parseInt(m.group(2)),
                  Optional.ofNullable(m.group(3)).orElse(""),
                  new BirdInterface.Flags(false, false, false, false, false, false),
                  0,
                  List.of()));
        }
        case "1004" -> {
          var last = found.removeLast();
          var words = List.of(line.text().strip().split(" ", -1));
          found.add(
              new BirdInterface(
                  last.name(),
                  last.index(),
                  last.master(),
                  new BirdInterface.Flags(
                      words.contains("MultiAccess"),
                      words.contains("Broadcast"),
                      words.contains("Multicast"),
                      words.contains("AdminUp"),
                      words.contains("LinkUp"),
                      words.contains("Loopback")),
                  Integer.parseInt(words.getLast().substring(4)),
                  List.of()));
        }
        case "1003" -> {
          var last = found.removeLast();
          var m = ADDRESS.matcher(line.text());
          if (!m.matches()) {
            throw new AssertionError(line.text());
          }
          var addresses = new ArrayList<>(last.addresses());
          addresses.add(
              new BirdInterface.Address(
                  IpAddress.parse(m.group(1)).orElseThrow(), Integer.parseInt(m.group(2))));
          found.add(
              new BirdInterface(
                  last.name(), last.index(), last.master(), last.flags(), last.mtu(), addresses));
        }
        default -> {}
      }
    }
    return found;
  }

  static BirdState.Memory memory(String reply) {
    var parts = new ArrayList<BirdState.Memory.Part>();
    for (var line : ReplyLines.texts(reply, "1018")) {
      var m = MEMORY.matcher(line);
      if (m.matches()) {
        parts.add(
            new BirdState.Memory.Part(
                m.group(1),
                octets(m.group(2), m.group(3)),
                m.group(4) == null ? 0 : octets(m.group(4), m.group(5))));
      }
    }
    return new BirdState.Memory(parts);
  }

  private static long octets(String number, String unit) {
    return Math.round(Double.parseDouble(number) * Math.pow(1024, UNITS.indexOf(unit)));
  }

  static List<BirdState.Bfd> bfd(String reply) {
    var found = new ArrayList<BirdState.Bfd>();
    for (var line : ReplyLines.texts(reply, "1020")) {
      var words = line.strip().split("\\s+", -1);
      if (words.length == 1) {
        found.add(new BirdState.Bfd(words[0].replace(":", ""), List.of()));
      } else if (words.length == 6) {
        var last = found.removeLast();
        var sessions = new ArrayList<>(last.sessions());
        sessions.add(
            new BirdState.BfdSession(
                words[0],
                words[1],
                words[2],
                RecordedTime.brief(words[3]),
                millis(words[4]),
                millis(words[5])));
        found.add(new BirdState.Bfd(last.protocol(), sessions));
      }
    }
    return found;
  }

  static Duration millis(String seconds) {
    return Duration.ofMillis(Math.round(Double.parseDouble(seconds) * 1000));
  }
}
