package dev.aviary.kernel.conntrack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.InstantSource;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConntrackParserTest {
  private static final String LINE =
      "tcp      6 86394 ESTABLISHED src=192.168.43.1 dst=192.168.43.152 sport=50447 dport=30000 "
          + "src=10.244.166.159 dst=192.168.43.152 sport=80 dport=13174 [ASSURED] mark=0 use=1";

  private final Conntrack table = new Conntrack(InstantSource.fixed(Instant.EPOCH), _ -> 60);

  @Test
  void aNodePortConnectionIsTranslatedOnBothSides() throws ConntrackParser.BadLineException {
    table.load(LINE);
    var entry = table.entries().getFirst();
    assertThat(entry.isSourceNat()).isTrue();
    assertThat(entry.isDestinationNat()).isTrue();
    assertThat(entry.isAssured()).isTrue();
    assertThat(entry.remaining(0)).hasSeconds(86394);
    assertThat(ConntrackText.line(entry, 0, false, false)).isEqualTo(LINE);
    assertThat(table.find(entry.reply(), true)).isSameAs(entry);
  }

  @Test
  void thereIsOnlyOneOfEach() throws ConntrackParser.BadLineException {
    table.load(LINE);
    assertThatThrownBy(() -> table.load(LINE)).hasMessage("there is such a connection already");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "tcp|a protocol number is missing",
        "tcp six|'six' is not a protocol number",
        "tcp 6 10 OPEN src=1.1.1.1|'OPEN' is not a TCP state",
        "udp 17 30 src=1.1.1|'1.1.1' is not an address",
        "udp 17 30 src=1.1.1.1 dst=2.2.2.2 sport=70000|'70000' is not a number for sport",
        "udp 17 30 dst=2.2.2.2|src= expected, not 'dst=2.2.2.2'",
      })
  void whatIsNoConnectionIsRefused(String line, String message) {
    assertThatThrownBy(() -> table.load(line))
        .isInstanceOf(ConntrackParser.BadLineException.class)
        .hasMessage(message);
    assertThat(table.size()).isZero();
  }

  @Property(tries = 2000)
  void anyTextIsReadOrRefused(@ForAll String noise, @ForAll byte at) {
    int cut = Math.floorMod(at, LINE.length());
    for (var text : new String[] {noise, LINE.substring(0, cut) + noise + LINE.substring(cut)}) {
      try {
        new Conntrack(InstantSource.fixed(Instant.EPOCH), _ -> 60).load(text);
      } catch (ConntrackParser.BadLineException e) {
        assertThat(e).hasMessageNotContaining("null");
      }
    }
  }
}
