package dev.aviary.emulator.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aviary.emulator.calicoctl.BorderedTable;
import java.util.List;
import org.junit.jupiter.api.Test;

class TablesTest {
  @Test
  void headersAreCentredAndCellsToTheLeft() {
    var table = new BorderedTable("Peer address", "Peer type", "State", "Since", "Info");
    table.row("192.168.43.152", "node-to-node mesh", "up", "11:43:09", "Established");
    assertThat(table.print())
        .isEqualTo(
            """
            +----------------+-------------------+-------+----------+-------------+
            |  PEER ADDRESS  |     PEER TYPE     | STATE |  SINCE   |    INFO     |
            +----------------+-------------------+-------+----------+-------------+
            | 192.168.43.152 | node-to-node mesh | up    | 11:43:09 | Established |
            +----------------+-------------------+-------+----------+-------------+
            """);
  }

  @Test
  void longCellsAreWrappedSoThatLinesAreEven() {
    assertThat(BorderedTable.wrap("Active Socket: Connection reset by peer", 30))
        .containsExactly("Active Socket: Connection", "reset by peer");
    assertThat(BorderedTable.wrap("Active Received: Administrative shutdown", 30))
        .containsExactly("Active Received:", "Administrative shutdown");
    assertThat(BorderedTable.wrap("Idle BGP Error: Unexpected message in OpenSent state", 30))
        .containsExactly("Idle BGP Error: Unexpected", "message in OpenSent state");
  }

  @Test
  void numbersStandToTheRight() {
    var table = new BorderedTable("GROUPING", "IPS TOTAL");
    table.row("Block", "64");
    table.row("IP Pool", "1.2089e+24");
    assertThat(table.print())
        .contains("| Block    |         64 |\n")
        .contains("| IP Pool  | 1.2089e+24 |\n");
  }

  @Test
  void everyColumnOfAPlainTableIsPadded() {
    var table = new ColumnTable("NAME", "ASN");
    table.row(List.of("k8s-node1", "(64512)"));
    assertThat(table.print()).isEqualTo("NAME        ASN       \nk8s-node1   (64512)   \n\n");
  }
}
