package dev.aviary.emulator.cluster;

import dev.aviary.emulator.bird.BirdConsole;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** What birdc does with one command: {@code birdc [-r] [-s SOCKET] COMMAND…}. */
final class BirdClient {
  private BirdClient() {}

  static ExecResult run(BirdConsole console, List<String> words, Instant now) {
    var command = new ArrayList<String>();
    var out = new StringBuilder(BirdConsole.asClientPrints(BirdConsole.BANNER));
    for (int i = 1; i < words.size(); i++) {
      var word = words.get(i);
      if (!command.isEmpty() || !word.startsWith("-")) {
        command.add(word);
      } else if (word.equals("-r")) {
        out.append(BirdConsole.asClientPrints(console.answer("restrict", now)));
      } else if (word.equals("-s")) {
        i++; // there is one daemon here, wherever its socket is
      } else {
        return new ExecResult("", words.getFirst() + ": unknown option " + word + "\n", 1);
      }
    }
    if (command.isEmpty()) {
      return new ExecResult(
          "", words.getFirst() + ": give a command; --bird-sockets lets a real birdc in\n", 1);
    }
    out.append(BirdConsole.asClientPrints(console.answer(String.join(" ", command), now)));
    return new ExecResult(out.toString(), "", 0);
  }
}
