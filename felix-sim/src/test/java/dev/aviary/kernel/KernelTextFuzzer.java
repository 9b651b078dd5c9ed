package dev.aviary.kernel;

import dev.aviary.kernel.command.Commands;
import dev.aviary.kernel.conntrack.ConntrackParser;
import dev.aviary.kernel.route.RouteParser;
import dev.aviary.net.IpFamily;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Any octets as a text for one of the readers; the first octet says which. A text is taken, and
 * then what is printed of it is taken too and prints the same, or it is refused with its line, and
 * then nothing has changed.
 */
final class KernelTextFuzzer {
  private static final String TABLES =
      "*filter\n:A - [0:0]\n-A FORWARD -m set --match-set S src -j A\nCOMMIT\n";
  private static final String SETS = "create S hash:net family inet\nadd S 10.0.0.0/8\n";
  private static final List<String> TOOLS =
      List.of("ip route", "ip -6 route", "ip rule", "ip addr", "ip neigh", "ipset", "iptables");

  private KernelTextFuzzer() {}

  /** The entry point that fuzzers look for. */
  public static void fuzzerTestOneInput(byte[] input) {
    if (input.length < 1 || input.length > 16_384) {
      return;
    }
    var text = new String(Arrays.copyOfRange(input, 1, input.length), StandardCharsets.ISO_8859_1);
    var kernel = kernel();
    switch ((input[0] & 0xff) % 6) {
      case 0 -> restore(kernel, text, false);
      case 1 -> restore(kernel, text, true);
      case 2 -> sets(kernel, text);
      case 3 -> route(text);
      case 4 -> connection(kernel, text);
      default -> command(kernel, text);
    }
  }

  private static Kernel kernel() {
    var kernel = new Kernel("k", () -> Instant.EPOCH, new Random(1));
    try {
      kernel.ipsetRestore(SETS);
      kernel.iptablesRestore(IpFamily.IPV4, TABLES, false);
    } catch (RestoreException e) {
      throw new IllegalStateException(e);
    }
    return kernel;
  }

  private static void check(boolean holds, String what) {
    if (!holds) {
      throw new IllegalStateException(what);
    }
  }

  private static String saved(Kernel kernel) {
    return kernel.iptablesSave(IpFamily.IPV4, null, true).replaceAll("(?m)^#.*", "");
  }

  private static void restore(Kernel kernel, String text, boolean noFlush) {
    var before = saved(kernel);
    try {
      kernel.iptablesRestore(IpFamily.IPV4, text, noFlush);
    } catch (RestoreException e) {
      check(e.line() > 0 && !String.valueOf(e.getMessage()).isBlank(), "no line or reason");
      check(saved(kernel).equals(before), "refused, and yet something changed");
      return;
    }
    var printed = saved(kernel);
    try {
      kernel.iptablesRestore(IpFamily.IPV4, printed, false);
    } catch (RestoreException e) {
      throw new IllegalStateException("what was printed is refused: " + printed, e);
    }
    check(saved(kernel).equals(printed), "read again it is another: " + printed);
  }

  private static void sets(Kernel kernel, String text) {
    var before = kernel.ipsetSave();
    try {
      kernel.ipsetRestore(text);
    } catch (RestoreException e) {
      check(e.line() > 0 && !String.valueOf(e.getMessage()).isBlank(), "no line or reason");
      check(kernel.ipsetSave().equals(before), "refused, and yet something changed");
      return;
    }
    var other = new Kernel("o", () -> Instant.EPOCH, new Random(1));
    try {
      other.ipsetRestore(kernel.ipsetSave());
    } catch (RestoreException e) {
      throw new IllegalStateException("what was printed is refused: " + kernel.ipsetSave(), e);
    }
  }

  private static void route(String text) {
    for (var family : IpFamily.values()) {
      try {
        check(!RouteParser.line(family, text).toString().isEmpty(), "a route without a text");
      } catch (RouteParser.BadRouteException e) {
        check(!String.valueOf(e.getMessage()).isBlank(), "no reason");
      }
    }
  }

  private static void connection(Kernel kernel, String text) {
    try {
      kernel.conntrack().load(text);
    } catch (ConntrackParser.BadLineException e) {
      check(!String.valueOf(e.getMessage()).isBlank(), "no reason");
      check(kernel.conntrack().size() == 0, "refused, and yet something changed");
    }
  }

  private static void command(Kernel kernel, String text) {
    for (var tool : TOOLS) {
      var result = Commands.run(kernel, List.of((tool + " " + text).split(" ", -1)));
      check(result.exit() >= 0 && result.exit() <= 255, "exit code " + result.exit());
    }
  }
}
