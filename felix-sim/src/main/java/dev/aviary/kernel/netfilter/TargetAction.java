package dev.aviary.kernel.netfilter;

import dev.aviary.kernel.conntrack.Manip;
import dev.aviary.kernel.conntrack.NatRange;
import org.jspecify.annotations.Nullable;

/** What targets other than jumps and returns do. */
final class TargetAction {
  private final Environment environment;

  TargetAction(Environment environment) {
    this.environment = environment;
  }

  /** The verdict, or null where the packet goes on to the next rule. */
  @Nullable Verdict run(Target target, Hook hook, Skb skb) {
    return switch (target) {
      case Target.None(), Target.Jump _, Target.Return() -> null;
      case Target.Unknown(var name, _) -> {
        skb.warn("target '" + name + "' is not known here: nothing is done");
        yield null;
      }
      case Target.Accept() -> Verdicts.ACCEPT;
      case Target.Drop() -> Verdicts.DROP;
      case Target.Reject(var with) -> new Verdict.Reject(with);
      case Target.SetMark(var value, var mask) -> {
        skb.setMark((skb.mark() & ~mask) ^ value);
        yield null;
      }
      case Target.ConnMark mark -> connMark(mark, skb);
      case Target.NoTrack _ -> {
        if (skb.tracking().entry() == null) {
          skb.tracking().setUntracked();
        }
        yield null;
      }
      case Target.Log(var prefix, _, var flags) -> {
        environment.log().accept(prefix + PacketLog.describe(skb, (flags & 3) != 0));
        yield null;
      }
      case Target.NfLog _ -> null;
      case Target.Trace() -> {
        skb.setTraced();
        yield null;
      }
      case Target.Dnat dnat ->
          translate(
              skb,
              Manip.DESTINATION,
              new NatRange(dnat.min(), dnat.max(), dnat.portMin(), dnat.portMax(), dnat.random()));
      case Target.Snat snat ->
          translate(
              skb,
              Manip.SOURCE,
              new NatRange(
                  snat.min(),
                  snat.max(),
                  snat.portMin(),
                  snat.portMax(),
                  snat.random() || snat.randomFully()));
      case Target.Masquerade(var low, var high, var random, var fully) -> {
        var address = environment.routing().masqueradeAddress(skb);
        yield address == null
            ? Verdicts.DROP
            : translate(
                skb, Manip.SOURCE, new NatRange(address, address, low, high, random || fully));
      }
      case Target.Redirect(var low, var high, var random) -> {
        var address = environment.routing().redirectAddress(skb);
        yield address == null
            ? Verdicts.DROP
            : translate(skb, Manip.DESTINATION, new NatRange(address, address, low, high, random));
      }
    };
  }

  private static @Nullable Verdict connMark(Target.ConnMark mark, Skb skb) {
    var entry = skb.tracking().entry();
    if (entry == null) {
      return null;
    }
    switch (mark.action()) {
      case SET -> entry.setMark((entry.mark() & ~mark.ctMask()) ^ mark.value());
      case SAVE -> entry.setMark((entry.mark() & ~mark.ctMask()) ^ (skb.mark() & mark.nfMask()));
      case RESTORE -> skb.setMark((skb.mark() & ~mark.nfMask()) ^ (entry.mark() & mark.ctMask()));
    }
    return null;
  }

  private Verdict translate(Skb skb, Manip manip, NatRange range) {
    var entry = skb.tracking().entry();
    if (entry != null) {
      environment.translation().setUp(entry, manip, range);
    }
    return Verdicts.ACCEPT;
  }
}
