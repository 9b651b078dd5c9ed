package dev.aviary.felix.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aviary.felix.calc.Action;
import dev.aviary.felix.calc.Chain;
import dev.aviary.felix.calc.IptablesTable;
import dev.aviary.felix.calc.Match;
import dev.aviary.felix.calc.Rule;
import dev.aviary.felix.calc.TableState;
import dev.aviary.kernel.Kernel;
import dev.aviary.kernel.RestoreException;
import dev.aviary.kernel.netfilter.TableName;
import dev.aviary.net.IpFamily;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class TableDeltaTest {
  private static final Chain HOOK = Chain.of("FORWARD", Rule.of(new Action.Jump("cali-FORWARD")));
  private static final Chain LAST =
      Chain.appended("FORWARD", List.of(Rule.of(new Action.SetMark(0x10000))));
  private static final Rule DROP = Rule.of(Action.Verdict.DROP);
  private static final Rule TCP = Rule.of(Match.ANY.protocol("tcp"), Action.Verdict.ACCEPT);

  private static TableState state(Rule... rules) {
    var chains = new TreeMap<String, Chain>();
    chains.put("cali-FORWARD", Chain.of("cali-FORWARD", rules));
    return new TableState(IptablesTable.FILTER, List.of(HOOK), List.of(LAST), chains);
  }

  private static String saved(String... lines) {
    return "*filter\n:FORWARD ACCEPT [0:0]\n:DOCKER - [0:0]\n:KUBE-FORWARD - [0:0]\n"
        + String.join("\n", lines)
        + "\nCOMMIT\n";
  }

  private static String delta(TableState state, String saved) {
    var kernel =
        new Kernel("n", InstantSource.fixed(Instant.EPOCH), RandomGenerator.of("L64X128MixRandom"));
    try {
      kernel.iptablesRestore(IpFamily.IPV4, saved, false);
    } catch (RestoreException e) {
      throw new IllegalArgumentException(saved, e);
    }
    var reading =
        TableReading.EMPTY.refreshed(kernel.netfilter(IpFamily.IPV4), TableName.FILTER, -1);
    return TableDelta.text(state, reading, true);
  }

  private static String hook() {
    return HOOK.lines().getFirst();
  }

  private static String last() {
    return LAST.lines().getFirst();
  }

  private static String line(Chain chain, int index) {
    return chain.lines().get(index);
  }

  @Test
  void anEmptyTableGetsEverything() {
    var chain = Chain.of("cali-FORWARD", TCP, DROP);
    assertThat(delta(state(TCP, DROP), saved()))
        .isEqualTo(
            "*filter\n:cali-FORWARD - [0:0]\n"
                + line(chain, 0)
                + "\n"
                + line(chain, 1)
                + "\n"
                + hook().replace("-A ", "-I ")
                + "\n"
                + last()
                + "\nCOMMIT\n");
  }

  @Test
  void whatIsThereAlreadyIsLeftAlone() {
    var chain = Chain.of("cali-FORWARD", TCP);
    assertThat(
            delta(
                state(TCP),
                saved(
                    ":cali-FORWARD - [0:0]",
                    hook(),
                    "-A FORWARD -j KUBE-FORWARD",
                    last(),
                    line(chain, 0))))
        .isEmpty();
  }

  @Test
  void aRuleThatIsGoneComesBackByItsIndex() {
    var chain = Chain.of("cali-FORWARD", TCP, DROP);
    assertThat(
            delta(state(TCP, DROP), saved(":cali-FORWARD - [0:0]", hook(), last(), line(chain, 1))))
        .isEqualTo(
            "*filter\n-R cali-FORWARD 1 "
                + chain.text(0)
                + "\n-A cali-FORWARD "
                + chain.text(1)
                + "\nCOMMIT\n");
  }

  @Test
  void rulesTooManyGoFromTheEnd() {
    var chain = Chain.of("cali-FORWARD", TCP, DROP, DROP);
    assertThat(
            delta(
                state(TCP),
                saved(
                    ":cali-FORWARD - [0:0]",
                    hook(),
                    last(),
                    line(chain, 0),
                    line(chain, 1),
                    line(chain, 2))))
        .isEqualTo("*filter\n-D cali-FORWARD 2\n-D cali-FORWARD 2\nCOMMIT\n");
  }

  @Test
  void aHookThatIsNoLongerFirstMovesBack() {
    var chain = Chain.of("cali-FORWARD", TCP);
    assertThat(
            delta(
                state(TCP),
                saved(
                    ":cali-FORWARD - [0:0]",
                    "-A FORWARD -j DOCKER",
                    hook(),
                    last(),
                    line(chain, 0))))
        .isEqualTo(
            "*filter\n-D FORWARD 3\n-D FORWARD 2\n"
                + hook().replace("-A ", "-I ")
                + "\n"
                + last()
                + "\nCOMMIT\n");
  }

  @Test
  void chainsOfEarlierFelixesGo() {
    var chain = Chain.of("cali-FORWARD", TCP);
    assertThat(
            delta(
                state(TCP),
                saved(
                    ":cali-FORWARD - [0:0]",
                    ":felix-INPUT - [0:0]",
                    ":cali-tw-cali1234 - [0:0]",
                    "-A FORWARD -j felix-INPUT",
                    hook(),
                    last(),
                    line(chain, 0))))
        .isEqualTo(
            "*filter\n:felix-INPUT - [0:0]\n:cali-tw-cali1234 - [0:0]\n"
                + "-D FORWARD 3\n-D FORWARD 2\n-D FORWARD 1\n"
                + hook().replace("-A ", "-I ")
                + "\n"
                + last()
                + "\n-X felix-INPUT\n-X cali-tw-cali1234\nCOMMIT\n");
  }

  @Test
  void ourRulesInChainsOfOthersGo() {
    var chain = Chain.of("cali-FORWARD", TCP);
    assertThat(
            delta(
                state(TCP),
                saved(
                    ":cali-FORWARD - [0:0]",
                    hook(),
                    last(),
                    "-A INPUT -m comment --comment \"cali:Cz_u1IQiXIMmKD4c\" -j cali-FORWARD",
                    line(chain, 0))))
        .isEqualTo("*filter\n-D INPUT 1\nCOMMIT\n");
  }
}
