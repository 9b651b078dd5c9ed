package dev.aviary.felix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.aviary.felix.calc.CalicoNames;
import dev.aviary.kernel.Kernel;
import dev.aviary.net.IpFamily;
import dev.aviary.net.Vectors;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Whatever an earlier Felix left on a real host, a new one takes over or cleans away. */
class LeftoversVectorsTest {
  /** Built-in chains, and targets that are none. */
  private static final Set<String> NOT_CHAINS =
      Set.of(
          "INPUT",
          "FORWARD",
          "OUTPUT",
          "PREROUTING",
          "POSTROUTING",
          "ACCEPT",
          "DROP",
          "RETURN",
          "REJECT",
          "MARK",
          "LOG",
          "DNAT",
          "SNAT",
          "MASQUERADE",
          "NOTRACK",
          "CT",
          "TRACE");

  @TestFactory
  Stream<DynamicTest> onlyWhatIsWantedStays() {
    return Vectors.list("iptables-dumps", "*.txt").stream()
        .map(LeftoversVectorsTest::name)
        .map(name -> dynamicTest(name, () -> check(Vectors.text("iptables-dumps/" + name))));
  }

  private static String name(Path file) {
    return String.valueOf(file.getFileName());
  }

  private static void check(String dump) throws Exception {
    var used = kernel();
    used.netfilter(IpFamily.IPV4).setLenient(true);
    for (var set : named(dump, "--match-set ([^ ]+)")) {
      used.ipsetRestore("create " + set + " hash:net family inet\n");
    }
    used.iptablesRestore(IpFamily.IPV4, loadable(dump), true);
    var foreign = foreignRules(used);
    var inputs = SeedCluster.inputs("node1");
    new Felix(SeedCluster.config(), used).apply(inputs);
    var fresh = kernel();
    new Felix(SeedCluster.config(), fresh).apply(inputs);
    assertThat(ours(used)).isEqualTo(ours(fresh));
    assertThat(foreignRules(used)).isEqualTo(foreign);
  }

  private static Kernel kernel() {
    return new Kernel(
        "node1", InstantSource.fixed(Instant.EPOCH), RandomGenerator.of("L64X128MixRandom"));
  }

  private static SortedSet<String> named(String dump, String pattern) {
    var names = new TreeSet<String>();
    var matcher = Pattern.compile(pattern).matcher(dump);
    while (matcher.find()) {
      names.add(matcher.group(1));
    }
    return names;
  }

  /** Excerpts lack what a restore needs: the table, the ends, the chains that rules name. */
  private static String loadable(String dump) {
    var tables = new LinkedHashMap<String, StringBuilder>();
    var table = "filter";
    for (var line : dump.lines().toList()) {
      if (line.startsWith("*") || line.startsWith("## table ")) {
        table = line.substring(line.startsWith("*") ? 1 : "## table ".length()).strip();
      } else if (line.startsWith("-A ")) {
        tables.computeIfAbsent(table, _ -> new StringBuilder()).append(line).append('\n');
      }
    }
    var text = new StringBuilder();
    tables.forEach(
        (key, rules) -> {
          text.append('*').append(key).append('\n');
          var chains = named(rules.toString(), "(?m)^-A ([^ ]+)");
          chains.addAll(named(rules.toString(), "(?m) -[jg] ([^ \n]+)"));
          chains.removeAll(NOT_CHAINS);
          chains.forEach(c -> text.append(':').append(c).append(" - [0:0]\n"));
          text.append(rules).append("COMMIT\n");
        });
    return text.toString();
  }

  private static List<String> rules(Kernel kernel, Predicate<String> wanted) {
    return kernel
        .iptablesSave(IpFamily.IPV4, null)
        .lines()
        .filter(l -> l.startsWith("-A ") || l.startsWith(":"))
        .filter(wanted)
        .sorted()
        .toList();
  }

  private static boolean isOurs(String line) {
    var chain = line.startsWith(":") ? line.substring(1) : line.substring(3);
    return CalicoNames.isOurChain(chain)
        || line.contains("\"cali:")
        || named(line, " -[jg] ([^ ]+)").stream().anyMatch(CalicoNames::isOurChain);
  }

  private static List<String> ours(Kernel kernel) {
    return rules(kernel, LeftoversVectorsTest::isOurs);
  }

  private static List<String> foreignRules(Kernel kernel) {
    return rules(kernel, l -> l.startsWith("-A ") && !isOurs(l));
  }
}
