package dev.aviary.emulator.cli;

import dev.aviary.emulator.cluster.Cluster;
import dev.aviary.emulator.cluster.JsonText;
import dev.aviary.emulator.cluster.PoolUsage;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code aviary ipam …}: calicoctl's verbs about addresses. */
@Command(
    name = "ipam",
    description = "Reports about addresses, as calicoctl prints them.",
    subcommands = IpamCommand.Show.class)
final class IpamCommand {

  private IpamCommand() {}

  /** {@code aviary ipam show}. */
  @Command(
      name = "show",
      description = "How much of each pool is in use.",
      footerHeading = "%nExamples:%n",
      footer = {
        "  aviary ipam show                  a row per pool",
        "  aviary ipam show --show-blocks    and a row per block",
      })
  static final class Show implements Callable<Integer> {
    private static final int DIGITS = 5;

    private final Context context;

    @Option(names = "--show-blocks", description = "A row for each block, too.")
    private boolean showBlocks;

    @Option(
        names = {"-o", "--output"},
        paramLabel = "FORMAT",
        description = "json")
    private Optional<OutputFormat> output = Optional.empty();

    Show(Context context) {
      this.context = context;
    }

    @Override
    public Integer call() throws Exception {
      return context.withCluster(this::print);
    }

    private int print(Cluster cluster) {
      var usage = cluster.poolUsage();
      context
          .console()
          .out()
          .print(output.isPresent() ? JsonText.print(json(usage)) : text(usage, showBlocks));
      return ExitCodes.OK;
    }

    private static List<Map<String, Object>> json(List<PoolUsage> usage) {
      var pools = new ArrayList<Map<String, Object>>();
      for (var pool : usage) {
        var blocks = new ArrayList<Map<String, Object>>();
        for (var block : pool.blocks()) {
          var row = new LinkedHashMap<String, Object>();
          row.put("cidr", block.cidr().toString());
          row.put("capacity", block.capacity());
          row.put("inUse", block.inUse());
          blocks.add(row);
        }
        var row = new LinkedHashMap<String, Object>();
        row.put("pool", pool.orphans() ? null : pool.cidr().toString());
        row.put("capacity", pool.capacity());
        row.put("inUse", pool.inUse());
        row.put("blocks", blocks);
        pools.add(row);
      }
      return pools;
    }

    static String text(List<PoolUsage> usage, boolean showBlocks) {
      var table = new BorderedTable("Grouping", "CIDR", "IPs Total", "IPs In Use", "IPs Free");
      for (var pool : usage) {
        if (!pool.orphans()) {
          row(table, "IP Pool", pool.cidr().toString(), pool.capacity(), pool.inUse());
        }
        if (showBlocks) {
          for (var block : pool.blocks()) {
            row(
                table,
                "Block",
                block.cidr().toString(),
                BigInteger.valueOf(block.capacity()),
                block.inUse());
          }
        }
      }
      return table.print();
    }

    private static void row(
        BorderedTable table, String grouping, String cidr, BigInteger capacity, long inUse) {
      var free = capacity.subtract(BigInteger.valueOf(inUse));
      table.row(
          grouping,
          cidr,
          number(capacity),
          number(BigInteger.valueOf(inUse)) + percent(BigInteger.valueOf(inUse), capacity),
          number(free) + percent(free, capacity));
    }

    /** C's "%.5g": five digits, an exponent where those do not reach. */
    static String number(BigInteger value) {
      var rounded = new BigDecimal(value).round(new MathContext(DIGITS, RoundingMode.HALF_EVEN));
      int exponent = rounded.precision() - rounded.scale() - 1;
      if (exponent < DIGITS) {
        return rounded.toBigInteger().toString();
      }
      var digits =
          new BigDecimal(rounded.unscaledValue(), rounded.precision() - 1)
              .stripTrailingZeros()
              .toPlainString();
      return digits + String.format(Locale.ROOT, "e+%02d", exponent);
    }

    private static String percent(BigInteger part, BigInteger whole) {
      var percent =
          new BigDecimal(part.multiply(BigInteger.valueOf(100)))
              .divide(new BigDecimal(whole), 0, RoundingMode.HALF_EVEN);
      return " (" + percent.toPlainString() + "%)";
    }
  }
}
