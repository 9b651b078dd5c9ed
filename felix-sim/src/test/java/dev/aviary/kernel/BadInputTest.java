package dev.aviary.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.aviary.kernel.dump.DumpException;
import dev.aviary.kernel.dump.DumpedNetwork;
import dev.aviary.kernel.dump.HostDump;
import dev.aviary.net.IpFamily;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each way to be wrong: the line and the reason are told, and the tables stay as they were. */
class BadInputTest {
  private static final String GOOD = "*filter\n:A - [0:0]\n-A FORWARD -j A\nCOMMIT\n";

  private final Kernel kernel = new Kernel("n", () -> Instant.EPOCH, new Random(1));

  @BeforeEach
  void tables() throws RestoreException {
    kernel.ipsetRestore("create S hash:net family inet\nadd S 10.0.0.0/8\n");
    kernel.iptablesRestore(IpFamily.IPV4, GOOD, false);
  }

  private String saved() {
    return kernel.iptablesSave(IpFamily.IPV4, (String) null) + kernel.ipsetSave();
  }

  private static String text(String lines) {
    return lines.replace('~', '\n');
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "truncated within a rule | *filter~:B - [0:0]~-A B -m comment --comm | 3 | 'unknown option'",
        "no COMMIT | *filter~:B - [0:0]~-A B -j ACCEPT | 3 | 'COMMIT expected'",
        "jump to a missing chain | *filter~-A FORWARD -j NOSUCH~COMMIT | 2 | 'Couldn''t load target'",
        "goto a missing chain | *filter~-A FORWARD -g NOSUCH~COMMIT | 2 | 'line 2 failed'",
        "a rule in a missing chain | *filter~-A NOSUCH -j ACCEPT~COMMIT | 2 | 'line 2 failed'",
        "a loop of chains | *filter~:B - [0:0]~:C - [0:0]~-A B -j C~-A C -j B~COMMIT | 6 | 'line 6 failed'",
        "a chain into itself | *filter~:B - [0:0]~-A B -j B~COMMIT | 4 | 'line 4 failed'",
        "a missing set | *filter~-A FORWARD -m set --match-set T src~COMMIT | 2 | 'Set T doesn''t exist'",
        "the other family | *filter~-A FORWARD -s fd00::1~COMMIT | 2 | 'fd00::1'",
        "the other family of ICMP | *filter~-A FORWARD -p icmp -m icmp6 --icmpv6-type 1~COMMIT | 2 | 'icmp6'",
        "an unknown table | *nosuch~COMMIT | 1 | 'unable to initialize table'",
        "an unknown match | *filter~-A FORWARD -m nosuch~COMMIT | 2 | 'nosuch'",
        "an unknown target | *filter~-A FORWARD -j NOSUCH --x~COMMIT | 2 | 'NOSUCH'",
        "an option twice | *filter~-A FORWARD -s 1.2.3.4 -s 1.2.3.5~COMMIT | 2 | 'multiple -s flags not allowed'",
        "a device that is not there | *filter~-A INPUT -o eth0~COMMIT | 2 | 'Can''t use -o with INPUT'",
        "a target in the wrong table | *filter~-A FORWARD -j MASQUERADE~COMMIT | 2 | 'line 2 failed'",
        "octets that are no text | *filter~-A FORWARD \u0000\u0001~COMMIT | 2 | 'Bad argument'",
      })
  void aBadRuleIsToldAndChangesNothing(String what, String lines, int line, String reason) {
    var before = saved();
    var refusal =
        catchThrowableOfType(
            RestoreException.class,
            () -> kernel.iptablesRestore(IpFamily.IPV4, text(lines), false));
    assertThat(refusal).as(what).isNotNull();
    assertThat(refusal.line()).isEqualTo(line);
    assertThat(refusal).hasMessageContaining(reason);
    assertThat(saved()).isEqualTo(before);
  }

  @Test
  void aMegabyteOnOneLineIsRefused() {
    var before = saved();
    var line = "-A FORWARD -m comment --comment \"" + "x".repeat(1 << 20) + "\"";
    assertThatThrownBy(
            () -> kernel.iptablesRestore(IpFamily.IPV4, "*filter\n" + line + "\nCOMMIT\n", false))
        .isInstanceOfSatisfying(
            RestoreException.class, refusal -> assertThat(refusal.line()).isEqualTo(2))
        .hasMessageContaining("too long");
    assertThat(saved()).isEqualTo(before);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "truncated | create T hash:ip~add T 10.0.0.1~add T | 3",
        "a missing set | add T 10.0.0.1 | 1",
        "the other family | create T hash:ip~add T fd00::1 | 2",
        "an unknown type | create T hash:nosuch | 1",
        "a set twice | create S hash:net family inet | 1",
        "an unknown command | nosuch T | 1",
        "a member of another kind | create T hash:ip,port~add T 10.0.0.1 | 2",
        "a prefix too long | create T hash:net~add T 10.0.0.0/33 | 2",
      })
  void aBadSetIsToldAndChangesNothing(String what, String lines, int line) {
    var before = saved();
    var refusal =
        catchThrowableOfType(RestoreException.class, () -> kernel.ipsetRestore(text(lines)));
    assertThat(refusal).as(what).isNotNull();
    assertThat(refusal.line()).isEqualTo(line);
    assertThat(String.valueOf(refusal.getMessage())).isNotBlank();
    assertThat(saved()).isEqualTo(before);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "tables cut off | iptables-save.txt | *filter~:B - [0:0] | 2",
        "a set cut off | ipset-save.txt | create T hash:ip~add T | 2",
        "a route without an end | ip-route.txt | 10.0.0.0/8 via | 1",
        "a rule without an end | ip-rule.txt | 0: from all lookup local~1: from | 2",
        "a connection cut off | conntrack.txt | tcp      6 100 ESTABLISHED src=10.0.0.1 | 1",
      })
  void aDumpSaysItsFileAndLine(String what, String name, String lines, int line) {
    var file = new HostDump.File("d/" + name, text(lines));
    var link = "1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536\n    inet 127.0.0.1/8 scope host lo\n";
    var dump = new HostDump("n", List.of(new HostDump.File("d/ip-addr.txt", link), file));
    var refusal =
        catchThrowableOfType(
            DumpException.class,
            () ->
                DumpedNetwork.load(
                    List.of(dump),
                    host -> new Kernel(host, () -> Instant.EPOCH, new Random(1)),
                    false));
    assertThat(refusal).as(what).isNotNull();
    assertThat(refusal).hasMessageContaining("d/" + name).hasMessageContaining("" + line);
  }
}
