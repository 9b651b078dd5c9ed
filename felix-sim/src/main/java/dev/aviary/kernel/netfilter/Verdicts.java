package dev.aviary.kernel.netfilter;

/** The verdicts without detail, made once. */
final class Verdicts {
  static final Verdict.Accept ACCEPT = new Verdict.Accept();
  static final Verdict.Drop DROP = new Verdict.Drop();

  private Verdicts() {}
}
