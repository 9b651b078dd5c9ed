package dev.aviary.kernel.netfilter;

/** What a hook decided. */
public sealed interface Verdict {
  /** It goes on. */
  record Accept() implements Verdict {}

  /** It ends here, and nobody is told. */
  record Drop() implements Verdict {}

  /** It ends here, and the sender is told. */
  record Reject(Target.Reject.With with) implements Verdict {}
}
