package dev.aviary.emulator.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The options of tcpdump that there are: {@code -i IF -w FILE [-c N]}.
 *
 * @param count 0 for no limit
 */
record TcpdumpWords(String device, Path file, int count) {

  /** Empty, after the reason was printed, where it is something else. */
  static Optional<TcpdumpWords> parse(List<String> command, Console console) {
    var device = "any";
    Path file = null;
    int count = 0;
    for (int i = 1; i < command.size(); i += 2) {
      var value = i + 1 < command.size() ? command.get(i + 1) : "";
      switch (command.get(i)) {
        case "-i" -> device = value;
        case "-w" -> file = Path.of(value);
        case "-c" -> count = value.matches("[0-9]{1,9}") ? Integer.parseInt(value) : -1;
        default -> {
          console
              .err()
              .println(
                  "tcpdump: " + command.get(i) + " is not there yet; -i IF -w FILE [-c N] are");
          return Optional.empty();
        }
      }
    }
    if (file == null || file.toString().isEmpty()) {
      console.err().println("tcpdump: printing packets is not there yet; give a file with -w");
      return Optional.empty();
    }
    if (count < 0) {
      console.err().println("tcpdump: invalid packet count");
      return Optional.empty();
    }
    return Optional.of(new TcpdumpWords(device, file, count));
  }

  /** The words with an absolute file name, for a process in another folder. */
  static List<String> absolute(List<String> words) {
    var changed = new ArrayList<>(words);
    for (int i = 0; i + 1 < changed.size(); i++) {
      if (changed.get(i).equals("-w")) {
        changed.set(i + 1, Path.of(changed.get(i + 1)).toAbsolutePath().toString());
      }
    }
    return List.copyOf(changed);
  }
}
