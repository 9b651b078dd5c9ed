package dev.aviary.kernel.netfilter;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The commands that change a table: -A -I -D -R -C -F -N -X -P -E -Z. */
final class RuleCommand {
  private RuleCommand() {}

  private static String word(List<String> words, int at, String option) throws RuleException {
    if (at >= words.size()) {
      throw Values.bad("option \"" + option + "\" requires an argument");
    }
    return words.get(at);
  }

  private static @Nullable String optional(List<String> words, int at) {
    return at < words.size() ? words.get(at) : null;
  }

  private static boolean isNumber(@Nullable String text) {
    return text != null
        && !text.isEmpty()
        && text.length() < 10
        && text.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  /** True if the words begin with a command that changes something. */
  static boolean isChange(String word) {
    return switch (word) {
      case "-A",
          "--append",
          "-I",
          "--insert",
          "-D",
          "--delete",
          "-R",
          "--replace",
          "-C",
          "--check",
          "-F",
          "--flush",
          "-N",
          "--new-chain",
          "-X",
          "--delete-chain",
          "-P",
          "--policy",
          "-E",
          "--rename-chain",
          "-Z",
          "--zero" ->
          true;
      default -> false;
    };
  }

  static void run(Staging staging, List<String> words, long packets, long octets)
      throws RuleException {
    var command = words.isEmpty() ? "" : words.getFirst();
    switch (command) {
      case "-A", "--append" -> {
        var chain = chain(staging, words, command);
        staging.append(
            chain, parse(staging, chain, words.subList(2, words.size())), packets, octets);
      }
      case "-I", "--insert" -> {
        var chain = chain(staging, words, command);
        boolean numbered = isNumber(optional(words, 2));
        int number = numbered ? Integer.parseInt(words.get(2)) : 1;
        var rule = parse(staging, chain, words.subList(numbered ? 3 : 2, words.size()));
        staging.insert(chain, number, rule);
      }
      case "-R", "--replace" -> {
        var chain = chain(staging, words, command);
        var number = word(words, 2, command);
        if (!isNumber(number)) {
          throw Values.bad("invalid rule number `" + number + "' specified");
        }
        staging.replace(
            chain, Integer.parseInt(number), parse(staging, chain, words.subList(3, words.size())));
      }
      case "-D", "--delete" -> {
        var chain = chain(staging, words, command);
        if (words.size() == 3 && isNumber(words.get(2))) {
          staging.delete(chain, Integer.parseInt(words.get(2)));
        } else {
          staging.delete(chain, parse(staging, chain, words.subList(2, words.size())));
        }
      }
      case "-C", "--check" -> {
        var chain = chain(staging, words, command);
        staging.find(chain, parse(staging, chain, words.subList(2, words.size())));
      }
      case "-F", "--flush" -> staging.flush(optional(words, 1));
      case "-Z", "--zero" -> staging.zero(optional(words, 1));
      case "-N", "--new-chain" -> staging.newChain(word(words, 1, command));
      case "-X", "--delete-chain" -> staging.deleteChain(optional(words, 1));
      case "-P", "--policy" -> staging.policy(word(words, 1, command), word(words, 2, command));
      case "-E", "--rename-chain" ->
          staging.rename(word(words, 1, command), word(words, 2, command));
      default -> throw Values.bad("Bad argument `" + command + "'");
    }
  }

  /** A rule of a built-in chain cannot ask for a device that a packet has not there. */
  private static Rule parse(Staging staging, String chain, List<String> words)
      throws RuleException {
    var rule = staging.parse(words);
    boolean coming = chain.equals("PREROUTING") || chain.equals("INPUT");
    boolean going = chain.equals("POSTROUTING") || chain.equals("OUTPUT");
    if ((coming && rule.outDevice() != null) || (going && rule.inDevice() != null)) {
      throw Values.bad("Can't use -" + (coming ? 'o' : 'i') + " with " + chain + "\n");
    }
    return rule;
  }

  private static String chain(Staging staging, List<String> words, String command)
      throws RuleException {
    var chain = word(words, 1, command);
    if (!staging.hasChain(chain)) {
      throw Staging.noSuchChain();
    }
    return chain;
  }
}
