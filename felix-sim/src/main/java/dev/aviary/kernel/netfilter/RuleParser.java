package dev.aviary.kernel.netfilter;

import dev.aviary.kernel.packet.IpProtocol;
import dev.aviary.net.IpFamily;
import dev.aviary.net.Prefix;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Reads the words of one rule behind "-A CHAIN". */
final class RuleParser {
  private static final int LONGEST_DEVICE = 15;

  private final IpFamily family;
  private final Predicate<String> isChain;
  private final boolean lenient;
  private final List<String> words;
  private int at;

  private @Nullable Prefix source;
  private boolean notSource;
  private @Nullable Prefix destination;
  private boolean notDestination;
  private @Nullable String inDevice;
  private boolean notInDevice;
  private @Nullable String outDevice;
  private boolean notOutDevice;
  private int protocol;
  private boolean notProtocol;
  private boolean fragment;
  private boolean notFragment;
  private final List<Loaded> loaded = new ArrayList<>();
  private final StringBuilder given = new StringBuilder();
  private @Nullable Loaded target;
  private @Nullable String jump;
  private boolean isGoto;

  /** An extension on the line with its options so far. */
  private record Loaded(String name, @Nullable Extension extension, List<Extension.Given> given) {}

  /**
   * A parser for one rule.
   *
   * @param isChain says which user chains there are
   * @param lenient true to take unknown matches and targets as ones that never match or act
   */
  RuleParser(IpFamily family, List<String> words, Predicate<String> isChain, boolean lenient) {
    this.family = family;
    this.words = words;
    this.isChain = isChain;
    this.lenient = lenient;
  }

  Rule parse() throws RuleException {
    while (at < words.size()) {
      boolean inverted = words.get(at).equals("!");
      if (inverted) {
        at++;
      }
      if (at >= words.size()) {
        throw Values.bad("no command specified");
      }
      option(words.get(at++), inverted);
    }
    return build();
  }

  private String next(String option) throws RuleException {
    if (at >= words.size()) {
      throw Values.bad("option \"" + option + "\" requires an argument");
    }
    return words.get(at++);
  }

  /** True if the old form "--option ! value" stands here. */
  private boolean invertedHere(boolean inverted) {
    if (!inverted && at < words.size() && words.get(at).equals("!")) {
      at++;
      return true;
    }
    return inverted;
  }

  private void option(String word, boolean before) throws RuleException {
    switch (word) {
      case "-s", "--source", "--src" -> {
        once('s');
        notSource = invertedHere(before);
        source = any(Values.prefix(next(word), family), notSource);
      }
      case "-d", "--destination", "--dst" -> {
        once('d');
        notDestination = invertedHere(before);
        destination = any(Values.prefix(next(word), family), notDestination);
      }
      case "-i", "--in-interface" -> {
        once('i');
        notInDevice = invertedHere(before);
        inDevice = device(next(word));
      }
      case "-o", "--out-interface" -> {
        once('o');
        notOutDevice = invertedHere(before);
        outDevice = device(next(word));
      }
      case "-p", "--protocol", "--proto" -> {
        once('p');
        notProtocol = invertedHere(before);
        protocol = protocol(next(word));
      }
      case "-f", "--fragment" -> {
        fragment = true;
        notFragment = before;
      }
      case "-m", "--match" -> load(next(word));
      case "-j", "--jump" -> {
        once('j');
        jump(next(word));
      }
      case "-g", "--goto" -> {
        once('j');
        jump = next(word);
        isGoto = true;
      }
      case "-4", "--ipv4", "-6", "--ipv6" -> {}
      default -> extensionOption(word, before);
    }
  }

  private void once(char option) throws RuleException {
    if (given.indexOf(String.valueOf(option)) >= 0) {
      throw Values.bad("multiple -" + option + " flags not allowed");
    }
    given.append(option);
  }

  private static @Nullable Prefix any(Prefix prefix, boolean inverted) {
    return prefix.length() == 0 && !inverted ? null : prefix;
  }

  private static @Nullable String device(String name) throws RuleException {
    if (name.length() > LONGEST_DEVICE) {
      throw Values.bad("interface name `" + name + "' must be shorter than 16 characters");
    }
    return name.equals("+") ? null : name;
  }

  private int protocol(String text) throws RuleException {
    if (text.equals("all")) {
      return 0;
    }
    return IpProtocol.parse(text)
        .orElseThrow(() -> Values.bad("unknown protocol \"" + text + "\" specified"));
  }

  private void load(String name) throws RuleException {
    var extension = Extension.match(name, family);
    if (extension.isEmpty() && !lenient) {
      throw Values.bad("Couldn't load match `" + name + "':No such file or directory\n");
    }
    loaded.add(new Loaded(name, extension.orElse(null), new ArrayList<>()));
  }

  private void jump(String name) throws RuleException {
    jump = name;
    isGoto = false;
    if (isChain.test(name) || TargetFactory.isVerdict(name)) {
      return;
    }
    var extension = Extension.target(name);
    if (extension.isEmpty() && !lenient) {
      throw Values.bad("Couldn't load target `" + name + "':No such file or directory\n");
    }
    target = new Loaded(name, extension.orElse(null), new ArrayList<>());
  }

  private void extensionOption(String word, boolean before) throws RuleException {
    if (target != null && take(target, word, before)) {
      return;
    }
    for (int i = loaded.size() - 1; i >= 0; i--) {
      if (take(loaded.get(i), word, before)) {
        return;
      }
    }
    var own = Extension.match(protocolMatch(), family);
    boolean missing = loaded.stream().noneMatch(l -> l.name.equals(protocolMatch()));
    if (own.isPresent() && missing && own.get().options().containsKey(word)) {
      load(own.get().name());
      take(loaded.getLast(), word, before);
      return;
    }
    if (lenient && takeUnknown(word, before)) {
      return;
    }
    throw Values.bad(
        word.startsWith("-") ? "unknown option \"" + word + "\"" : "Bad argument `" + word + "'");
  }

  /** The match that {@code -p} brings along by itself. */
  private String protocolMatch() {
    return protocol == IpProtocol.ICMPV6 ? "icmp6" : IpProtocol.name(protocol);
  }

  private boolean take(Loaded into, String word, boolean before) throws RuleException {
    var option = into.extension == null ? null : into.extension.options().get(word);
    if (option == null) {
      return false;
    }
    boolean inverted = invertedHere(before);
    var values = new ArrayList<String>();
    for (int i = 0; i < option.words(); i++) {
      values.add(next(word));
    }
    into.given.add(new Extension.Given(option.name(), inverted, values));
    return true;
  }

  /** Keeps an unknown extension's words up to the next option that is known. */
  private boolean takeUnknown(String word, boolean before) {
    Loaded into = target != null && target.extension == null ? target : null;
    if (into == null && !loaded.isEmpty() && loaded.getLast().extension == null) {
      into = loaded.getLast();
    }
    if (into == null) {
      return false;
    }
    var values = new ArrayList<String>();
    while (at < words.size() && !words.get(at).startsWith("-") && !words.get(at).equals("!")) {
      values.add(words.get(at++));
    }
    into.given.add(new Extension.Given(word, before, values));
    return true;
  }

  private Rule build() throws RuleException {
    var matches = new ArrayList<Match>();
    for (var each : loaded) {
      matches.add(
          each.extension == null
              ? new Match.Unknown(each.name, flat(each))
              : MatchFactory.build(each.name, each.given, family));
      requireProtocol(each.name);
    }
    if (fragment && family == IpFamily.IPV6) {
      throw Values.bad("unknown option \"-f\"");
    }
    return new Rule(
        source,
        notSource,
        destination,
        notDestination,
        inDevice,
        notInDevice,
        outDevice,
        notOutDevice,
        protocol,
        notProtocol,
        fragment,
        notFragment,
        matches,
        target());
  }

  private static List<String> flat(Loaded unknown) {
    var flat = new ArrayList<String>();
    for (var given : unknown.given) {
      if (given.inverted()) {
        flat.add("!");
      }
      flat.add(given.name());
      flat.addAll(given.values());
    }
    return flat;
  }

  /** The kernel refuses port matches of a rule that isn't about their protocol. */
  private void requireProtocol(String match) throws RuleException {
    boolean wants =
        switch (match) {
          case "tcp" -> protocol == IpProtocol.TCP && !notProtocol;
          case "udp" -> protocol == IpProtocol.UDP && !notProtocol;
          case "sctp" -> protocol == IpProtocol.SCTP && !notProtocol;
          case "icmp" -> protocol == IpProtocol.ICMP && !notProtocol;
          case "icmp6" -> protocol == IpProtocol.ICMPV6 && !notProtocol;
          case "multiport" -> IpProtocol.hasPorts(protocol) && !notProtocol;
          default -> true;
        };
    if (!wants) {
      if (match.equals("multiport")) {
        throw Values.bad(
            "multiport needs `-p tcp', `-p udp', `-p udplite', `-p sctp' or `-p dccp'");
      }
      throw new RuleException(1, "Invalid argument. Run `dmesg' for more information.");
    }
  }

  private Target target() throws RuleException {
    if (target != null) {
      return target.extension == null
          ? new Target.Unknown(target.name, flat(target))
          : TargetFactory.build(target.name, target.given, family, protocol);
    }
    if (jump == null) {
      return new Target.None();
    }
    if (isGoto || !TargetFactory.isVerdict(jump)) {
      return new Target.Jump(jump, isGoto);
    }
    return TargetFactory.verdict(jump);
  }
}
