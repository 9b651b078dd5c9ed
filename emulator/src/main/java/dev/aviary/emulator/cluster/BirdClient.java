package dev.aviary.emulator.cluster;

import dev.aviary.emulator.bird.BirdConsole;
import dev.aviary.emulator.node.CalicoNode;
import dev.aviary.net.IpFamily;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What birdc does with one command: {@code birdc [-r] [-s SOCKET] COMMAND…}. */
final class BirdClient {
  private BirdClient() {}

  static boolean isOne(List<String> command) {
    return switch (command.getFirst()) {
      case "birdc", "birdcl", "birdc6", "birdcl6" -> true;
      default -> false;
    };
  }

  /** A dialog with {@code node}'s daemon. */
  static BirdConsole console(CalicoNode node, IpFamily family, Cluster cluster) {
    return cluster.daemon(node, family).console(ZoneId.systemDefault());
  }

  /** What the client prints at {@code node}; empty where it is no node. */
  static ExecResult run(Optional<CalicoNode> node, List<String> command, Cluster cluster) {
    var name = command.getFirst();
    var family = name.endsWith("6") ? IpFamily.IPV6 : IpFamily.IPV4;
    return node.filter(n -> n.speaker(family).isPresent())
        .map(n -> run(console(n, family, cluster), command, cluster.now()))
        .orElseGet(() -> new ExecResult("", name + ": no daemon runs here\n", 1));
  }

  private static ExecResult run(BirdConsole console, List<String> words, Instant now) {
    var command = new ArrayList<String>();
    var out = new StringBuilder(BirdConsole.asClientPrints(console.banner()));
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
