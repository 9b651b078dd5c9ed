package dev.aviary.kernel.netfilter;

import dev.aviary.kernel.packet.PacketCodec;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One packet's run through a built-in chain, for those who listen to {@link RuleTraces}. Chains
 * that nf_tables would not have made say nothing.
 */
final class ChainTrace {
  private final Environment environment;
  private final TableName table;
  private final ChainSlot start;
  private boolean started;

  ChainTrace(Environment environment, TableName table, ChainSlot start) {
    this.environment = environment;
    this.table = table;
    this.start = start;
  }

  /** Tells of a rule after it acted; {@code decided} is null where the packet goes on. */
  void rule(Skb skb, String chain, RuleEntry entry, @Nullable Verdict decided) {
    if (!skb.isTraced()) {
      return;
    }
    RuleTraces.Verdict verdict;
    if (entry.target() instanceof Target.Jump(var to, var isGoto)) {
      verdict = new RuleTraces.Verdict.Enter(to, isGoto);
    } else if (entry.target() instanceof Target.Return) {
      verdict = new RuleTraces.Verdict.Return();
    } else if (decided == null) {
      verdict = new RuleTraces.Verdict.Continue();
    } else {
      verdict = verdict(decided instanceof Verdict.Accept);
    }
    var event = event(skb, chain, entry.rule(), entry.handle(), verdict);
    if (event == null) {
      return;
    }
    if (decided instanceof Verdict.Reject) {
      // REJECT sends its answer, which has events of its own, while the rule is still at work.
      skb.setAfterAnswer(() -> environment.traces().tell(event));
    } else {
      environment.traces().tell(event);
    }
  }

  /** Tells that the built-in chain's policy decided. */
  void policy(Skb skb) {
    if (skb.isTraced()) {
      var event = event(skb, start.name(), null, 0, verdict(!start.chain().drops()));
      if (event != null) {
        environment.traces().tell(event);
      }
    }
  }

  private static RuleTraces.Verdict verdict(boolean accepted) {
    return accepted ? new RuleTraces.Verdict.Accept() : new RuleTraces.Verdict.Drop();
  }

  private RuleTraces.@Nullable Event event(
      Skb skb, String chain, @Nullable Rule rule, int handle, RuleTraces.Verdict verdict) {
    if (start.chain().handle() == 0) {
      return null;
    }
    var event =
        new RuleTraces.Event(
            skb.traceId(environment.random()),
            skb.packet().family(),
            table,
            chain,
            rule,
            handle,
            verdict,
            skb.mark(),
            started ? null : start(skb));
    started = true;
    return event;
  }

  private static RuleTraces.Start start(Skb skb) {
    return new RuleTraces.Start(
        skb.inDevice(),
        skb.outDevice(),
        skb.macTo(),
        skb.macFrom(),
        ByteBuffer.wrap(PacketCodec.encode(skb.packet())).asReadOnlyBuffer());
  }
}
