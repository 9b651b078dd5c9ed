package dev.aviary.kernel;

import dev.aviary.kernel.conntrack.CtInfo;
import dev.aviary.kernel.conntrack.Manip;
import dev.aviary.kernel.conntrack.Translation;
import dev.aviary.kernel.netfilter.Hook;
import dev.aviary.kernel.netfilter.Netfilter;
import dev.aviary.kernel.netfilter.Skb;
import dev.aviary.kernel.netfilter.TableName;
import dev.aviary.kernel.netfilter.Verdict;
import dev.aviary.kernel.packet.PacketSummary;
import org.jspecify.annotations.Nullable;

/** A packet's way through one hook: tables, conntrack and translation in order of priority. */
final class Hooks {
  private final Kernel kernel;

  Hooks(Kernel kernel) {
    this.kernel = kernel;
  }

  private Netfilter tables(Skb skb) {
    return kernel.netfilter(skb.packet().family());
  }

  /** Connects a packet's recorder, if there is one, so that rules that match become steps. */
  void listen(Skb skb, @Nullable Trace trace) {
    if (trace == null) {
      return;
    }
    skb.setWarnings(text -> trace.add(new Step.Warned(kernel.hostName(), text)));
    skb.setHits(
        hit ->
            trace.add(
                new Step.MatchedRule(
                    kernel.hostName(),
                    hit,
                    PacketSummary.of(skb.packet()),
                    skb.inDevice(),
                    skb.outDevice())));
  }

  /** The verdict of a hook, and whether it dropped without a rule having said so. */
  record Result(Verdict verdict, @Nullable DropReason reason, @Nullable String errno) {
    private static final Result ACCEPTED = new Result(new Verdict.Accept(), null, null);
    private static final Result CONFLICT = dropped(DropReason.NAT_CONFLICT, "EPERM");

    static Result dropped(DropReason reason, String errno) {
      return new Result(new Verdict.Drop(), reason, errno);
    }

    boolean accepted() {
      return verdict instanceof Verdict.Accept;
    }
  }

  private static Result of(Verdict verdict) {
    return verdict instanceof Verdict.Accept
        ? Result.ACCEPTED
        : new Result(verdict, null, verdict instanceof Verdict.Drop ? "EPERM" : null);
  }

  Result prerouting(Skb skb, @Nullable Trace trace) {
    var tables = tables(skb);
    var result = of(tables.run(TableName.RAW, Hook.PREROUTING, skb));
    if (result.accepted()) {
      track(skb, trace);
      result = of(tables.run(TableName.MANGLE, Hook.PREROUTING, skb));
    }
    return result.accepted() ? nat(Hook.PREROUTING, Manip.DESTINATION, skb, trace) : result;
  }

  Result input(Skb skb, @Nullable Trace trace) {
    var tables = tables(skb);
    var result = of(tables.run(TableName.MANGLE, Hook.INPUT, skb));
    if (result.accepted()) {
      result = of(tables.run(TableName.FILTER, Hook.INPUT, skb));
    }
    if (result.accepted()) {
      result = of(tables.run(TableName.SECURITY, Hook.INPUT, skb));
    }
    if (result.accepted()) {
      result = nat(Hook.INPUT, Manip.SOURCE, skb, trace);
    }
    return result.accepted() ? confirm(skb) : result;
  }

  Result forward(Skb skb) {
    var tables = tables(skb);
    var result = of(tables.run(TableName.MANGLE, Hook.FORWARD, skb));
    if (result.accepted()) {
      result = of(tables.run(TableName.FILTER, Hook.FORWARD, skb));
    }
    return result.accepted() ? of(tables.run(TableName.SECURITY, Hook.FORWARD, skb)) : result;
  }

  /** Asks to be routed again after mangle or nat changed what routing looks at. */
  @FunctionalInterface
  interface Reroute {
    /** The errno where there is no way any more, or null. */
    @Nullable String again(Skb skb);
  }

  Result output(Skb skb, @Nullable Trace trace, Reroute reroute) {
    var tables = tables(skb);
    var packet = skb.packet();
    var result = of(tables.run(TableName.RAW, Hook.OUTPUT, skb));
    if (!result.accepted()) {
      return result;
    }
    track(skb, trace);
    int mark = skb.mark();
    var source = packet.source();
    var destination = packet.destination();
    result = of(tables.run(TableName.MANGLE, Hook.OUTPUT, skb));
    if (!result.accepted()) {
      return result;
    }
    var errno = mark == skb.mark() ? null : reroute.again(skb);
    if (errno != null) {
      return Result.dropped(DropReason.NO_ROUTE, errno);
    }
    result = nat(Hook.OUTPUT, Manip.DESTINATION, skb, trace);
    if (!result.accepted()) {
      return result;
    }
    boolean changed = !source.equals(packet.source()) || !destination.equals(packet.destination());
    errno = changed ? reroute.again(skb) : null;
    if (errno != null) {
      return Result.dropped(DropReason.NO_ROUTE, errno);
    }
    // The new route's device shows from POSTROUTING on: filter OUTPUT still sees the old one.
    result = of(tables.run(TableName.FILTER, Hook.OUTPUT, skb));
    return result.accepted() ? of(tables.run(TableName.SECURITY, Hook.OUTPUT, skb)) : result;
  }

  Result postrouting(Skb skb, @Nullable Trace trace) {
    var result = of(tables(skb).run(TableName.MANGLE, Hook.POSTROUTING, skb));
    if (result.accepted()) {
      result = nat(Hook.POSTROUTING, Manip.SOURCE, skb, trace);
    }
    return result.accepted() ? confirm(skb) : result;
  }

  private void track(Skb skb, @Nullable Trace trace) {
    if (!kernel.conntrack().isActive()) {
      return;
    }
    kernel.conntrack().track(skb.packet(), skb.tracking());
    if (trace != null) {
      trace.add(tracked(skb));
    }
  }

  private Step tracked(Skb skb) {
    var tracking = skb.tracking();
    var entry = tracking.entry();
    String state;
    if (tracking.isUntracked()) {
      state = "UNTRACKED";
    } else if (entry == null) {
      state = "INVALID";
    } else {
      state =
          switch (tracking.info()) {
            case NEW -> "NEW";
            case ESTABLISHED, ESTABLISHED_REPLY -> "ESTABLISHED";
            case RELATED, RELATED_REPLY -> "RELATED";
          };
    }
    return new Step.Tracked(
        kernel.hostName(), state, tracking.info(), entry == null ? "" : entry.toString());
  }

  private Result confirm(Skb skb) {
    return kernel.conntrack().confirm(skb.tracking()) ? Result.ACCEPTED : Result.CONFLICT;
  }

  private Result nat(Hook hook, Manip manip, Skb skb, @Nullable Trace trace) {
    var tables = tables(skb);
    var tracking = skb.tracking();
    var entry = tracking.entry();
    if (entry == null || !tables.has(TableName.NAT)) {
      return Result.ACCEPTED;
    }
    var packet = skb.packet();
    if (tracking.info().isRelated() && packet.isIcmpError()) {
      var before = trace == null ? null : PacketSummary.of(packet);
      if (!Translation.applyToError(packet, tracking, manip)) {
        return Result.dropped(DropReason.IGNORED, "EPERM");
      }
      translated(trace, before, skb);
      return Result.ACCEPTED;
    }
    if (tracking.info() == CtInfo.NEW && !entry.isNatDone(manip)) {
      var verdict = tables.run(TableName.NAT, hook, skb);
      if (!(verdict instanceof Verdict.Accept)) {
        return of(verdict);
      }
      kernel.translation().setUpNothing(entry, manip);
    }
    var before = trace == null ? null : PacketSummary.of(packet);
    if (Translation.apply(packet, tracking, manip)) {
      translated(trace, before, skb);
    }
    return Result.ACCEPTED;
  }

  private void translated(@Nullable Trace trace, @Nullable PacketSummary before, Skb skb) {
    if (trace == null || before == null) {
      return;
    }
    var after = PacketSummary.of(skb.packet());
    if (!after.equals(before)) {
      trace.add(new Step.Translated(kernel.hostName(), before, after));
    }
  }
}
