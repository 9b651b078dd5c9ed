package dev.aviary.kernel.netfilter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aviary.net.IpFamily;
import dev.aviary.net.Vectors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Rules that real tools printed come back as they were; arguments print as the tool prints them.
 */
class RuleTextVectorsTest {

  private static Rule parse(String words, IpFamily family) throws RuleException {
    return new RuleParser(
            family,
            Tokens.split(words),
            name -> Extension.target(name).isEmpty() && !TargetFactory.isVerdict(name),
            false)
        .parse();
  }

  @TestFactory
  List<DynamicTest> dumpsComeBackAsTheyWere() throws IOException {
    var files = new ArrayList<>(Vectors.list("iptables-dumps", "*.txt"));
    files.addAll(Vectors.list("kube-proxy/dumps", "*iptables-save*.txt"));
    files.addAll(Vectors.list("kube-proxy/lab", "*iptables-save.txt"));
    files.addAll(Vectors.list("kube-proxy/kube-tests", "*iptables-save.txt"));
    files.addAll(Vectors.list("kube-proxy/render", "*.S.*.txt"));
    files.addAll(Vectors.list("kube-proxy/render", "*.save.*.txt"));
    for (var folder : Vectors.list("kube-proxy/code-golden", "*")) {
      try (var inside = Files.newDirectoryStream(folder, "*iptables-save.txt")) {
        inside.forEach(files::add);
      }
    }
    return files.stream()
        .map(
            file ->
                DynamicTest.dynamicTest(
                    file.subpath(file.getNameCount() - 2, file.getNameCount()).toString(),
                    () -> dump(file)))
        .toList();
  }

  private static void dump(Path file) throws IOException, RuleException {
    var text = Files.readString(file);
    var family = text.contains("/128") || text.contains("-m icmp6") ? IpFamily.IPV6 : IpFamily.IPV4;
    var expected = new ArrayList<String>();
    var actual = new ArrayList<String>();
    for (var line : text.lines().toList()) {
      var rule = line.replaceFirst("^\\[\\d+:\\d+] ", "");
      if (!rule.startsWith("-A ")) {
        continue;
      }
      var rest = rule.substring(3);
      int blank = rest.indexOf(' ');
      if (blank < 0 || rule.contains("...") || rule.contains("…")) {
        continue; // shortened by whoever published it
      }
      expected.add(rule.stripTrailing());
      actual.add(
          ("-A " + rest.substring(0, blank) + " " + parse(rest.substring(blank + 1), family))
              .stripTrailing());
    }
    assertThat(String.join("\n", actual)).isEqualTo(String.join("\n", expected));
  }

  @TestFactory
  List<DynamicTest> argumentsPrintAsTheToolPrintsThem() {
    var rows = new LinkedHashMap<String, Map<String, String>>();
    for (var line : Vectors.text("kube-proxy/render/rules-1.8.7-legacy.tsv").lines().toList()) {
      var fields = line.split("\t", -1);
      if (fields.length >= 5 && !fields[1].startsWith("arguments")) {
        var forms = new LinkedHashMap<String, String>();
        forms.put("-S", fields[2]);
        forms.put("-L -n", fields[3]);
        forms.put("-L -n -v", fields[4]);
        rows.put(fields[1], forms);
      }
    }
    for (var line : Vectors.text("kube-proxy/render/rules-other-versions.tsv").lines().toList()) {
      var fields = line.split("\t", -1);
      if (fields[0].equals("1.8.9-legacy")) {
        rows.computeIfAbsent(fields[2], _ -> new LinkedHashMap<>()).put(fields[3], fields[4]);
      }
    }
    var tests = new ArrayList<DynamicTest>();
    rows.forEach(
        (arguments, forms) -> {
          if (!forms.getOrDefault("-S", "").startsWith("ERROR")) {
            tests.add(DynamicTest.dynamicTest(arguments, () -> row(arguments, forms)));
          }
        });
    return tests;
  }

  @TestFactory
  List<DynamicTest> listingsInTheMannerOf187() {
    var tests = new ArrayList<DynamicTest>();
    for (var line : Vectors.text("kube-proxy/render/rules-1.8.7-legacy.tsv").lines().toList()) {
      var fields = line.split("\t", -1);
      if (fields.length >= 5
          && !fields[1].startsWith("arguments")
          && !fields[2].startsWith("ERROR")) {
        tests.add(DynamicTest.dynamicTest(fields[1], () -> listed187(fields)));
      }
    }
    return tests;
  }

  private static void listed187(String[] fields) throws RuleException {
    var rule = parse(unquoted(fields[1]), IpFamily.IPV4);
    var entry = new RuleEntry(rule, 1, new Condition[0], null, 0, 0);
    var chain = Chain.user("RR", 1).withRules(List.of(entry));
    for (int i = 3; i < 5; i++) {
      var options = new ListText.Options(true, i == 4, false, false, IptablesRelease.V1_8_7);
      var listed = ListText.list(List.of(chain), options, IpFamily.IPV4, _ -> 0);
      assertThat(listed.lines().skip(2).toList())
          .containsExactly(fields[i].replaceFirst("\\|$", ""));
    }
  }

  private static String unquoted(String arguments) {
    // One row is quoted for the shell.
    return arguments.contains("'")
        ? arguments.replace("\"", "\\\"").replace("\\ back", "\\\\ back").replace("'", "\"")
        : arguments.replace("\\ back", "\\\\ back");
  }

  private static void row(String arguments, Map<String, String> forms) throws RuleException {
    var rule = parse(unquoted(arguments), IpFamily.IPV4);
    var entry = new RuleEntry(rule, 1, new Condition[0], null, 0, 0);
    var chain = Chain.user("RR", 1).withRules(List.of(entry));
    for (var form : forms.entrySet()) {
      var expected = form.getValue().replaceFirst("\\|$", "");
      if (form.getKey().equals("-S")) {
        assertThat(IptablesSave.rule("RR", rule)).isEqualTo(expected);
      } else {
        var options = new ListText.Options(true, form.getKey().contains("-v"), false, false);
        var listed = ListText.list(List.of(chain), options, IpFamily.IPV4, _ -> 0);
        assertThat(listed.lines().skip(2).toList()).containsExactly(expected);
      }
    }
  }
}
